import { localizedText, type NoKeys, type LocalizedText } from '../../i18n/index.ts';

/** The sentences for troubles of the desktop. */

const INSTEAD =
  'Hold a person’s button in the panel, or bind `corridor talk press` and `corridor talk release` in the desktop’s own shortcuts.';
const WHY: Readonly<Record<NoKeys, string>> = {
  wayland: 'This desktop (Wayland) does not let Corridor see a key that is held.',
  'no-display': 'There is no X display, so keys cannot be seen.',
  accessibility: 'macOS does not let Corridor see a key that is held yet.',
  refused: 'This system does not let Corridor see a key that is held.',
};
const ALLOW =
  'allow it under System Settings, Privacy & Security, Accessibility, and click this panel again.';

export const PANEL_LOADED = localizedText(
  'panel-loaded',
  'The panel stopped and was loaded again. Nothing is lost.',
);
export const PANEL_GAVE_UP = localizedText(
  'panel-gave-up',
  'The panel stopped several times and was closed. Talking and messages go on; open it again from the tray.',
);

export function keysUnseen(why: NoKeys): LocalizedText {
  const next = why === 'accessibility' ? `To talk by keys, ${ALLOW}` : INSTEAD;
  return localizedText('keys-unseen', `${WHY[why]} ${next}`, { why });
}

export function keysToggle(why: NoKeys, keys: readonly string[]): LocalizedText {
  const sentence =
    `${WHY[why]} Press ${keys.join(', ')} once to talk and once more to end.` +
    (why === 'accessibility' ? ` To hold them, ${ALLOW}` : '');
  return localizedText('keys-toggle', sentence, { why, keys });
}

export function keysUnknown(keys: readonly string[]): LocalizedText {
  const sentence = `${keys.join(', ')}: not known as a key here. Choose another one in the settings; the other keys work.`;
  return localizedText('keys-unknown', sentence, { keys });
}

/** The trouble of keys that have another use, or that another program has. Undefined: there is none. */
export function keyConflict(
  twice: readonly string[],
  { shared = [], taken = [] }: { readonly shared?: readonly string[]; readonly taken?: readonly string[] },
): LocalizedText | undefined {
  const sentences = twice.map(
    (key) => `${key} is chosen for two things and does only the first. Choose another one in the settings.`,
  );
  if (shared.length > 0) {
    sentences.push(
      `${shared.join(', ')}: another program uses this key too, and both act on it. Choose another one in the settings if that disturbs.`,
    );
  }
  if (taken.length > 0) {
    sentences.push(
      `${taken.join(', ')}: another program has taken this key, so it does nothing here. Choose another one in the settings.`,
    );
  }
  if (sentences.length === 0) return undefined;
  return localizedText('key-conflict', sentences.join(' '), { twice, shared, taken });
}

export function loginFailed(why: string): LocalizedText {
  const sentence = 'Corridor cannot be started at login: its entry there cannot be written';
  return localizedText('login-failed', `${sentence} (${why}). Everything else works.`, { why });
}
