import { desktop } from './desktop.ts';

const ALL = [
  { name: 'you', icon: 'person' },
  { name: 'sound', icon: 'sound' },
  { name: 'keys', icon: 'keys' },
  { name: 'notifications', icon: 'bell' },
  { name: 'office', icon: 'office' },
  { name: 'storage', icon: 'storage' },
  { name: 'general', icon: 'general' },
  { name: 'health', icon: 'health' },
] as const;

export type SectionName = (typeof ALL)[number]['name'];

/** Sections for the desktop alone, since a browser has no keys and no notifications of its own. */
const OF_A_DESKTOP: readonly SectionName[] = ['keys', 'notifications'];

/** The sections of the settings, in their order, each with its icon. */
export const SECTIONS = ALL.filter(({ name }) => desktop !== undefined || !OF_A_DESKTOP.includes(name));

/** Turns a setting on or off. Resolves with false if that was refused. */
export type Turn = (isOn: boolean) => Promise<boolean>;
