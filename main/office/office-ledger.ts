import type { Membership } from '../directory/index.ts';
import {
  restore,
  signRule,
  statementIdOf,
  type Deed,
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
import { LedgerDisputes } from './ledger-disputes.ts';
import type { OfficeLedgerEvents, Taken } from './ledger-events.ts';
import { LedgerJournal, type LedgerJournalParts } from './ledger-journal.ts';
import { LedgerTurns } from './ledger-turns.ts';
import { SigningPause } from './signing-pause.ts';
import { WhoIsWho } from './who-is-who.ts';

export interface OfficeLedgerParts extends Pick<Ports, 'clock' | 'schedule' | 'random'> {
  readonly identity: Pick<Identity, 'nodeId' | 'sign'>;
  readonly ledger: Ledger;
  readonly file: LedgerJournalParts['file'];
  /** Statements of the file whose past is missing there, such as behind a damaged line. They count when it has come. */
  readonly waiting?: readonly Signed[];
  readonly nextTurn: () => Promise<void>;
  readonly log: (line: string) => void;
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
  #whoIsWho: WhoIsWho;
  readonly #journal: LedgerJournal;
  readonly #disputes: LedgerDisputes;
  readonly #pause: SigningPause;
  /** What came and was not looked at yet. */
  readonly #news: OfficeLedgerEvents['added'][] = [];
  /** Each counts all that is here when it begins. */
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
    this.#whoIsWho = new WhoIsWho(this.#standing);
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
    return this.#whoIsWho.nodesOf(person);
  }

  extensionOf(person: NodeId): string | undefined {
    return this.#whoIsWho.extensionOf(person);
  }

  holderOf(extension: string): NodeId | undefined {
    return this.#standing.extensions.get(extension);
  }

  get groups(): ReadonlyMap<StatementId, KnownGroup> {
    return this.#whoIsWho.groups;
  }

  get codes(): DialCodes {
    return this.#whoIsWho.codes;
  }

  groupWith(extension: string): KnownGroup | undefined {
    return this.#whoIsWho.groupWith(extension);
  }

  isAdmin(node: NodeId): boolean {
    return this.#standing.admins.has(node);
  }

  /** The removal that names this node. */
  removalOf(node: NodeId): StatementId | undefined {
    return this.#standing.removed.get(node);
  }

  /** A computer that is out, as it was as a member. */
  formerMember(node: NodeId): Member | undefined {
    return this.#standing.former.get(node);
  }

  removerOf(node: NodeId): NodeId | undefined {
    const id = this.removalOf(node);
    return id === undefined ? undefined : this.#parts.ledger.authorOf(id);
  }

  // ---- statements

  /**
   * Takes in what another node sent. Resolves once they are counted, and those that count are written or wait to be written again.
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
    this.#disputes.came(added.map(statementIdOf), exchange);
    if (added.length > 0) {
      this.#news.push({ statements: added, from });
      await this.#evaluations.run();
      // Another link may have brought the same a moment ago: it is here, and may be not counted yet.
    } else await this.#evaluations.idle;
    return { added: added.length, refused };
  }

  /**
   * Signs a statement after all that is known, keeps it, and sends it.
   * @throws CorridorError `statement-not-saved` where the disk does not take it; nothing was said then
   */
  async sign<T extends RuleType>(type: T, fields: RuleFields<T>): Promise<StatementId> {
    await this.#pause.over;
    return this.#sign(type, fields);
  }

  /**
   * Lets `work` sign and enter statements by itself. Resolves with its answer once they are on the disk.
   * @throws CorridorError `statement-not-saved` where the disk does not take them: they are entered, and nobody was told
   */
  async let<T>(work: (ledger: Ledger) => T): Promise<T> {
    await this.#pause.over;
    return this.#let(work);
  }

  /** Takes in what lets this node into this office anew. Resolves once it is on the disk. @throws as `let` */
  async enter(statements: readonly Signed[]): Promise<void> {
    await this.#let((ledger) => restore(ledger, statements));
  }

  /**
   * Signs the statements of one deed, each with those before in its past, and sends them.
   * @throws CorridorError what the deed refuses; `statement-not-saved` where the disk takes no more: what was said before stands
   */
  async carryOut(deed: (ledger: Ledger) => Deed): Promise<void> {
    await this.#pause.over;
    for (const signed of deed(this.#parts.ledger)) await this.#enter(signed);
  }

  /** This node may have missed something: it signs nothing until it has met somebody, or was alone for a while. */
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
    const { ledger, identity } = this.#parts;
    const signed = signRule(identity, ledger, type, fields);
    await this.#enter(signed);
    return statementIdOf(signed);
  }

  /** An own statement: on the disk first, so that nobody hears of one that this node then knows nothing of. */
  async #enter(signed: Signed): Promise<void> {
    const { ledger } = this.#parts;
    if (ledger.get(statementIdOf(signed))) return;
    await this.#journal.append(signed, ledger.standing.heads);
    if (ledger.add(signed) === 'known') return;
    this.events.emit('added', { statements: [signed], from: undefined });
    await this.#evaluations.run();
  }

  // ---- what they come to

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
    this.#whoIsWho = new WhoIsWho(standing);
    this.events.emit('standing', standing);
  }

  /** What counts goes to the disk and to others. The rest a removed computer could send without end. */
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
