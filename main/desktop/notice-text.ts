import type { TranscriptStatus } from '../../preload/api.ts';
import { lengthText } from './length-text.ts';
import type { NoticeText } from './notifier.ts';
import { shortened } from './shortened.ts';
import type { Strings } from './strings.ts';
import { pageText } from './tray-state.ts';
import type { Waiting } from './waiting-notices.ts';

/** What a notification says of a message that waits. Pure. */

/** What an engine understood of a message. */
export function said(transcript: TranscriptStatus | null): Pick<Waiting, 'understood' | 'isUnsure'> {
  const { text = null, isUnsure = false } = transcript ?? {};
  return { understood: text === '' ? null : text, isUnsure };
}

/** Who, and nothing of what they said. */
export function lockedText({ name }: Waiting, { messageWaits }: Strings): Pick<NoticeText, 'title' | 'body'> {
  return { title: name, body: messageWaits };
}

/** Who, and the first words of what they typed or said. */
export function noticeText(message: Waiting, strings: Strings): Pick<NoticeText, 'title' | 'body'> {
  const { meantFor, isOverride } = message;
  const what = firstWords(message, strings);
  const whom = meantFor === null ? what : strings.isMeantFor(meantFor, what);
  return { title: noticeTitle(message, strings), body: isOverride ? strings.isUrgent(whom) : whom };
}

function firstWords({ words, understood, isUnsure }: Waiting, strings: Strings): string {
  if (words !== null) return strings.quoted(shortened(words));
  if (understood === null) return strings.clickToHear;
  const quoted = strings.quoted(shortened(understood));
  return isUnsure ? strings.perhapsSaid(quoted) : quoted;
}

/** Who talks, or pages, how long it is once it has ended, and by which number it is found. */
function noticeTitle(message: Waiting, strings: Strings): string {
  const { name, extension, group, number, page, durationMs, isAlone } = message;
  const hasEnded = durationMs !== null && !isAlone;
  if (page && hasEnded)
    return strings.withNumber(strings.hasPaged(name, extension, group, lengthText(durationMs)), number);
  if (page) return strings.withNumber(pageText({ name, extension, group, ...page }, strings), number);
  if (isAlone) return strings.withNumber(strings.hasTyped(name, extension, group), number);
  if (durationMs !== null)
    return strings.withNumber(strings.hasLeft(name, extension, group, lengthText(durationMs)), number);
  if (group === null) return strings.isTalking(name, extension, number);
  return strings.isTalkingTo(name, group, number);
}
