import type { MessageSummary, ColleaguePresence } from '../../preload/api.ts';
import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { dayText, twoDigits } from '../model/index.ts';

/** What a dialled string does, as a sentence. Pure. */

const AND_THEN: Record<ColleaguePresence, string> = {
  available: 'who is available',
  busy: 'who is busy and will be notified',
  dnd: 'who does not want to be disturbed and finds your message later',
  away: 'who is away and will be notified',
  offline: 'whose computer is off; your message waits',
};

export function describePerson(name: string, extension: string, presence: ColleaguePresence): LocalizedText {
  const sentence = `Talks to ${name} (${extension}), ${AND_THEN[presence]}.`;
  return localizedText('dial-person', sentence, { name, extension, presence });
}

/** A person whose messages somebody else gets instead. */
export function describeDiverted(
  from: { readonly name: string; readonly extension: string },
  to: { readonly name: string; readonly extension: string },
  presence: ColleaguePresence,
): LocalizedText {
  const { name, extension } = to;
  const sentence = `${from.name} → ${name}. In place of ${from.name} (${from.extension}) it talks to ${name} (${extension}), ${AND_THEN[presence]}.`;
  return localizedText('dial-diverted', sentence, {
    ...{ from: from.name, fromExtension: from.extension, name, extension, presence },
  });
}

/** Several people at once, each with their name. */
export function describePeople(people: readonly string[]): LocalizedText {
  const names = people.join(', ');
  return localizedText('dial-people', `Talks to ${names}.`, { names });
}

/** A group. `count`: people besides this one. */
export function describeGroup(
  name: string,
  extension: string,
  count: number,
  isQuiet: boolean,
): LocalizedText {
  if (isQuiet) {
    const sentence = `Talks to the mailboxes of everybody in ${name} (${extension}). Nothing sounds there by itself.`;
    return localizedText('dial-group-mailbox', sentence, { name, extension });
  }
  const people = count === 1 ? '1 person' : `${count} people`;
  const sentence = `Talks to everybody in ${name} (${extension}): ${people}.`;
  return localizedText('dial-group', sentence, { name, extension, count });
}

/** A group, and how many people it has besides this one. */
export function describePagedGroup(name: string, extension: string, count: number): LocalizedText {
  const whom = count === 1 ? 'the one person' : `all ${count}`;
  const sentence = `Pages ${whom} in ${name} (${extension}) while you hold the key.`;
  return localizedText('dial-page-group', sentence, { name, extension, count });
}

/** Everybody, and how many they are. */
export function describePage(count: number): LocalizedText {
  const whom = count === 1 ? 'the one colleague' : `all ${count} colleagues`;
  return localizedText('dial-page', `Pages ${whom} while you hold the key.`, { count });
}

export function describeMailbox(name: string, extension: string): LocalizedText {
  const sentence = `Talks to the mailbox of ${name} (${extension}). Nothing sounds there by itself.`;
  return localizedText('dial-mailbox', sentence, { name, extension });
}

export function describeType(name: string, extension: string): LocalizedText {
  const sentence = `Types to ${name} (${extension}): what you type is spoken there, and can be read.`;
  return localizedText('dial-type', sentence, { name, extension });
}

export function describeOverride(name: string, extension: string): LocalizedText {
  const sentence = `Talks to ${name} (${extension}), also where they do not want to be disturbed. It asks before.`;
  return localizedText('dial-override', sentence, { name, extension });
}

export function describeCall(name: string, extension: string): LocalizedText {
  return localizedText('dial-call', `Calls ${name} (${extension}).`, { name, extension });
}

export function describePickUp(): LocalizedText {
  return localizedText('dial-pick-up', 'Takes the call that rings at a colleague of your groups.');
}

export function describeUnheard(count: number): LocalizedText {
  const sentence =
    count === 1 ? 'Plays the one message that is unheard.' : `Plays the ${count} messages that are unheard.`;
  return localizedText('dial-unheard', sentence, { count });
}

export function describeLastWords(): LocalizedText {
  return localizedText('dial-last-words', 'Plays the last 30 seconds that you heard, again.');
}

export function describeDoNotDisturb(isOn: boolean): LocalizedText {
  const sentence = isOn
    ? 'Nobody disturbs you from then on: messages wait.'
    : 'You can be disturbed again from then on.';
  return localizedText('dial-do-not-disturb', sentence, { isOn });
}

/** undefined: nobody gets this person's messages instead any more. */
export function describeDivert(
  target: { readonly name: string; readonly extension: string } | undefined,
): LocalizedText {
  const to = target ? `${target.name} (${target.extension})` : null;
  const sentence =
    to === null
      ? 'What is said to you reaches you again from then on.'
      : `What is said to you goes to ${to} from then on.`;
  return localizedText('dial-divert', sentence, { to });
}

/** Who spoke or typed the message, when, and how long it is. `now`: ms since the epoch. */
export function describeSpoken(message: MessageSummary, now: number): LocalizedText {
  const { number, direction, name, extension, startedAt, durationMs, live, words } = message;
  const whose = direction === 'in' ? `from ${name} (${extension})` : `of yours to ${name} (${extension})`;
  const seconds = words?.isAlone ? null : Math.max(1, Math.round(durationMs / 1000));
  const what = seconds === null ? 'Reads out' : 'Plays';
  const length = seconds === null ? '' : live ? ', still being spoken' : `, ${seconds} s long`;
  const { day, time } = when(startedAt, now);
  const sentence = `${what} message #${number} ${whose}, ${day ?? 'today'} at ${time}${length}.`;
  return localizedText('dial-spoken', sentence, {
    number,
    direction,
    name,
    extension,
    day,
    time,
    seconds,
    live,
  });
}

/** The time as `10:42`, and the day as `2026-03-09`, null where it was today. By the computer's own clock. */
function when(at: number, now: number): { day: string | null; time: string } {
  const time = new Date(at);
  const isToday = dayText(at) === dayText(now);
  return {
    day: isToday ? null : dayText(at),
    time: `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}`,
  };
}
