import type { MessageSummary, PresenceShown } from '../../preload/api.ts';

/** What a dialled string does, in words. Pure. */

const AND_THEN: Record<PresenceShown, string> = {
  available: 'who is available',
  busy: 'who is busy and will be notified',
  dnd: 'who does not want to be disturbed and finds your message later',
  away: 'who is away and will be notified',
  offline: 'whose computer is off; your message waits',
};

export function describePerson(name: string, extension: string, presence: PresenceShown): string {
  return `Talks to ${name} (${extension}), ${AND_THEN[presence]}.`;
}

/** Whose message it is, when it was spoken, and how long it is. `now`: ms since the epoch. */
export function describeSpoken(message: MessageSummary, now: number): string {
  const { number, direction, name, extension, startedAt, durationMs, live } = message;
  const whose = direction === 'in' ? `from ${name} (${extension})` : `of yours to ${name} (${extension})`;
  const length = live ? 'still being spoken' : `${Math.max(1, Math.round(durationMs / 1000))} s long`;
  return `Plays message #${number} ${whose}, ${when(startedAt, now)}, ${length}.`;
}

/** `10:42`, with the date where it was not today. By the computer's own clock. */
export function when(at: number, now: number): string {
  const time = new Date(at);
  const pad = (part: number): string => String(part).padStart(2, '0');
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}`;
  if (time.toDateString() === new Date(now).toDateString()) return `today at ${clock}`;
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} at ${clock}`;
}
