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
import { newLedgerSyncState, type LedgerSyncState } from './ledger-sync-state.ts';
import { lengthOf, sendStatements } from './statement-frames.ts';
import { FRAMES_BEFORE_MEMBERSHIP, type WaitingFrame, type WaitingFrames } from './waiting-frames.ts';

/** At most this many ids of one peer are kept; an office is founded anew long before it has so many. */
const MAX_IDS = 16_384;
/** How many characters a node may send before it is known as a member. */
const GUEST_CHARACTERS = 512 * 1024;
const GUEST_MS = 10_000;

interface LedgerSyncParts {
  readonly ledger: OfficeLedger;
  readonly schedule: Schedule;
  /** Both ends hold the same ledger, in which the node at the other end is a member. */
  readonly welcome: (link: ControlLink) => void;
  /** The node at the other end exceeds the budget of frames that wait until it is known as a member. Its link ends. */
  readonly over: (link: ControlLink, budget: BudgetName) => void;
}

/**
 * Brings the nodes at both ends of a link to the same ledger before either judges the other. They compare digests first, and exchange
 * ids and missing statements if these differ. Later statements go to all links at once.
 */
export class LedgerSync {
  readonly #parts: LedgerSyncParts;
  readonly #states = new Map<ControlLink, LedgerSyncState>();
  #count = 0;

  constructor(parts: LedgerSyncParts) {
    this.#parts = parts;
  }

