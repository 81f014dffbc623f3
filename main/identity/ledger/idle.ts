import type { NodeId } from '../../model/index.ts';
import type { Counted } from './count.ts';
import type { Decided } from './decide.ts';
import { keysOf, type Entry } from './entry.ts';
import { MAX_IDLE } from './limits.ts';
import { Past } from './past.ts';

/**
 * Idle statements beyond the number that is kept: they do not count, and no counting one has them in its past. A removed key may admit
 * others, which admit others, each with seats of its own (`Seats`). So idle statements are charged to the member at whose key such a
 * chain began, and the accounts with most lose those that are last in order.
 * A dropped statement may count one day, for instance after a `restore`. A node that holds it then sends it, since the digests differ.
 * @param ordered all statements held, in order
 * @param judged only the first this many that entered can be dropped; later ones, and their pasts, stay
 * @returns the statements to drop, each before those that it names
 */
export function surplusIn(
  ordered: readonly Entry[],
  decided: Decided,
  judged: number,
  most = MAX_IDLE,
): readonly Entry[] {
  // Looking at all pasts is expensive, and usually nothing has to be dropped.
  if (ordered.length - decided.counted.counting.length <= most) return [];
  const isNeeded = neededIn(ordered, decided, judged);
  const idle = ordered.filter((entry) => !isNeeded(entry));
  if (idle.length <= most) return [];
  const byAccount = new Map<NodeId, Entry[]>();
  const accountOf = accountsIn(ordered, decided.counted);
  for (const entry of idle) {
    const account = accountOf(entry.by);
    const charged = byAccount.get(account);
    if (charged) charged.push(entry);
    else byAccount.set(account, [entry]);
  }
  const share = shareOf(
    [...byAccount.values()].map(({ length }) => length),
    most,
  );
  const dropped = new Set([...byAccount.values()].flatMap((entries) => entries.slice(share)));
  const places = [...dropped].map(({ index }) => index);
  return idle.filter((entry) => dropped.has(entry) || entry.past.hasAny(places)).reverse();
}

/** The statements that count, are or were contested, or are not judged yet, and the pasts of all of these. */
function neededIn(
  ordered: readonly Entry[],
  { counted, inForce, contests }: Decided,
  judged: number,
): (entry: Entry) => boolean {
  const contested = new Set(contests.flatMap(({ id, against }) => [id, ...against]));
  const removals = new Set(inForce);
  const past = new Past(ordered.reduce((size, { index }) => Math.max(size, index + 1), 0));
  for (const entry of ordered) {
    const isNeeded =
      counted.has(entry) || removals.has(entry) || contested.has(entry.id) || entry.serial >= judged;
    if (!isNeeded) continue;
    past.add(entry.index);
    past.addAll(entry.past);
  }
  return ({ index }) => past.has(index);
}

/** The account of each key: the key itself if it is or was a member's, otherwise the account of the key that admitted it first. */
function accountsIn(ordered: readonly Entry[], { members }: Counted): (key: NodeId) => NodeId {
  const admittedBy = new Map<NodeId, NodeId>();
  for (const { by, read } of ordered) {
    for (const [key] of keysOf(read)) if (!admittedBy.has(key)) admittedBy.set(key, by);
  }
  // The recursion ends, because the key that admitted another was itself admitted before that.
  const accountOf = (key: NodeId): NodeId => {
    const by = admittedBy.get(key);
    return members.has(key) || by === undefined || by === key ? key : accountOf(by);
  };
  return accountOf;
}

/** The number that each account may keep, so that all together keep at most `most`. */
function shareOf(sizes: readonly number[], most: number): number {
  let [left, of] = [most, sizes.length];
  for (const size of [...sizes].sort((a, b) => a - b)) {
    if (size * of > left) break;
    left -= size;
    of -= 1;
  }
  return of === 0 ? most : Math.floor(left / of);
}
