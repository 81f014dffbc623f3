import type { Membership } from '../directory/index.ts';
import {
  restore,
  signRule,
  statementIdOf,
  type StatementSequence,
  type Identity,
  type Ledger,
  type Member,
  type OfficeId,
  type RuleFields,
  type RuleType,
  type Standing,
  type StatementId,
} from '../identity/index.ts';
import {
  Emitter,
  type DialCodes,
  type KnownGroup,
  type NodeId,
  type Ports,
  type Signed,
} from '../model/index.ts';
import { enterDeed } from './ledger-deed.ts';
import { LedgerDisputes } from './ledger-disputes.ts';
import type { OfficeLedgerEvents, IntakeResult } from './ledger-events.ts';
import { LedgerJournal, type LedgerJournalParts } from './ledger-journal.ts';
import { LedgerTurns } from './ledger-turns.ts';
import { SigningPause } from './signing-pause.ts';
import { PeopleIndex } from './people-index.ts';

interface OfficeLedgerParts extends Pick<Ports, 'clock' | 'schedule' | 'random'> {
  readonly identity: Pick<Identity, 'nodeId' | 'sign'>;
  readonly ledger: Ledger;
  readonly file: LedgerJournalParts['file'];
  /** Statements of the file whose past is missing there, such as after a damaged line. They count once it has come. */
  readonly waiting?: readonly Signed[];
  readonly nextTurn: () => Promise<void>;
  readonly log: (line: string) => void;
}

/**
 * The office's ledger on this computer: takes in statements that others send, keeps them on the disk, signs for this node, and
 * evaluates them. It lasts as long as the node is in the office, also between two addresses.
 */
export class OfficeLedger implements Membership {
  readonly id: OfficeId;
  readonly events: Emitter<OfficeLedgerEvents>;
  readonly #parts: OfficeLedgerParts;
  #standing: Standing;
  #people: PeopleIndex;
  readonly #journal: LedgerJournal;
  readonly #disputes: LedgerDisputes;
  readonly #pause: SigningPause;
  /** Statements that came and were not evaluated yet. */
  readonly #news: OfficeLedgerEvents['added'][] = [];
  /** Each run evaluates all statements that are here when it begins. */
  readonly #evaluations = new LedgerTurns(() => this.#evaluateAll());
  #waiting: readonly Signed[];

  constructor(parts: OfficeLedgerParts) {
    const { ledger, log, schedule, clock, random, identity } = parts;
    this.#parts = parts;
    this.id = ledger.office;
    this.events = new Emitter((error) => log(`A listener of the ledger failed: ${String(error)}`));
    this.#waiting = parts.waiting ?? [];
    this.#pause = new SigningPause(schedule);
    const onDisk = [...ledger.ids, ...this.#waiting.map(statementIdOf)];
    this.#journal = new LedgerJournal({ ...parts, onDisk, waiting: () => this.#waiting });
    this.#disputes = new LedgerDisputes({
      ...{ ledger, schedule, clock, random, log, pause: this.#pause },
      identity,
      sign: (vote) => this.#sign('first', vote),
      settle: () => void this.#evaluations.run(),
    });
    this.#standing = ledger.standing;
    this.#people = new PeopleIndex(this.#standing);
  }

  /** The plain ledger, for the rules of joining to read. They enter statements by `let` alone. */
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

  /** Ids of statements that others name as their past and that are not here. */
  get missing(): readonly StatementId[] {
    return this.#parts.ledger.missing;
  }

  get node(): NodeId {
    return this.#parts.identity.nodeId;
  }

  /** This node as a member; undefined: it is none (any more). */
  get self(): Member | undefined {
    return this.#standing.members.get(this.node);
  }

  isMember(node: NodeId): boolean {
    return this.#standing.members.has(node);
  }

  personOf(node: NodeId): NodeId | undefined {
    return this.#standing.members.get(node)?.person;
  }

  nodesOf(person: NodeId): readonly NodeId[] {
    return this.#people.nodesOf(person);
  }

  extensionOf(person: NodeId): string | undefined {
    return this.#people.extensionOf(person);
  }

  holderOf(extension: string): NodeId | undefined {
    return this.#standing.extensions.get(extension);
  }

  get groups(): ReadonlyMap<StatementId, KnownGroup> {
    return this.#people.groups;
  }

  get codes(): DialCodes {
    return this.#people.codes;
  }

  groupWith(extension: string): KnownGroup | undefined {
    return this.#people.groupWith(extension);
  }

  isAdmin(node: NodeId): boolean {
    return this.#standing.admins.has(node);
  }

  /** The removal that names this node. */
  removalOf(node: NodeId): StatementId | undefined {
    return this.#standing.removed.get(node);
  }

  /** A removed computer, as it was as a member. */
  formerMember(node: NodeId): Member | undefined {
    return this.#standing.former.get(node);
  }

  removerOf(node: NodeId): NodeId | undefined {
    const id = this.removalOf(node);
    return id === undefined ? undefined : this.#parts.ledger.authorOf(id);
  }

  // ---- statements

