import type { Membership } from '../directory/index.ts';
import {
  dueVotes,
  evaluateAtMs,
  meetings,
  restore,
  signRule,
  statementIdOf,
  type Deed,
  type Identity,
  type Ledger,
  type LedgerFile,
  type Meeting,
  type Member,
  type OfficeId,
  type RuleFields,
  type RuleType,
  type Standing,
  type StatementId,
} from '../identity/index.ts';
import { CorridorError, Emitter, type NodeId, type Ports, type Signed } from '../model/index.ts';

/** A node that is alone signs after this long: nobody can tell it what it missed. */
export const FRESH_AFTER_MS = 10_000;
/** When the disk is tried again after it refused statements. */
const SAVE_AGAIN_MS = 5_000;

export interface OfficeLedgerEvents {
  /** What the statements come to has changed. */
  standing: Standing;
  /** These are on the disk and go to others. `from`: who sent them; undefined: this node signed them. */
  added: { readonly statements: readonly Signed[]; readonly from: NodeId | undefined };
}

export interface OfficeLedgerParts extends Pick<Ports, 'clock' | 'schedule' | 'random'> {
  readonly identity: Pick<Identity, 'nodeId' | 'sign'>;
  readonly ledger: Ledger;
  readonly file: Pick<LedgerFile, 'append' | 'close'>;
  /** Statements of the file whose past is missing there, such as behind a damaged line. They count when it has come. */
  readonly waiting?: readonly Signed[];
  readonly nextTurn: () => Promise<void>;
  readonly log: (line: string) => void;
}

/** What became of statements that a peer sent. */
export interface Taken {
  readonly added: number;
  /** Not as their authors signed them, or malformed. */
  readonly refused: number;
}

/**
 * The office's ledger on this computer: takes in what others send, keeps it on the disk, signs for this node, and says what all
 * of it comes to. It lasts as long as the node is in the office, also between two addresses.
 */
export class OfficeLedger implements Membership {
  readonly id: OfficeId;
  readonly events: Emitter<OfficeLedgerEvents>;
  readonly #parts: OfficeLedgerParts;
  #standing: Standing;
  #nodes: ReadonlyMap<NodeId, readonly NodeId[]> = new Map();
  #extensions: ReadonlyMap<NodeId, string> = new Map();
  /** So many of the ledger's statements are on the disk. */
  #saved: number;
  #saving: Promise<void> = Promise.resolve();
  #cancelSave: (() => void) | undefined;
  /** In which exchange each statement came; what was here before is in none. */
  readonly #exchanges = new Map<StatementId, number>();
  #meetings: Meeting[] = [];
  #cancelMeeting: (() => void) | undefined;
  #settling: Promise<void> | undefined;
  #isChanged = false;
  #fresh: Promise<void>;
  #freshen: () => void = () => undefined;
  #cancelFresh: (() => void) | undefined;
  #closed = false;
  #waiting: readonly Signed[];

  constructor(parts: OfficeLedgerParts) {
    const { ledger, log } = parts;
    this.#parts = parts;
    this.id = ledger.office;
    this.events = new Emitter((error) => log(`A listener of the ledger failed: ${String(error)}`));
    this.#saved = ledger.entered;
    this.#waiting = parts.waiting ?? [];
    this.#fresh = Promise.resolve();
    this.#standing = ledger.standing;
    this.#index();
  }

  /** What the rules of joining read. They enter statements by `let` alone. */
  get plain(): Ledger {
    return this.#parts.ledger;
  }

  get standing(): Standing {
    return this.#standing;
  }

  get statements(): readonly Signed[] {
    return this.#parts.ledger.statements;
  }

  get ids(): readonly StatementId[] {
    return this.#parts.ledger.ids;
  }

  get(id: StatementId): Signed | undefined {
    return this.#parts.ledger.get(id);
  }

  /** Statements that others name and that are not here. */
  get missing(): readonly StatementId[] {
    return this.#parts.ledger.missing;
  }

  /** This node as a member; undefined: it is none (any more). */
  get self(): Member | undefined {
    return this.#standing.members.get(this.#parts.identity.nodeId);
  }

  // ---- who is who

  isMember(node: NodeId): boolean {
    return this.#standing.members.has(node);
  }

