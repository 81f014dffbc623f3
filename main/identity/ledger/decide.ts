import type { NodeId } from '../../model/index.ts';
import { count, type Counted } from './count.ts';
import { nodesNamed, type Entry } from './entry.ts';
import { contestOf, seniority, votesIn, type Contest } from './electorate.ts';

/** What holds: the statements that count, and the removals in force, in the order in which they were taken up. */
export interface Decided {
  readonly counted: Counted;
  readonly inForce: readonly Entry[];
  /** Removals that threaten each other: what nodes vote on. */
  readonly contests: readonly Contest[];
}

/** Removals that make others fall, each with those that fall. */
type Threats = ReadonlyMap<Entry, ReadonlySet<Entry>>;

/** Removals at which an evaluation looks before it lets others run, where looking is all that it does. */
const LOOKS_IN_A_PART = 16;

/**
 * Which removals are in force. A removal that nothing threatens stands; only circles of removals are put to the vote, since
 * otherwise a dismissed founder signs a backdated removal of everybody else. Yields between passes: the caller may rest there.
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

/** One look at all statements, with the removals that are in force by now. */
class Round {
  readonly #ordered: readonly Entry[];
  readonly #inForce: readonly Entry[];
  readonly #counted: Counted;

  constructor(ordered: readonly Entry[], inForce: readonly Entry[], counted: Counted) {
    this.#ordered = ordered;
    this.#inForce = inForce;
    this.#counted = counted;
  }

  /** The removals that count, are not in force and are not lifted. */
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
   * Whether the remover, or an admin senior to the remover, took the removal back. Who may do so is judged as if the removal were
   * in force: otherwise a founder who was dismissed would lift the dismissal, or have it lifted by an admin made for that.
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
   * A removal threatens another where the other no longer counts once it is in force. Of two by one author that would make each
   * other fall, the first in order threatens alone: nobody contradicts themselves, and there is nothing to vote on.
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
      // Where the remover had seen all that its nodes signed, nothing of theirs falls.
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
        // In order: an earlier one is done, and this one would only answer it.
        const isAnswer = other.by === removal.by && threats.get(other)?.has(removal) === true;
        if (!isAnswer) fallen.add(other);
      }
      if (fallen.size > 0) threats.set(removal, fallen);
    }
    return threats;
  }

  /** What would count if this removal were in force too. Not kept: a hostile admin may sign hundreds. */
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
  /** In order. */
  readonly position: number;
}

/** The removals that threaten another. */
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

/** The removal that most saw first, else the most senior author's, else the first in order. */
function strongest(circle: readonly Candidate[]): Entry {
  const [first] = [...circle].sort(
    (a, b) =>
      b.contest.voters.size - a.contest.voters.size || a.seniority - b.seniority || a.position - b.position,
  );
  if (!first) throw new Error('no removal threatens another');
  return first.removal;
}
