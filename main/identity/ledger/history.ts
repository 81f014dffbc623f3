import { isSignedBy, type NodeId, type Signed } from '../../model/index.ts';
import { adminsIn, keysOf, type Entry } from './entry.ts';
import { Past } from './past.ts';
import { inOrder, Seats, SEATS, type SeatCounts } from './seats.ts';
import {
  afterOf,
  authorOf,
  readLedgerStatement,
  statementIdOf,
  type OfficeId,
  type StatementId,
} from './statement.ts';
import { WaitingRoom, type Waiting } from './waiting-room.ts';

/** The result of adding a statement. `waiting`: its past is not complete here. `left-out`: it has no seat. */
export type Intake = 'added' | 'known' | 'waiting' | 'left-out' | 'refused';

/**
 * The statements of one office that are held, whether they count or not: a set that does not depend on the order of arrival.
 *
 * One key must not be able to fill colleagues' computers with statements. The first statements of each author in order have a seat, as
 * many as can count. A statement is held if it has a seat, or lies in the past of one that has. So a statement stays as long as a held
 * one of a colleague names it, and nodes that received the same statements hold the same ones. Proof: let H(U) be what is held of a set
 * U. The place of a statement follows from its past alone, so one with a seat in U has it in every part of U that contains it. Therefore
 * H(H(A) ∪ H(B)) has the seats of A ∪ B, and their pasts, and equals H(A ∪ B).
 * A statement that left may be needed again, in the past of one with a seat. Then it is asked for.
 * Of statements that do not count only a bounded part is held (`surplusIn`), which may differ between nodes where there are more.
 */
export class History {
  readonly #office: OfficeId;
  readonly #byId = new Map<StatementId, Entry>();
  readonly #seats: Seats<Entry>;
  /** How many held statements name each one. */
  readonly #named = new Map<StatementId, number>();
  readonly #waiting = new WaitingRoom();
  /** Signing keys (SPKI), with the statements that introduce them. */
  readonly #keys = new Map<NodeId, { readonly key: Uint8Array; readonly saidBy: Set<number> }>();
  /** The statements that may make each node an admin. */
  readonly #grants = new Map<NodeId, Set<number>>();
  readonly #freePlaces: number[] = [];
  #entered = 0;
  #revision = 0;
  #ordered: readonly Entry[] | undefined;

  constructor(office: OfficeId, seats: SeatCounts = SEATS) {
    this.#office = office;
    this.#seats = new Seats(seats);
  }

  get size(): number {
    return this.#byId.size;
  }

  /** The number of statements that have entered, including those that have left again. */
  get entered(): number {
    return this.#entered;
  }

  /** Rises with each change of the held set. */
  get revision(): number {
    return this.#revision;
  }

  get(id: StatementId): Entry | undefined {
    return this.#byId.get(id);
  }