  personOf(node: NodeId): NodeId | undefined {
    return this.#standing.members.get(node)?.person;
  }

  nodesOf(person: NodeId): readonly NodeId[] {
    return this.#nodes.get(person) ?? [];
  }

  extensionOf(person: NodeId): string | undefined {
    return this.#extensions.get(person);
  }

  holderOf(extension: string): NodeId | undefined {
    return this.#standing.extensions.get(extension);
  }

  isAdmin(node: NodeId): boolean {
    return this.#standing.admins.has(node);
  }

  /** The removal that names this node, where it is out. */
  removalOf(node: NodeId): StatementId | undefined {
    return this.#standing.removed.get(node);
  }

  /** A computer that is out, as it was as a member. */
  formerMember(node: NodeId): Member | undefined {
    return this.#standing.former.get(node);
  }

  /** Who took this node out. */
  removerOf(node: NodeId): NodeId | undefined {
    const id = this.#standing.removed.get(node);
    return id === undefined ? undefined : this.#parts.ledger.authorOf(id);
  }

  // ---- statements

  /**
   * Takes in what another node sent. Resolves once what is new is on the disk and counted.
   * @param exchange those that came in one exchange are told apart from those that came before
   */
  async take(statements: readonly Signed[], from: NodeId, exchange: number): Promise<Taken> {
    const { ledger } = this.#parts;
    const before = ledger.entered;
    let refused = 0;
    for (const signed of statements) if (ledger.add(signed) === 'refused') refused += 1;
    if (ledger.entered > before && this.#waiting.length > 0) {
      this.#waiting = restore(ledger, this.#waiting).waiting;
    }
    const added = ledger.since(before);
    for (const signed of added) this.#exchanges.set(statementIdOf(signed), exchange);
    if (added.length > 0) {
      await this.#save();
      this.events.emit('added', { statements: added, from });
      await this.#settle();
    }
    return { added: added.length, refused };
  }

  /**
   * Signs a statement after all that is known, keeps it, and sends it.
   * @throws CorridorError `statement-not-saved` where the disk does not take it; nothing was said then
   */
  async sign<T extends RuleType>(type: T, fields: RuleFields<T>): Promise<StatementId> {
    await this.#fresh;
    return this.#sign(type, fields);
  }

