import type { CallStatus, MissedCall, Status } from '../../preload/api.ts';

/** Changes of a status that call for a notification. A field that is left out has not changed. */
interface CallNews {
  /** The call that rings now; null: none any more. */
  readonly rings?: CallStatus | null;
  /** Whose call was answered here by itself, and goes on; null: it is over. */
  readonly isOn?: CallStatus | null;
  /** Who records a call with this person; null: nobody any more. */
  readonly isRecorded?: CallStatus | null;
  /** A new missed call; null: the person has seen the list. */
  readonly missed?: MissedCall | null;
}

/** Compares two statuses of the node. Pure. */
export function callNews(before: Status, after: Status): CallNews {
  const [rang, rings] = [ringing(before), ringing(after)];
  const [wasRecorded, isRecorded] = [recordedByThem(before), recordedByThem(after)];
  const [wasOn, isOn] = [answeredByItself(before), answeredByItself(after)];
  const [last] = after.missedCalls;
  const isNew = last !== undefined && last.at > (before.missedCalls[0]?.at ?? 0);
  const isSeen = last === undefined && before.missedCalls.length > 0;
  return {
    ...(isSame(rang, rings) ? {} : { rings: rings ?? null }),
    ...(wasOn?.id === isOn?.id ? {} : { isOn: isOn ?? null }),
    ...(wasRecorded?.id === isRecorded?.id ? {} : { isRecorded: isRecorded ?? null }),
    ...(isNew ? { missed: last } : isSeen ? { missed: null } : {}),
  };
}

/** The name of the person who puts the caller through may become known a moment after it rings. */
function isSame(before: CallStatus | undefined, after: CallStatus | undefined): boolean {
  return before?.id === after?.id && before?.putThroughBy?.person === after?.putThroughBy?.person;
}

function ringing({ calls }: Status): CallStatus | undefined {
  return calls.find(({ isIncoming }) => isIncoming);
}

function answeredByItself({ calls }: Status): CallStatus | undefined {
  return calls.find(
    ({ direction, state, isAutomatic }) => direction === 'in' && state === 'active' && isAutomatic,
  );
}

function recordedByThem({ calls }: Status): CallStatus | undefined {
  return calls.find(({ isRecordedByThem }) => isRecordedByThem);
}
