import type { NodeId } from '../../model/index.ts';
import type { Counted } from './count.ts';
import type { Decided } from './decide.ts';
import { keysOf, type Entry } from './entry.ts';
import { MAX_IDLE } from './limits.ts';
import { Past } from './past.ts';

/**
 * Statements that are held for nothing, where there are more of those than are kept: they do not count, and lie in the past of
 * none that counts. A key that is out may admit others, which admit others, each with seats of its own (`Seats`). So they are
 * charged to the member at whose key this began, and those who have most lose what is last in order.
 * What is dropped may count one day, such as by a `restore`. Whoever holds it then sends it, since the digests differ.
 * @param ordered all statements held, in order
 * @param judged those that entered before so many others are judged; what came since, and its past, stays
 * @returns those to drop, each before what it names
 */
export function surplusIn(
  ordered: readonly Entry[],
  decided: Decided,
  judged: number,
  most = MAX_IDLE,
): readonly Entry[] {
  // Looking at all pasts costs: mostly there is nothing to look for.
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

/** What counts, what is or was contested, what is not judged yet, and the pasts of all of it. */
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

/** Of each key: itself, where it is or was a member's; otherwise the account of whoever admitted it first. */
function accountsIn(ordered: readonly Entry[], { members }: Counted): (key: NodeId) => NodeId {
  const admittedBy = new Map<NodeId, NodeId>();
  for (const { by, read } of ordered) {
    for (const [key] of keysOf(read)) if (!admittedBy.has(key)) admittedBy.set(key, by);
  }
  // It ends: whoever admitted a key first was itself admitted in the past of that.
  const accountOf = (key: NodeId): NodeId => {
    const by = admittedBy.get(key);
    return members.has(key) || by === undefined || by === key ? key : accountOf(by);
  };
  return accountOf;
}

/** How much each may keep, so that all together keep no more than `most`. */
function shareOf(sizes: readonly number[], most: number): number {
  let [left, of] = [most, sizes.length];
  for (const size of [...sizes].sort((a, b) => a - b)) {
    if (size * of > left) break;
    left -= size;
    of -= 1;
  }
  return of === 0 ? most : Math.floor(left / of);
}