  /**
   * Lets `work` sign and enter statements by itself. Resolves with its answer once they are on the disk; rejects where that
   * does not take them: they are entered, and nobody was told.
   */
  async let<T>(work: (ledger: Ledger) => T): Promise<T> {
    await this.#fresh;
    const { ledger } = this.#parts;
    const before = ledger.entered;
    const answer = work(ledger);
    const statements = ledger.since(before);
    if (statements.length === 0) return answer;
    await this.#save();
    // What came meanwhile is not waited for.
    if (this.#saved < before + statements.length) throw new Error('the disk did not take the statement');
    this.events.emit('added', { statements, from: undefined });
    await this.#settle();
    return answer;
  }

  /**
   * Signs the statements of one deed, each with those before in its past, and sends them.
   * @throws CorridorError what the deed refuses; `statement-not-saved` where the disk takes no more: what was said before stands
   */
  async carryOut(deed: (ledger: Ledger) => Deed): Promise<void> {
    await this.#fresh;
    for (const signed of deed(this.#parts.ledger)) await this.#enter(signed);
  }

  /** This node may have missed something: it signs nothing until it has met somebody, or was alone for a while. */
  stale(): void {
    if (this.#cancelFresh) return;
    this.#fresh = new Promise((resolve) => (this.#freshen = resolve));
    this.#cancelFresh = this.#parts.schedule(() => this.met(), FRESH_AFTER_MS);
  }

  /** Statements were exchanged with a member. */
  met(): void {
    this.#cancelFresh?.();
    this.#cancelFresh = undefined;
    this.#freshen();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.met();
    this.#cancelSave?.();
    this.#cancelMeeting?.();
    await this.#settling;
    await this.#saving;
    await this.#parts.file.close();
  }

  async #sign<T extends RuleType>(type: T, fields: RuleFields<T>): Promise<StatementId> {
    const { ledger, identity } = this.#parts;
    const signed = signRule(identity, ledger, type, fields);
    await this.#enter(signed);
    return statementIdOf(signed);
  }

  /** An own statement: on the disk first, so that nobody hears of one that this node then knows nothing of. */
  async #enter(signed: Signed): Promise<void> {
    const { ledger, file } = this.#parts;
    await this.#save();
    const saving = this.#saving.then(() => file.append([signed]));
    this.#saving = saving.catch(() => undefined);
    await saving.catch((cause: Error) => {
      throw new CorridorError(
        'statement-not-saved',
        `This could not be saved, so nothing has changed. The disk says: ${cause.message}.`,
        { cause, details: { why: cause.message } },
      );
    });
    if (this.#saved === ledger.entered) this.#saved += 1;
    ledger.add(signed);
    this.events.emit('added', { statements: [signed], from: undefined });
    await this.#settle();
  }

  /** Brings to the disk what is not there yet. What it refuses is counted all the same, and tried again. */
  #save(): Promise<void> {
    this.#saving = this.#saving.then(async () => {
      const { ledger, file, schedule, log } = this.#parts;
      const unsaved = ledger.since(this.#saved);
      if (unsaved.length === 0) return;
      try {
        await file.append(unsaved);
        this.#saved += unsaved.length;
      } catch (error) {
        log(`Statements of the office could not be saved yet: ${String(error)}`);
        this.#cancelSave?.();
        if (!this.#closed) this.#cancelSave = schedule(() => void this.#save(), SAVE_AGAIN_MS);
      }
    });
    return this.#saving;
  }

  // ---- what they come to

  /** Evaluates until nothing new has come meanwhile. */
  #settle(): Promise<void> {
    this.#isChanged = true;
    this.#settling ??= this.#evaluateAll();
    return this.#settling;
  }

  async #evaluateAll(): Promise<void> {
    // It ends later than it begins, so that `#settling` is set by then.
    await Promise.resolve();
    try {
      while (this.#isChanged && !this.#closed) {
        this.#isChanged = false;
        const standing = await this.#evaluate();
        if (standing) this.#weigh(standing);
      }
    } finally {
      // In the same turn as the last look: who comes after that begins anew.
      this.#settling = undefined;
    }
  }

  async #evaluate(): Promise<Standing | undefined> {
    const { ledger, nextTurn } = this.#parts;
    for (const step of ledger.evaluate()) {
      if (step) return step;
      await nextTurn();
    }
    return undefined;
  }

  /** What contradicts a statement that was here before is believed only after a while: until then the members vote. */
  #weigh(standing: Standing): void {
    const { clock, random, schedule } = this.#parts;
    const now = clock.monotonic();
    const fraction = (): number => random.fraction();
    this.#meetings = meetings(standing.contests, this.#exchanges, this.#meetings, now, fraction);
    this.#cancelMeeting?.();
    this.#cancelMeeting = undefined;
    const until = evaluateAtMs(this.#meetings, now);
    this.#vote(standing, now);
    const times = this.#meetings.flatMap(({ signAtMs, evaluateAtMs: endMs }) => [signAtMs, endMs]);
    const next = Math.min(...times.filter((time) => time > now));
    if (Number.isFinite(next)) {
      this.#cancelMeeting = schedule(() => void this.#settle(), Math.ceil(next - now));
    }
    if (until !== undefined) return;
    const isNew = standing.digest !== this.#standing.digest || standing.removed !== this.#standing.removed;
    this.#standing = standing;
    this.#index();
    if (isNew) this.events.emit('standing', standing);
  }

  #vote(standing: Standing, now: number): void {
    const { identity, log } = this.#parts;
    const person = standing.members.get(identity.nodeId)?.person;
    if (person === undefined) return;
    const self = { node: identity.nodeId, person };
    for (const vote of dueVotes(this.#meetings, standing.contests, self, now)) {
      this.#sign('first', vote).catch((error: Error) => log(`A vote could not be signed: ${error.message}`));
    }
  }

  #index(): void {
    const nodes = new Map<NodeId, NodeId[]>();
    for (const { node, person } of this.#standing.members.values()) {
      const theirs = nodes.get(person);
      if (theirs) theirs.push(node);
      else nodes.set(person, [node]);
    }
    this.#nodes = nodes;
    this.#extensions = new Map([...this.#standing.extensions].map(([number, person]) => [person, number]));
  }
}