  /** The held statements that entered after the first `entered` ones, in the order of entering. */
  since(entered: number): readonly Entry[] {
    return [...this.#byId.values()].filter(({ serial }) => serial >= entered);
  }

  /** Ordered by the length of the longest path to the charter, then by id: the same at nodes that hold the same statements. */
  get ordered(): readonly Entry[] {
    this.#ordered ??= [...this.#byId.values()].sort(inOrder);
    return this.#ordered;
  }

  /** Ids that waiting statements name, and that are neither held nor waiting themselves. */
  get missing(): StatementId[] {
    return this.#waiting.missing(this.#isHeld);
  }

  add(signed: Signed): Intake {
    const id = statementIdOf(signed);
    if (this.#byId.has(id)) return 'known';
    const read = readLedgerStatement(signed, this.#office);
    if (!read) return 'refused';
    const one = { id, signed, read };
    if (!afterOf(read).every(this.#isHeld)) this.#waiting.add(one);
    else {
      const intake = this.#enter(one);
      if (intake === 'refused') return intake;
      if (intake === 'left-out') this.#waiting.add(one, { isLeftOut: true });
    }
    this.#retry();
    if (this.#byId.has(id)) return 'added';
    if (!this.#waiting.has(one)) return 'refused';
    return this.#waiting.isLeftOut(one) ? 'left-out' : 'waiting';
  }

  /** Drops statements that no other names, or only ones that come earlier in the list. */
  drop(entries: readonly Entry[]): void {
    for (const entry of entries) if (!this.#named.has(entry.id)) this.#leave(entry);
  }

  readonly #isHeld = (id: StatementId): boolean => this.#byId.has(id);

  /** Enters waiting statements whose past is complete now. */
  #retry(): void {
    let isChanged = true;
    while (isChanged) {
      isChanged = false;
      for (const one of this.#waiting.unsettled) {
        if (!this.#waiting.isWithinReach(one, this.#isHeld)) continue;
        this.#waiting.delete(one);
        if (!this.#byId.has(one.id)) this.#enterWithPast(one);
        isChanged = true;
      }
    }
  }

  /** Enters a statement after the ones of its past that have no seat. They stay if it has one. */
  #enterWithPast(one: Waiting): void {
    const lent: Waiting[] = [];
    const isPastSound = this.#lendPast(one, lent);
    const intake = isPastSound ? this.#enter(one) : 'refused';
    for (const before of lent.reverse()) {
      const entry = this.#byId.get(before.id);
      if (entry) this.#leaveIfUnneeded(entry);
      if (!this.#byId.has(before.id)) this.#waiting.add(before, { isLeftOut: true });
    }
    if (intake === 'left-out') this.#waiting.add(one, { isLeftOut: true });
  }

  /** Enters the past of a statement. False: a signature in it is wrong, and that statement is dropped. */
  #lendPast({ read }: Waiting, lent: Waiting[]): boolean {
    for (const id of afterOf(read)) {
      if (this.#byId.has(id)) continue;
      const before = this.#waiting.leftOut(id);
      if (!before || !this.#lendPast(before, lent)) return false;
      this.#waiting.delete(before);
      if (this.#enter(before, { isLent: true }) !== 'added') return false;
      lent.push(before);
    }
    return true;
  }

  #enter({ id, signed, read }: Waiting, { isLent = false } = {}): 'added' | 'left-out' | 'refused' {
    const before = afterOf(read).flatMap((named) => this.#byId.get(named) ?? []);
    const past = pastOf(before);
    const by = authorOf(read);
    const key = read.kind === 'charter' ? read.card.signingKey : this.#keyIn(past, by);
    if (!key) return 'refused';
    const depth = before.reduce((longest, entry) => Math.max(longest, entry.depth + 1), 0);
    const isByAdmin = read.kind === 'charter' || past.hasAny(this.#grants.get(by) ?? []);
    const seated = { id, depth, by, isByAdmin, read };
    if (!isLent && !this.#seats.isFreeFor(seated)) return 'left-out';
    if (!isSignedBy(signed, key)) return 'refused';
    const index = this.#freePlaces.pop() ?? this.#byId.size;
    this.#keep({ ...seated, index, serial: this.#entered, after: afterOf(read), past, signed });
    return 'added';
  }

  #keep(entry: Entry): void {
    const { id, index, read } = entry;
    this.#entered += 1;
    this.#byId.set(id, entry);
    for (const named of entry.after) this.#named.set(named, (this.#named.get(named) ?? 0) + 1);
    for (const [node, key] of keysOf(read)) {
      const known = this.#keys.get(node) ?? { key, saidBy: new Set() };
      this.#keys.set(node, known);
      known.saidBy.add(index);
    }
    for (const node of adminsIn(entry)) {
      this.#grants.set(node, (this.#grants.get(node) ?? new Set()).add(index));
    }
    this.#change();
    const unseated = this.#seats.add(entry);
    if (unseated) this.#leaveIfUnneeded(unseated);
  }

  /** Drops a statement without a seat that no held one names, and then perhaps those that it named. */
  #leaveIfUnneeded(entry: Entry): void {
    const leaving: (Entry | undefined)[] = [entry];
    for (const one of leaving) {
      if (!one || !this.#byId.has(one.id) || this.#named.has(one.id) || this.#seats.has(one)) continue;
      this.#leave(one);
      leaving.push(...one.after.map((named) => this.#byId.get(named)));
    }
  }

  #leave(entry: Entry): void {
    const { id, index, read } = entry;
    this.#byId.delete(id);
    this.#seats.delete(entry);
    this.#freePlaces.push(index);
    for (const [node] of keysOf(read)) this.#keys.get(node)?.saidBy.delete(index);
    for (const node of adminsIn(entry)) this.#grants.get(node)?.delete(index);
    for (const named of entry.after) {
      const count = (this.#named.get(named) ?? 1) - 1;
      if (count > 0) this.#named.set(named, count);
      else this.#named.delete(named);
    }
    this.#change();
  }

  #change(): void {
    this.#revision += 1;
    this.#ordered = undefined;
  }

  #keyIn(past: Past, node: NodeId): Uint8Array | undefined {
    const known = this.#keys.get(node);
    return known && past.hasAny(known.saidBy) ? known.key : undefined;
  }
}

function pastOf(before: readonly Entry[]): Past {
  const past = new Past(before.reduce((size, entry) => Math.max(size, entry.index + 1, entry.past.size), 0));
  for (const entry of before) {
    past.add(entry.index);
    past.addAll(entry.past);
  }
  return past;
}
