import type { MessageSummary } from '../preload/api.ts';

/** Whether a message came in, can be played, and was not heard. Nobody has missed yet what is being spoken, or sounds as it is spoken. */
export function isUnheard({ direction, heard, keyWanted, live, soundsLive }: MessageSummary): boolean {
  return direction === 'in' && !heard && keyWanted === null && !live && !soundsLive;
}

/**
 * Orders live messages first, then unheard ones, oldest first, in the order of listening; then the others, newest first. What is newest
 * goes by the order in which messages came.
 */
export function compareMessages(a: MessageSummary, b: MessageSummary): number {
  const rankA = rank(a);
  const byRank = rankA - rank(b);
  if (byRank !== 0) return byRank;
  const byTime = rankA === 1 ? a.place - b.place : b.place - a.place;
  return byTime || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function rank(message: MessageSummary): number {
  if (message.live) return 0;
  return isUnheard(message) ? 1 : 2;
}

/** The ordered list, with those of `others` that are not in it. */
export function together(
  list: readonly MessageSummary[],
  others: readonly MessageSummary[],
): readonly MessageSummary[] {
  const listed = new Set(list.map(({ id }) => id));
  const further = others.filter(({ id }) => !listed.has(id));
  return further.length === 0 ? list : [...list, ...further].sort(compareMessages);
}

/** The ordered list with this message in its place. `before`: the former version of the message, which is removed. */
export function placed(
  list: readonly MessageSummary[],
  message: MessageSummary,
  before: MessageSummary | undefined,
): readonly MessageSummary[] {
  const next = before ? without(list, before) : list.slice();
  next.splice(placeOf(next, message), 0, message);
  return next;
}

/** The ordered list without this message. */
export function without(list: readonly MessageSummary[], message: MessageSummary): MessageSummary[] {
  const next = list.slice();
  const at = placeOf(next, message);
  if (next[at]?.id === message.id) next.splice(at, 1);
  return next;
}

/** The index where it stands, or would stand, in the ordered list. */
function placeOf(list: readonly MessageSummary[], message: MessageSummary): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareMessages(list[middle]!, message) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
