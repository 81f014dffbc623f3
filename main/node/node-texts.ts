import { firstLanguage } from '../../i18n/index.ts';
import { nodeTexts, type NodeTexts } from '../../i18n/node-texts.ts';
import type { ProfileSettings } from './profile-fields.ts';

/** What the node itself writes, in the person's language: the chosen one, otherwise the system's. */
export function textsFor({ language }: Pick<ProfileSettings, 'language'>): Promise<NodeTexts> {
  const { locale } = Intl.DateTimeFormat().resolvedOptions();
  return nodeTexts(language ?? firstLanguage([locale]));
}
