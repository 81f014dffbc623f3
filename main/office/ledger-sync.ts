import {
  faults,
  MAX_IDS_IN_FRAME,
  type BudgetName,
  type NodeId,
  type Schedule,
  type Signed,
  type StatementId,
} from '../model/index.ts';
import type { ControlLink, ControlMessageOf } from '../signalling/index.ts';
import type { OfficeLedger } from './office-ledger.ts';
import { newExchange, type Exchange } from './ledger-exchange.ts';
import { lengthOf, sendStatements } from './statement-frames.ts';
import { FRAMES_BEFORE_MEMBERSHIP, type WaitingFrame, type WaitingFrames } from './waiting-frames.ts';

/** Ids kept of one peer; an office is founded anew long before. */
const MAX_IDS = 16_384;
/** What a node may send before it is known as a member, and for how long. */
const GUEST_CHARACTERS = 512 * 1024;
const GUEST_MS = 10_000;

export interface LedgerSyncParts {
  readonly ledger: OfficeLedger;
  readonly schedule: Schedule;
  /** Both hold the same ledger, by which the node at the other end is a member: it may be talked to. */
  readonly welcome: (link: ControlLink) => void;
  /** The node at the other end sends more than is kept until it may be read. Its link ends. */
  readonly over: (link: ControlLink, budget: BudgetName) => void;
}

/**
 * Brings two nodes to the same ledger, before either judges the other: by digest first, by the ids that each holds where the
 * digests differ. What is new later goes to all links at once.
 */
export class LedgerSync {
  readonly #parts: LedgerSyncParts;
  readonly #exchanges = new Map<ControlLink, Exchange>();
  #count = 0;

  constructor(parts: LedgerSyncParts) {
    this.#parts = parts;
  }