  up(link: ControlLink): void {
    const { ledger, schedule } = this.#parts;
    const state = newLedgerSyncState(link.peer, this.#nextNumber());
    this.#states.set(link, state);
    state.cancelGuest = schedule(() => this.#dismiss(link), GUEST_MS);
    link.send({ type: 'ledger', digest: ledger.standing.digest });
  }

  down(link: ControlLink): void {
    this.#states.get(link)?.cancelGuest?.();
    this.#states.delete(link);
  }

  /** Whether the node at the other end is a member by this node's ledger. */
  isWelcome(link: ControlLink): boolean {
    return this.#states.get(link)?.isWelcome ?? false;
  }

  /**
   * Handles a frame in the order of arrival: after the statements before it are counted and, unless outsiders may send it, once the peer
   * is known as a member. Otherwise the frame is dropped.
   */
  inOrder(link: ControlLink, frame: WaitingFrame): void {
    const state = this.#states.get(link);
    if (!state) return;
    if (state.taking || !state.behind.isEmpty) this.#keep(link, state, state.behind, frame);
    else this.#run(link, state, frame);
  }

  /** Resolves when the statements that came over this link are counted; undefined: they are. */
  taking(link: ControlLink): Promise<void> | undefined {
    return this.#states.get(link)?.taking;
  }

  /** Compares ledgers again, since a beat of that node carried another digest. */
  compare(link: ControlLink): void {
    if (this.#states.has(link)) link.send({ type: 'ledger', digest: this.#parts.ledger.standing.digest });
  }

  /** Handles the other side's digest. */
  ledger(link: ControlLink, { digest }: ControlMessageOf<'ledger'>): void {
    const { ledger } = this.#parts;
    const state = this.#states.get(link);
    if (!state) return;
    if (digest !== ledger.standing.digest) {
      this.#sendIds(link, state);
      return;
    }
    if (!ledger.isMember(link.peer)) return this.#dismiss(link);
    ledger.met();
    this.#welcome(link, state);
  }

  /** Handles a list of the statements that the other side holds. */
  have(link: ControlLink, { ids, more }: ControlMessageOf<'have'>): void {
    const state = this.#states.get(link);
    if (!state) return;
    for (const id of ids) if (state.ids.size < MAX_IDS) state.ids.add(id);
    if (more) return;
    const theirs = state.ids;
    state.ids = new Set();
    this.#sendIds(link, state);
    state.isIdsSent = false;
    if (this.#parts.ledger.isMember(link.peer)) this.#sendMissing(link, state, theirs);
    else this.#owe(link, state, theirs);
    this.#judge(link, state);
  }

  /** Handles statements that this side lacks. */
  statements(link: ControlLink, frame: ControlMessageOf<'statements'>): void {
    const state = this.#states.get(link);
    if (!state) return;
    const taking = this.#take(link, state, frame)
      .catch((error: unknown) => {
        // Later frames would be judged by an incomplete ledger, so the link ends and the peer connects again.
        faults.tell('statements', error);
        this.#dismiss(link);
      })
      .finally(() => {
        if (state.taking !== taking) return;
        state.taking = undefined;
        this.#runWaiting(link, state);
      });
    state.taking = taking;
  }

  #run(link: ControlLink, state: LedgerSyncState, frame: WaitingFrame): void {
    if (state.isWelcome || FRAMES_BEFORE_MEMBERSHIP.has(frame.message.type)) frame.handle();
    else this.#keep(link, state, state.held, frame);
  }

  #keep(link: ControlLink, state: LedgerSyncState, where: WaitingFrames, frame: WaitingFrame): void {
    const budget = where.keep(frame, state.isWelcome);
    if (budget === undefined) return;
    this.#parts.over(link, budget);
    this.#dismiss(link);
  }

  /** Handles waiting frames in order. One of them may bring statements, for which the following ones wait again. */
  #runWaiting(link: ControlLink, state: LedgerSyncState): void {
    while (!state.taking && this.#states.has(link)) {
      const frame = state.behind.next();
      if (!frame) return;
      faults.guard('a frame', () => this.#run(link, state, frame));
    }
  }

  async #take(
    link: ControlLink,
    state: LedgerSyncState,
    frame: ControlMessageOf<'statements'>,
  ): Promise<void> {
    const { ledger } = this.#parts;
    state.characters += lengthOf(frame.statements);
    if (!state.isWelcome && state.characters > GUEST_CHARACTERS) {
      this.#dismiss(link);
      return;
    }
    const { refused } = await ledger.take(frame.statements, link.peer, state.number);
    if (!this.#states.has(link)) return;
    if (refused > 0) {
      this.#dismiss(link);
      return;
    }
    if (frame.more) return;
    state.number = this.#nextNumber();
    state.isReceived = true;
    this.#judge(link, state);
    this.#askForMissing(link, state);
  }

  /** Asks for the missing past of statements that came, once for the same ids: perhaps no node has it. */
  #askForMissing(link: ControlLink, state: LedgerSyncState): void {
    const missing = [...this.#parts.ledger.missing].sort().join();
    if (missing === state.asked || !this.#states.has(link)) return;
    state.asked = missing;
    if (missing !== '') this.#sendIds(link, state);
  }

  /** Sends new statements to all nodes that may lack them. */
  spread(statements: readonly Signed[], from: NodeId | undefined): void {
    for (const [link, { isWelcome }] of this.#states) {
      if (isWelcome && link.peer !== from) sendStatements(link, statements);
    }
  }

  /** To be called when the members changed. A new member gets the rest of the ledger; a removed one gets its removal, and its link ends. */
  settle(): void {
    const { ledger } = this.#parts;
    for (const [link, state] of [...this.#states]) {
      const isMember = ledger.isMember(link.peer);
      if (isMember && state.owed) this.#sendMissing(link, state, state.owed);
      if (!isMember && state.isWelcome) this.#dismiss(link);
    }
  }

  /**
   * Anybody who knows the office id, such as from an old link, may connect with a new key. So a node that is no member here gets only
   * the statements that prove this node's membership, by which two nodes that were admitted apart can recognize each other. A removed
   * node gets nothing.
   */
  #owe(link: ControlLink, state: LedgerSyncState, theirs: ReadonlySet<StatementId>): void {
    const { ledger } = this.#parts;
    state.owed = theirs;
    if (ledger.removalOf(link.peer)) return;
    const shown = this.#lacking(theirs, ledger.plain.withPast(ledger.plain.rightsOf(ledger.node)));
    if (shown.length > 0) sendStatements(link, shown, { isLast: false });
  }

  #lacking(theirs: ReadonlySet<StatementId>, ids: readonly StatementId[]): Signed[] {
    const { ledger } = this.#parts;
    return ids.flatMap((id) => (theirs.has(id) ? [] : (ledger.get(id) ?? [])));
  }

  #sendMissing(link: ControlLink, state: LedgerSyncState, theirs: ReadonlySet<StatementId>): void {
    sendStatements(link, this.#lacking(theirs, this.#parts.ledger.ids));
    state.owed = undefined;
    state.isSent = true;
  }

  #judge(link: ControlLink, state: LedgerSyncState): void {
    const { ledger } = this.#parts;
    if (!state.isReceived || (!state.isSent && !state.owed)) return;
    if (!ledger.isMember(link.peer)) return this.#dismiss(link);
    state.isSent = state.isReceived = false;
    ledger.met();
    this.#welcome(link, state);
  }

  #welcome(link: ControlLink, state: LedgerSyncState): void {
    state.cancelGuest?.();
    state.cancelGuest = undefined;
    if (state.isWelcome) return;
    state.isWelcome = true;
    this.#parts.welcome(link);
    for (const { handle } of state.held.takeAll()) faults.guard('a frame', handle);
  }

  #dismiss(link: ControlLink): void {
    const { ledger } = this.#parts;
    const owed = this.#states.get(link)?.owed;
    const removal = ledger.removalOf(link.peer);
    this.down(link);
    if (removal !== undefined) {
      // The removal counts only with its past. Later statements are not for a removed node.
      const ids = owed ? ledger.plain.withPast([removal]) : [removal];
      sendStatements(link, this.#lacking(owed ?? new Set(), ids));
    }
    link.close();
  }

  #sendIds(link: ControlLink, state: LedgerSyncState): void {
    if (state.isIdsSent) return;
    state.isIdsSent = true;
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
