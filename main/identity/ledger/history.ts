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

/** What became of a statement that came. `waiting`: something in its past is not here yet. `left-out`: it has no seat. */
export type Intake = 'added' | 'known' | 'waiting' | 'left-out' | 'refused';

/**
 * The statements of one office that are held, whatever they are worth. Holds a set: no order of arrival changes it.
 *
 * What one key signs must not fill a colleague's computer. Of each author the first in order have a seat, as many as can count,
 * and held is what has a seat or lies in the past of a statement that has. So nothing leaves that a colleague has signed
 * something after, and nodes that have heard of the same statements hold the same ones, in whatever order they came. For let
 * H(U) be what is held of a set U. Where a statement sits follows from its past alone, so one that has a seat in U has it in
 * every part of U in which it came. H(H(A) ∪ H(B)) therefore has the seats of A ∪ B, and with them their pasts: it is H(A ∪ B).
 * What left on the way may be needed again, in the past of a statement with a seat. Then it is asked for.
 * Of what counts for nothing a bounded part alone is held (`surplusIn`), which may differ where there is more.
 */
export class History {
  readonly #office: OfficeId;
  readonly #byId = new Map<StatementId, Entry>();
  readonly #seats: Seats<Entry>;
  /** How many of those held name each one. */
  readonly #named = new Map<StatementId, number>();
  readonly #waiting = new WaitingRoom();
  /** Signing keys (SPKI), and the statements that say that they are a member's. */
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

  /** How many statements entered so far, those included that have left again. */
  get entered(): number {
    return this.#entered;
  }

  /** Rises with each change of what is held. */
  get revision(): number {
    return this.#revision;
  }

  get(id: StatementId): Entry | undefined {
    return this.#byId.get(id);
  }

  /** Those held that entered after so many others, as they came. */
  since(entered: number): readonly Entry[] {
    return [...this.#byId.values()].filter(({ serial }) => serial >= entered);
  }

  /** By the length of the longest way to the charter, then by id: the same wherever the same statements are held. */
  get ordered(): readonly Entry[] {
    this.#ordered ??= [...this.#byId.values()].sort(inOrder);
    return this.#ordered;
  }

  /** What the waiting statements name and is neither held nor waiting itself. */
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

  /** Drops statements that no other names, or only those before it here. */
  drop(entries: readonly Entry[]): void {
    for (const entry of entries) if (!this.#named.has(entry.id)) this.#leave(entry);
  }

  readonly #isHeld = (id: StatementId): boolean => this.#byId.has(id);

  /** Those whose past is here by now. */
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

  /** Enters a statement behind those of its past that have no seat, which stay if it has one. */
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

  /** False where one of them is not as its author signed it: it is dropped. */
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

  /** Without a seat, and in the past of none that is held: it leaves, and then perhaps what it named. */
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