  /**
   * Takes in what another node sent. Resolves once it is evaluated, and what counts is written or waits to be written again.
   * @param exchange the number of the exchange in which they came
   */
  async take(statements: readonly Signed[], from: NodeId, exchange: number): Promise<IntakeResult> {
    const { ledger } = this.#parts;
    const before = ledger.entered;
    let refused = 0;
    for (const signed of statements) if (ledger.add(signed) === 'refused') refused += 1;
    if (ledger.entered > before && this.#waiting.length > 0) {
      this.#waiting = restore(ledger, this.#waiting).waiting;
    }
    const added = ledger.since(before);
    this.#disputes.came(added.map(statementIdOf), exchange);
    if (added.length > 0) {
      this.#news.push({ statements: added, from });
      await this.#evaluations.run();
      // Another link may have brought the same a moment ago, which may not be evaluated yet.
    } else await this.#evaluations.idle;
    return { added: added.length, refused };
  }

  /**
   * Signs a statement whose past is all that is known, keeps it, and sends it.
   * @throws CorridorError `statement-not-saved` where the disk does not take it; it is not sent then
   */
  async sign<T extends RuleType>(type: T, fields: RuleFields<T>): Promise<StatementId> {
    await this.#pause.over;
    return this.#sign(type, fields);
  }

  /**
   * Lets `work` sign and enter statements by itself. Resolves with its result once they are on the disk.
   * @throws CorridorError `statement-not-saved` where the disk does not take them: they are entered, and not sent
   */
  async let<T>(work: (ledger: Ledger) => T): Promise<T> {
    await this.#pause.over;
    return this.#let(work);
  }

  /** Enters the statements that admit this node again. Resolves once they are on the disk. @throws as `let` */
  async enter(statements: readonly Signed[]): Promise<void> {
    await this.#let((ledger) => restore(ledger, statements));
  }

  /**
   * Signs the statements of one deed, each with the earlier ones in its past, and sends them.
   * @throws CorridorError as the deed refuses; `statement-not-saved`, or `statement-partly-saved`: those sent before that stand
   */
  async carryOut(deed: (ledger: Ledger) => StatementSequence): Promise<void> {
    await this.#pause.over;
    await enterDeed(deed(this.#parts.ledger), (signed) => this.#enter(signed));
  }

  /** This node may have missed statements: it signs nothing until it has met a member, or was alone for a while. */
  stale(): void {
    this.#pause.begin();
  }

  /** Statements were exchanged with a member. */
  met(): void {
    this.#pause.end();
  }

  async close(): Promise<void> {
    this.#pause.end();
    this.#disputes.close();
    await this.#evaluations.close();
    await this.#journal.close();
  }

  async #let<T>(work: (ledger: Ledger) => T): Promise<T> {
    const { ledger } = this.#parts;
    const before = ledger.entered;
    const answer = work(ledger);
    const statements = ledger.since(before);
    if (statements.length === 0) return answer;
    await this.#journal.insist(statements.map(statementIdOf));
    this.events.emit('added', { statements, from: undefined });
    await this.#evaluations.run();
    return answer;
  }

  async #sign<T extends RuleType>(type: T, fields: RuleFields<T>): Promise<StatementId> {
    const signed = signRule(this.#parts.identity, this.#parts.ledger, type, fields);
    await this.#enter(signed);
    return statementIdOf(signed);
  }

  /** Enters an own statement. It is on the disk first, so that no statement is sent that this node could lose. */
  async #enter(signed: Signed): Promise<void> {
    const { ledger } = this.#parts;
    if (ledger.get(statementIdOf(signed))) return;
    await this.#journal.append(signed, ledger.standing.heads);
    if (ledger.add(signed) === 'known') return;
    this.events.emit('added', { statements: [signed], from: undefined });
    await this.#evaluations.run();
  }

  // ---- evaluation

  async #evaluateAll(): Promise<void> {
    const { ledger } = this.#parts;
    const news = this.#news.splice(0);
    const all = await this.#inParts(ledger.evaluate());
    await this.#tell(news);
    if (this.#evaluations.isClosed) return;
    const unsettled = this.#disputes.weigh(all);
    const standing = unsettled.size === 0 ? all : await this.#inParts(ledger.evaluateWithout(unsettled));
    if (standing === this.#standing) return;
    this.#standing = standing;
    this.#people = new PeopleIndex(standing);
    this.events.emit('standing', standing);
  }

  /** Saves and sends the statements that count. A removed computer could sign others without end, so these stay in memory. */
  async #tell(news: readonly OfficeLedgerEvents['added'][]): Promise<void> {
    const { ledger } = this.#parts;
    await this.#journal.save(ledger.ids.filter((id) => ledger.counts(id) && !this.#journal.has(id)));
    for (const { statements, from } of news) {
      const counting = statements.filter((signed) => ledger.counts(statementIdOf(signed)));
      if (counting.length > 0) this.events.emit('added', { statements: counting, from });
    }
  }

  async #inParts(evaluation: Generator<Standing | undefined, void>): Promise<Standing> {
    for (const step of evaluation) {
      if (step) return step;
      await this.#parts.nextTurn();
    }
    throw new Error('the evaluation ended without a standing');
  }
}
