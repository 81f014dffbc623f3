import type { NodeId } from '../../model/index.ts';
import { count, type Counted } from './count.ts';
import { nodesNamed, type Entry } from './entry.ts';
import { contestOf, seniority, votesIn, type Contest } from './electorate.ts';

/** The decision: the statements that count, and the removals in force, in the order in which they came into force. */
export interface Decided {
  readonly counted: Counted;
  readonly inForce: readonly Entry[];
  /** Removals that threaten each other, on which nodes vote. */
  readonly contests: readonly Contest[];
}

/** Removals that would invalidate others, each with those others. */
type Threats = ReadonlyMap<Entry, ReadonlySet<Entry>>;

/** An evaluation yields after looking at this many removals, even if it computes nothing for them. */
const LOOKS_IN_A_PART = 16;

/**
 * Decides which removals are in force. A removal that none threatens is; only circles of removals that threaten each other are decided by
 * votes. Otherwise a dismissed founder could sign a backdated removal of everybody else. Yields between passes, where the caller may let
 * other work run.
 * @param ordered all statements held, in order, the charter first
 */
export function* decide(ordered: readonly Entry[]): Generator<undefined, Decided> {
  const inForce: Entry[] = [];
  const contests: Contest[] = [];
  for (;;) {
    const counted = count(ordered, inForce);
    yield;
    const round = new Round(ordered, inForce, counted);
    const open = yield* round.open();
    if (open.length === 0) return { counted, inForce, contests };
    const threats = yield* round.threatsAmong(open);
    const threatened = new Set([...threats.values()].flatMap((fallen) => [...fallen]));
    const free = open.filter((removal) => !threatened.has(removal));
    if (free.length > 0) {
      inForce.push(...free);
      continue;
    }
    const circle = circleOf(threats, counted);
    yield;
    contests.push(...circle.flatMap(({ contest }) => (contest.against.length > 0 ? [contest] : [])));
    inForce.push(strongest(circle));
  }
}

/** One round over all statements, with the removals that are in force so far. */
class Round {
  readonly #ordered: readonly Entry[];
  readonly #inForce: readonly Entry[];
  readonly #counted: Counted;

  constructor(ordered: readonly Entry[], inForce: readonly Entry[], counted: Counted) {
    this.#ordered = ordered;
    this.#inForce = inForce;
    this.#counted = counted;
  }

  /** The removals that count, are not in force yet, and are not lifted. */
  *open(): Generator<undefined, Entry[]> {
    const taken = new Set(this.#inForce);
    const restores = new Map<string, Entry[]>();
    for (const entry of this.#counted.counting) {
      if (entry.read.kind !== 'rule' || entry.read.rule.type !== 'restore') continue;
      const { removal } = entry.read.rule;
      restores.set(removal, [...(restores.get(removal) ?? []), entry]);
    }
    const open: Entry[] = [];
    for (const entry of this.#counted.counting) {
      if (nodesNamed(entry).length === 0 || taken.has(entry)) continue;
      const lifting = restores.get(entry.id);
      if (lifting && (yield* this.#isLifted(entry, lifting))) continue;
      open.push(entry);
    }
    return open;
  }

  /**
   * Whether the remover, or an admin senior to the remover, has taken the removal back. Who may do so is judged as if the removal were in
   * force; otherwise a dismissed founder could lift the dismissal, or make an admin who does.
   */
  *#isLifted(removal: Entry, restores: readonly Entry[]): Generator<undefined, boolean> {
    const seen = restores.filter((restore) => restore.past.has(removal.index));
    if (seen.length === 0) return false;
    const then = yield* this.#countWith(removal);
    return seen.some(
      (restore) =>
        then.has(restore) &&
        (restore.by === removal.by || seniority(restore.by, then) < seniority(removal.by, then)),
    );
  }

  /**
   * Which removals threaten which others: those that would not count any more with it in force. Of two by one author that threaten each
   * other only the first in order does, since there is nothing to vote on between them.
   */
  *threatsAmong(open: readonly Entry[]): Generator<undefined, Threats> {
    const threats = new Map<Entry, Set<Entry>>();
    const byAuthor = new Map<NodeId, Entry[]>();
    for (const entry of this.#counted.counting) {
      const signed = byAuthor.get(entry.by);
      if (signed) signed.push(entry);
      else byAuthor.set(entry.by, [entry]);
    }
    let looks = 0;
    for (const removal of open) {
      // If the remover had seen everything that the removed nodes signed, none of it is invalidated.
      const fells = nodesNamed(removal).some((node) =>
        (byAuthor.get(node) ?? []).some((entry) => entry !== removal && !removal.past.has(entry.index)),
      );
      if (!fells) {
        looks += 1;
        if (looks % LOOKS_IN_A_PART === 0) yield;
        continue;
      }
      const then = yield* this.#countWith(removal);
      const fallen = new Set<Entry>();
      for (const other of open) {
        if (other === removal || then.has(other)) continue;
        // An earlier removal by the same author threatens this one already, which would merely answer it.
        const isAnswer = other.by === removal.by && threats.get(other)?.has(removal) === true;
        if (!isAnswer) fallen.add(other);
      }
      if (fallen.size > 0) threats.set(removal, fallen);
    }
    return threats;
  }

  /** What would count if this removal were in force too. Not cached, since a hostile admin may sign hundreds. */
  *#countWith(removal: Entry): Generator<undefined, Counted> {
    const then = count(this.#ordered, [...this.#inForce, removal]);
    yield;
    return then;
  }
}

interface Candidate {
  readonly removal: Entry;
  readonly contest: Contest;
  readonly seniority: number;
  /** Its place in the order. */
  readonly position: number;
}

/** The removals that threaten another one. */
function circleOf(threats: Threats, counted: Counted): Candidate[] {
  const against = new Map<Entry, Entry[]>([...threats.keys()].map((removal) => [removal, []]));
  for (const [removal, fallen] of threats) {
    for (const other of fallen) if (other.by !== removal.by) against.get(other)?.push(removal);
  }
  const votes = votesIn(counted);
  const position = new Map(counted.counting.map((entry, at) => [entry, at]));
  return [...against].map(([removal, others]) => ({
    removal,
    contest: contestOf(removal, others, votes, counted),
    seniority: seniority(removal.by, counted),
    position: position.get(removal) ?? 0,
  }));
}

/** The removal with the most votes; of equal ones that of the most senior author, then the first in order. */
function strongest(circle: readonly Candidate[]): Entry {
  const [first] = [...circle].sort(
    (a, b) =>
      b.contest.voters.size - a.contest.voters.size || a.seniority - b.seniority || a.position - b.position,
  );
  if (!first) throw new Error('no removal threatens another');
  return first.removal;
}
