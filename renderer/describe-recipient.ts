import type { ColleaguePresence, RecipientStatus } from '../preload/api.ts';
import { strings } from './strings/index.ts';

/** Describes a recipient's state: never more than their node reported or their receipt proves. */
export function describeRecipient(
  { state, handedTo, waitsFor, isNotified, isPart }: RecipientStatus,
  presence: ColleaguePresence,
): string {
  if (state === 'waiting') return strings.recipientWaiting[presence];
  if (state === 'handed-on') return strings.recipientHandedOn(handedTo ?? '');
  if (state === 'notified') return strings.recipientNotified[presence];
  if (state === 'received' && isNotified && presence !== 'dnd') return strings.recipientHasAndNotified;
  if (isPart) return strings.recipientHeardPart;
  if (state === 'missed') return strings.recipientMissed[presence];
  if (state === 'queued' && waitsFor) {
    const says = strings.recipientWaitsFor;
    return waitsFor.kind === 'voice' ? says.voice(waitsFor.name) : says[waitsFor.kind];
  }
  return strings.recipient[state];
}

/** Several recipients in one line: "5 hear you, 2 notified, 1 do not disturb". */
export function describeRecipients(
  recipients: readonly RecipientStatus[],
  presenceOf: (id: string) => ColleaguePresence,
): string {
  const counts = new Map<keyof typeof strings.recipientCount, number>();
  for (const { id, state } of recipients) {
    const kind = kindOf(state, presenceOf(id));
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const kinds = Object.keys(strings.recipientCount) as (keyof typeof strings.recipientCount)[];
  return kinds
    .flatMap((kind) => {
      const count = counts.get(kind);
      return count === undefined ? [] : [strings.recipientCount[kind](count)];
    })
    .join(', ');
}

/** The group in which a recipient is counted: for those who do not hear it, the reason. */
function kindOf(
  state: RecipientStatus['state'],
  presence: ColleaguePresence,
): keyof typeof strings.recipientCount {
  if (state === 'notified' && presence === 'dnd') return 'dnd';
  const isChosen = presence === 'dnd' || presence === 'busy' || presence === 'away';
  return state === 'missed' && isChosen ? presence : state;
}