  up(link: ControlLink): void {
    const { ledger, schedule } = this.#parts;
    const exchange = newExchange(link.peer, this.#nextNumber());
    this.#exchanges.set(link, exchange);
    exchange.cancelGuest = schedule(() => this.#dismiss(link), GUEST_MS);
    link.send({ type: 'ledger', digest: ledger.standing.digest });
  }

  down(link: ControlLink): void {
    this.#exchanges.get(link)?.cancelGuest?.();
    this.#exchanges.delete(link);
  }

  /** Whether the node at the other end is a member, as far as this one knows now. */
  isWelcome(link: ControlLink): boolean {
    return this.#exchanges.get(link)?.isWelcome ?? false;
  }

  /**
   * Runs `handle` in the order in which frames came: after the statements before it are counted and, unless a stranger may say this,
   * once the peer is known as a member. Drops it otherwise.
   */
  inOrder(link: ControlLink, frame: WaitingFrame): void {
    const exchange = this.#exchanges.get(link);
    if (!exchange) return;
    if (exchange.taking || !exchange.behind.isEmpty) this.#keep(link, exchange, exchange.behind, frame);
    else this.#run(link, exchange, frame);
  }

  /** Resolves when the statements that came over this link are counted; undefined: they are. */
  taking(link: ControlLink): Promise<void> | undefined {
    return this.#exchanges.get(link)?.taking;
  }

  /** Compares ledgers again, as somebody's beat tells of another. */
  compare(link: ControlLink): void {
    if (this.#exchanges.has(link)) link.send({ type: 'ledger', digest: this.#parts.ledger.standing.digest });
  }

  /** The other side's digest. */
  ledger(link: ControlLink, { digest }: ControlMessageOf<'ledger'>): void {
    const { ledger } = this.#parts;
    const exchange = this.#exchanges.get(link);
    if (!exchange) return;
    if (digest !== ledger.standing.digest) {
      this.#sendIds(link, exchange);
      return;
    }
    if (!ledger.isMember(link.peer)) return this.#dismiss(link);
    ledger.met();
    this.#welcome(link, exchange);
  }

  /** What the other side holds. */
  have(link: ControlLink, { ids, more }: ControlMessageOf<'have'>): void {
    const exchange = this.#exchanges.get(link);
    if (!exchange) return;
    for (const id of ids) if (exchange.ids.size < MAX_IDS) exchange.ids.add(id);
    if (more) return;
    const theirs = exchange.ids;
    exchange.ids = new Set();
    this.#sendIds(link, exchange);
    exchange.isIdsSent = false;
    if (this.#parts.ledger.isMember(link.peer)) this.#sendMissing(link, exchange, theirs);
    else this.#owe(link, exchange, theirs);
    this.#judge(link, exchange);
  }

  /** What this side lacks. */
  statements(link: ControlLink, frame: ControlMessageOf<'statements'>): void {
    const exchange = this.#exchanges.get(link);
    if (!exchange) return;
    const taking = this.#take(link, exchange, frame)
      .catch((error: unknown) => {
        // Frames behind them would be judged by half of what was said: the peer connects again.
        faults.tell('statements', error);
        this.#dismiss(link);
      })
      .finally(() => {
        if (exchange.taking !== taking) return;
        exchange.taking = undefined;
        this.#runWaiting(link, exchange);
      });
    exchange.taking = taking;
  }

  #run(link: ControlLink, exchange: Exchange, frame: WaitingFrame): void {
    if (exchange.isWelcome || FRAMES_BEFORE_MEMBERSHIP.has(frame.message.type)) frame.handle();
    else this.#keep(link, exchange, exchange.held, frame);
  }

  #keep(link: ControlLink, exchange: Exchange, where: WaitingFrames, frame: WaitingFrame): void {
    const budget = where.keep(frame, exchange.isWelcome);
    if (budget === undefined) return;
    this.#parts.over(link, budget);
    this.#dismiss(link);
  }

  /** Each may be one of statements, for which the rest waits in turn. */
  #runWaiting(link: ControlLink, exchange: Exchange): void {
    while (!exchange.taking && this.#exchanges.has(link)) {
      const frame = exchange.behind.next();
      if (!frame) return;
      faults.guard('a frame', () => this.#run(link, exchange, frame));
    }
  }

  async #take(link: ControlLink, exchange: Exchange, frame: ControlMessageOf<'statements'>): Promise<void> {
    const { ledger } = this.#parts;
    exchange.characters += lengthOf(frame.statements);
    if (!exchange.isWelcome && exchange.characters > GUEST_CHARACTERS) {
      this.#dismiss(link);
      return;
    }
    const { refused } = await ledger.take(frame.statements, link.peer, exchange.number);
    if (!this.#exchanges.has(link)) return;
    if (refused > 0) {
      this.#dismiss(link);
      return;
    }
    if (frame.more) return;
    exchange.number = this.#nextNumber();
    exchange.isReceived = true;
    this.#judge(link, exchange);
    this.#askForMissing(link, exchange);
  }

  /** A statement came whose past is not here, such as one that its author’s computer told nobody: once, until that changes. */
  #askForMissing(link: ControlLink, exchange: Exchange): void {
    const missing = [...this.#parts.ledger.missing].sort().join();
    if (missing === exchange.asked || !this.#exchanges.has(link)) return;
    exchange.asked = missing;
    if (missing !== '') this.#sendIds(link, exchange);
  }

  /** New statements go to everybody who may not have them. */
  spread(statements: readonly Signed[], from: NodeId | undefined): void {
    for (const [link, { isWelcome }] of this.#exchanges) {
      if (isWelcome && link.peer !== from) sendStatements(link, statements);
    }
  }

  /** Membership changed. Who has become a member gets the rest; who is none any more gets its removal, and its link ends. */
  settle(): void {
    const { ledger } = this.#parts;
    for (const [link, exchange] of [...this.#exchanges]) {
      const isMember = ledger.isMember(link.peer);
      if (isMember && exchange.owed) this.#sendMissing(link, exchange, exchange.owed);
      if (!isMember && exchange.isWelcome) this.#dismiss(link);
    }
  }

  /**
   * Whoever knows the office id, such as by an old link, may come with a new key. So a node that is no member here gets only what
   * shows that this one is: two nodes that were let in apart must be able to know each other. Who is out gets nothing.
   */
  #owe(link: ControlLink, exchange: Exchange, theirs: ReadonlySet<StatementId>): void {
    const { ledger } = this.#parts;
    exchange.owed = theirs;
    if (ledger.removalOf(link.peer)) return;
    const shown = this.#lacking(theirs, ledger.plain.withPast(ledger.plain.rightsOf(ledger.node)));
    if (shown.length > 0) sendStatements(link, shown, { isLast: false });
  }

  #lacking(theirs: ReadonlySet<StatementId>, ids: readonly StatementId[]): Signed[] {
    const { ledger } = this.#parts;
    return ids.flatMap((id) => (theirs.has(id) ? [] : (ledger.get(id) ?? [])));
  }

  #sendMissing(link: ControlLink, exchange: Exchange, theirs: ReadonlySet<StatementId>): void {
    sendStatements(link, this.#lacking(theirs, this.#parts.ledger.ids));
    exchange.owed = undefined;
    exchange.isSent = true;
  }

  #judge(link: ControlLink, exchange: Exchange): void {
    const { ledger } = this.#parts;
    if (!exchange.isReceived || (!exchange.isSent && !exchange.owed)) return;
    if (!ledger.isMember(link.peer)) return this.#dismiss(link);
    exchange.isSent = exchange.isReceived = false;
    ledger.met();
    this.#welcome(link, exchange);
  }

  #welcome(link: ControlLink, exchange: Exchange): void {
    exchange.cancelGuest?.();
    exchange.cancelGuest = undefined;
    if (exchange.isWelcome) return;
    exchange.isWelcome = true;
    this.#parts.welcome(link);
    for (const { handle } of exchange.held.takeAll()) faults.guard('a frame', handle);
  }

  #dismiss(link: ControlLink): void {
    const { ledger } = this.#parts;
    const owed = this.#exchanges.get(link)?.owed;
    const removal = ledger.removalOf(link.peer);
    this.down(link);
    if (removal !== undefined) {
      // It believes the removal only behind its past; what came after that is none of its business.
      const ids = owed ? ledger.plain.withPast([removal]) : [removal];
      sendStatements(link, this.#lacking(owed ?? new Set(), ids));
    }
    link.close();
  }

  #sendIds(link: ControlLink, exchange: Exchange): void {
    if (exchange.isIdsSent) return;
    exchange.isIdsSent = true;
    const { ids } = this.#parts.ledger;
    for (let from = 0; from < ids.length; from += MAX_IDS_IN_FRAME) {
      const part = ids.slice(from, from + MAX_IDS_IN_FRAME);
      link.send({ type: 'have', ids: part, more: from + MAX_IDS_IN_FRAME < ids.length });
    }
  }

  #nextNumber(): number {
    this.#count += 1;
    return this.#count;
  }
}
