import type { ChosenPresence } from '../../main/model/index.ts';
import type { NodeApi } from '../../preload/api.ts';

/**
 * The ways to speak to somebody. A page that is not heard passes, unless it is a kept page. `chosen call`: a call of a colleague whose
 * calls are answered automatically.
 */
export const WAYS = ['message', 'page', 'kept page', 'override', 'call', 'chosen call'] as const;
export type Way = (typeof WAYS)[number];

/** The delivery. `above it`: the present sound is softer meanwhile. */
export type Becoming =
  | 'plays'
  | 'plays above it'
  | 'plays, stays unheard'
  | 'queued, plays next'
  | 'notified'
  | 'not played, not kept'
  | 'rings'
  | 'answered by itself'
  | 'waits'
  | 'missed';

/** The circumstances of the person who is spoken to. */
export interface Circumstance {
  readonly presence?: ChosenPresence;
  /** The computer has had no input for minutes. */
  readonly isIdle?: true;
  readonly isLocked?: true;
  /** They allow overrides behind a locked screen, and while they are away. */
  readonly allowsOverrides?: true;
  /** `somebody`: another colleague speaks to them; `own`: they play a message. */
  readonly hears?: 'somebody' | 'own' | 'a call';
}

export interface Row {
  readonly when: string;
  readonly is: Circumstance;
  readonly becomes: Readonly<Record<Way, Becoming>>;
}

const SILENT = { message: 'notified', page: 'not played, not kept', 'kept page': 'notified' } as const;
const ALOUD = { message: 'plays', page: 'plays', 'kept page': 'plays', override: 'plays' } as const;
const UNHEARD = 'plays, stays unheard';

/** How speech to a person is delivered: a row for the circumstances, a column for each way to speak. */
export const WHAT_BECOMES_OF_IT: readonly Row[] = [
  { when: 'available', is: {}, becomes: { ...ALOUD, call: 'rings', 'chosen call': 'answered by itself' } },
  {
    when: 'available, and plays a message',
    is: { hears: 'own' },
    becomes: {
      ...{ message: 'queued, plays next', page: 'plays above it', 'kept page': 'plays above it' },
      ...{ override: 'plays above it', call: 'rings', 'chosen call': 'rings' },
    },
  },
  {
    when: 'busy by itself: listens to a colleague',
    is: { hears: 'somebody' },
    becomes: {
      ...{ message: 'queued, plays next', page: 'queued, plays next', 'kept page': 'queued, plays next' },
      ...{ override: 'plays above it', call: 'rings', 'chosen call': 'rings' },
    },
  },
  {
    when: 'busy by itself: in a call',
    is: { hears: 'a call' },
    becomes: {
      ...{ message: 'queued, plays next', page: 'queued, plays next', 'kept page': 'queued, plays next' },
      ...{ override: 'plays above it', call: 'waits', 'chosen call': 'waits' },
    },
  },
  {
    when: 'busy, chosen',
    is: { presence: 'busy' },
    becomes: { ...SILENT, override: 'plays', call: 'missed', 'chosen call': 'missed' },
  },
  {
    when: 'do not disturb, chosen',
    is: { presence: 'dnd' },
    becomes: { ...SILENT, override: 'plays', call: 'missed', 'chosen call': 'missed' },
  },
  {
    when: 'away by idle time, unlocked',
    is: { isIdle: true },
    becomes: {
      ...{ message: UNHEARD, page: UNHEARD, 'kept page': UNHEARD, override: UNHEARD },
      call: 'rings',
      'chosen call': 'rings',
    },
  },
  {
    when: 'locked screen',
    is: { isLocked: true },
    becomes: { ...SILENT, override: 'notified', call: 'notified', 'chosen call': 'notified' },
  },
  {
    when: 'locked screen, overrides allowed',
    is: { isLocked: true, allowsOverrides: true },
    becomes: { ...SILENT, override: UNHEARD, call: 'notified', 'chosen call': 'notified' },
  },
  {
    when: 'away, chosen',
    is: { presence: 'away' },
    becomes: { ...SILENT, override: 'notified', call: 'notified', 'chosen call': 'notified' },
  },
  {
    when: 'away, chosen, overrides allowed',
    is: { presence: 'away', allowsOverrides: true },
    becomes: { ...SILENT, override: 'plays', call: 'notified', 'chosen call': 'notified' },
  },
];

/** Nothing sounds there, nobody speaks to them, and nothing waits. */
export async function isQuietAt(node: Pick<NodeApi, 'call'>): Promise<boolean> {
  const { playing, calls, waiting } = await node.call('status');
  const isSpeaking = (await node.call('people')).some(({ speaking }) => speaking);
  return !playing && !isSpeaking && waiting.length === 0 && calls.every(({ state }) => state === 'ended');
}
