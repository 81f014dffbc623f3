import type { MessageSummary, PlaybackStatus } from '../preload/api.ts';
import { dayOf, namesOf, timeOfDay } from './format.ts';
import { strings } from './strings/index.ts';

/** The proven outcome of a sent message, briefly: who heard it, otherwise where it is stored. A passing page is not stored. */
export function outcome(message: MessageSummary): string {
  const heard = message.recipients.filter(({ state }) => state === 'heard' || state === 'read');
  const [only] = heard;
  // Removed people do not count: nobody waits for them.
  const count = message.recipients.filter(({ state }) => state !== 'removed').length;
  if (message.page && !message.page.isKept) {
    const missed = message.recipients.filter(({ state }) => state === 'missed').length;
    return [heardOrRead(message, count), ...(missed > 0 ? [strings.recipientCount.missed(missed)] : [])].join(
      ', ',
    );
  }
  if (count === 1 && only) {
    const isRead = only.state === 'read';
    if (only.at === null) return strings.recipient[isRead ? 'read' : 'heard'];
    return (isRead ? strings.readAt : strings.heardAt)(timeOfDay(only.at));
  }
  const handedOn = message.recipients.find(({ state }) => state === 'handed-on');
  if (count === 1 && handedOn) return strings.handedTo(handedOn.handedTo ?? '');
  const end = endOf(message);
  if (heard.length > 0) return [heardOrRead(message, count), ...end].join(', ');
  if (end.length > 0) return end.join();
  if (count === 0 && message.recipients.length > 0) return strings.recipient.removed;
  return message.storedOn > 0 ? strings.storedOn(message.storedOn) : strings.onlyHere;
}

/** That it waits no longer, or when it will not: some recipients have been away for months. */
function endOf({ recipients, endsAt }: MessageSummary): readonly string[] {
  if (endsAt !== null) return [strings.waitsUntil(dayOf(endsAt))];
  return recipients.some(({ state }) => state === 'gone') ? [strings.recipient.gone] : [];
}

/** By how many it was heard, or read: words without a voice are read by some, and spoken by the computers of others. */
function heardOrRead({ recipients, words }: MessageSummary, count: number): string {
  const [heard, read] = (['heard', 'read'] as const).map(
    (wanted) => recipients.filter(({ state }) => state === wanted).length,
  ) as [number, number];
  const parts = [
    ...(heard > 0 ? [strings.heardBy(heard, count)] : []),
    ...(read > 0 ? [strings.readBy(read, count)] : []),
  ];
  if (parts.length > 0) return parts.join(', ');
  return (words?.isAlone ? strings.readBy : strings.heardBy)(0, count);
}

/** The note of a message besides its person and time, briefly; empty where there is none. */
export function noteOf(message: MessageSummary, playback: PlaybackStatus['state'] | undefined): string {
  const out = message.direction === 'out';
  if (playback === 'catching-up') return strings.catchingUp;
  if (message.live && out) return strings.recording;
  if (out) return message.isBrokenOff ? `${strings.brokenOff} · ${outcome(message)}` : outcome(message);
  const { meantFor, handedTo, forwardedFrom, others } = message;
  const meant = meantFor === null ? [] : [strings.meantFor(meantFor)];
  if (message.live) return [...meant, strings.speakingNow].join(' · ');
  if (message.isBrokenOff) return [...meant, strings.brokenOff].join(' · ');
  if (!message.complete) return strings.incomplete;
  if (handedTo !== null) return strings.handedTo(handedTo);
  if (message.page) return message.page.isUrgent ? strings.urgentPageNote : strings.pageNote;
  if (message.isOverride) return [...meant, strings.wasOverride].join(' · ');
  if (forwardedFrom !== null) return [...meant, strings.forwardedFrom(forwardedFrom)].join(' · ');
  // The group is already shown beside the name.
  const isSaid = message.group !== null || others.length === 0;
  return [...meant, ...(isSaid ? [] : [strings.alsoTo(namesOf(others))])].join(' · ');
}
