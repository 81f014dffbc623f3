import { localizedText } from '../../i18n/index.ts';

/** What a person is told of a talk that ended by itself. */
export const NOBODY_LEFT = localizedText(
  'talk-nobody-left',
  'The person you were talking to was removed from the office. Nobody hears what you say now.',
);
export const CLICKED = localizedText('talk-clicked', 'Hold it down while you talk. Nothing was sent.');
export const NO_SOUND = localizedText('talk-silent', 'Your microphone gives no sound. Is it muted?');
export const INTERRUPTED = localizedText(
  'talk-cut',
  'The sound stopped working for a moment. What you said until then was sent.',
);
