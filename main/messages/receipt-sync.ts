import {
  BUDGETS,
  NewestMap,
  readStatement,
  receiptSchema,
  type Clock,
  type Emitter,
  type Header,
  type MessageId,
  type NodeId,
  type Receipt,
  type ReceiptState,
  type Signed,
} from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import { readersOf, type Statement, type StoredMessage } from '../store/index.ts';
import type { Archive, HowHeard } from './archive.ts';
import { isHeardByAll } from './copies.ts';
import type { MessageEvents } from './events.ts';
import { MAX_EARLY_RECEIPTS, MAX_PROGRESS } from './limits.ts';
import { isOwnOther } from './own-others.ts';
import { OwnReports } from './own-reports.ts';
import type { OfficePort, PeerLink } from './ports.ts';
import type { Engaged, Progress, Report } from './states.ts';
import type { SwitchForwarder } from './switch-forwarder.ts';

/** The copies of this node's own messages. */
interface CopiesPort {
  /** Whether a node that is no recipient keeps the message. */
  isKeeper(id: MessageId, node: NodeId): boolean;
  /** Handles a node's new statement on whether it holds a message of this node. */
  said(receipt: Receipt): void;
  /** A node that was asked to prove that it holds a message of this node says that it does not. */
  denied(receipt: Receipt): void;
}

interface ReceiptSyncParts {
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly forwarder: SwitchForwarder;
  readonly copies: CopiesPort;
  readonly events: Emitter<MessageEvents>;
  readonly clock: Clock;
}

/** Reports to the talker how far a message came at its recipients: signed receipts, and progress. */
export class ReceiptSync {
  readonly #parts: ReceiptSyncParts;
  readonly #own: OwnReports;
  readonly #progress = new NewestMap<MessageId, Map<NodeId, Report>>(MAX_PROGRESS);
  /** Progress that came before the header: a recipient's report can reach the switch before the talker's header does. */
  readonly #early = new NewestMap<
    string,
    { readonly said: ControlMessageOf<'progress'>; readonly link: PeerLink }
  >(MAX_PROGRESS);

  /** Receipts of another computer of this person for messages that are not here yet. */
  readonly #earlyReceipts = new NewestMap<MessageId, { readonly signed: Signed; readonly link: PeerLink }>(
    MAX_EARLY_RECEIPTS,
  );

  constructor(parts: ReceiptSyncParts) {
    this.#parts = parts;
    this.#own = new OwnReports(parts);
  }

  /** What recipients' nodes reported about a message that is being spoken. */
  progressOf(id: MessageId): ReadonlyMap<NodeId, Report> {
    return this.#progress.get(id) ?? new Map<NodeId, Report>();
  }

  /** Signs how far the message came on this node, and sends the receipt towards the talker. False where that is known already. */
  sign(id: MessageId, state: ReceiptState): boolean {
    const receipt = this.#parts.archive.sign(id, state);
    if (receipt) this.#tell(receipt);
    return receipt !== undefined;
  }

  /** The same, once it is noted here that this node's person heard the message, for the talker and the person's other computers. */
  async signHeard(id: MessageId, how: HowHeard = {}): Promise<void> {
    const { archive, events } = this.#parts;
    const receipt = await archive.signHeard(id, how);
    if (!receipt) return;
    this.#tell(receipt);
    events.emit('heard', receipt);
  }

  /** As `sign`, where this node handed the message on to that person. */
  handedOn(id: MessageId, to: NodeId): void {
    const receipt = this.#parts.archive.signHandedOn(id, to);
    if (receipt) this.#tell(receipt);
  }

  /** Repeats over this link this node's latest statement on whether it holds the message, with its present store. */
  repeat(id: MessageId, link: PeerLink): void {
    const { archive, office } = this.#parts;
    const message = archive.read.get(id);
    if (!message) return;
    if (message.state === 'complete')
      archive.sign(id, message.roles.mine === 'recipient' ? 'received' : 'stored');
    const word = archive.read.get(id)?.holding.find(({ facts }) => facts.node === office.self);
    if (word) link.send({ type: 'receipt', receipt: word.signed });
  }

  /**
   * Handles another node's receipt: keeps it if it is genuine, new, and signed by a node that receives or keeps the message, and passes
   * it on.
   * @param talker as the recipient's node names it, for a switch that does not hold the message
   */
  receive(signed: Signed, link: PeerLink, talker?: NodeId): void {
    const { archive, office, forwarder, copies } = this.#parts;
    const claimed = readStatement(signed, receiptSchema);
    const message = claimed && archive.read.get(claimed.id);
    const header = message?.header.facts;
    if (!message || !header) return claimed && this.#receiveOfUnknown(claimed, { signed, link, talker });
    const concerns =
      readersOf(message).recipients.includes(claimed.node) ||
      copies.isKeeper(claimed.id, claimed.node) ||
      this.#isOfHolder(claimed, message);
    // Only the talker knows which nodes it asked to keep the message. Other nodes pass on what those say, and do not keep it.
    if (!concerns && (header.talker === office.self || link.peer !== claimed.node)) return;
    // It answers a question of now, whatever its clock said when it signed that it held the message.
    if (claimed.state === 'lost' && claimed.node === link.peer) copies.denied(claimed);
    // After a reconnect most receipts are known already: looking one up costs nothing, checking a signature does.
    if (concerns && !archive.lacks(claimed)) return;
    const signingKey = office.signingKeyOf(claimed.node);
    if (signingKey === undefined) return;
    const receipt = concerns ? archive.accept(signed, signingKey) : archive.verify(signed, signingKey);
    if (!receipt) return;
    this.#forward(receipt, link);
    if (this.#isOfHolder(claimed, message)) forwarder.toStandby(receipt, link);
    if (concerns) this.#parts.events.emit('receipt', receipt.facts);
    if (header.talker === office.self) copies.said(receipt.facts);
  }

  /**
   * This person's messages that, by the receipts here, somebody has not heard yet: the newest, as many as one question may name.
   */
  lacking(): MessageId[] {
    const { archive, office } = this.#parts;
    return archive.read
      .those('unheardOfOwn')
      .filter((message) => !isHeardByAll(message, office))
      .slice(-BUDGETS.receiptsAsked.perPeer.atOnce)
      .reverse()
      .map(({ id }) => id);
  }

  /** Reports what happens to the message here while it is still being spoken. `engaged`: why it waits. */
  sendProgress(id: MessageId, state: Progress, engaged: Engaged = {}): void {
    const header = this.#parts.archive.read.get(id)?.header.facts;
    if (header) this.#own.progress(id, header.talker, { ...engaged, state });
  }

  /** The same, of a page that is not kept here. */
  passes({ id, talker }: Header): void {
    this.#own.progress(id, talker, { state: 'notified' });
  }

  /** Reports that this node has no room for the message. */
  deny({ id, talker }: Header, denial: Signed): void {
    this.#own.receipt(id, talker, denial);
  }

  /** To be called when a link is up, or colleagues are online: tells talkers what they may not have got. */
  look(): void {
    this.#own.look();
  }

  linkLost(link: PeerLink): void {
    this.#own.linkLost(link);
  }

  /** The header of a message has come: handles the reports that came before it. */
  begun(id: MessageId): void {
    const early = this.#earlyReceipts.get(id);
    this.#earlyReceipts.delete(id);
    if (early) this.receive(early.signed, early.link);
    for (const [key, { said, link }] of [...this.#early]) {
      if (said.id !== id) continue;
      this.#early.delete(key);
      this.receiveProgress(said, link);
    }
  }

  receiveProgress(said: ControlMessageOf<'progress'>, link: PeerLink): void {
    const { archive, office, forwarder } = this.#parts;
    const { id, node } = said;
    const isItsOwn = link.peer === node;
    // A member speaks for itself; the switch passes on what members reported.
    if (!isItsOwn && link !== office.upstream) return;
    const header = archive.read.get(id)?.header.facts;
    if (header && !header.recipients.includes(node)) return;
    const report = reportIn(said);
    // A switch that does not hold the message passes the report to the talker whom the recipient names.
    const talker = header?.talker ?? (isItsOwn ? said.talker : undefined);
    if (talker !== undefined && talker !== office.self)
      forwarder.progress({ id, node, ...report }, talker, link);
    else if (header) this.#note(id, node, report);
    else this.#keepEarly(said, link);
  }

  #note(id: MessageId, node: NodeId, report: Report): void {
    const reports = this.#progress.get(id) ?? new Map<NodeId, Report>();
    this.#progress.set(id, reports.set(node, report));
    this.#parts.events.emit('message', id);
  }

  #receiveOfUnknown(
    { id, node }: Receipt,
    { signed, link, talker }: { signed: Signed; link: PeerLink; talker: NodeId | undefined },
  ): void {
    const { office, forwarder } = this.#parts;
    if (isOwnOther(office, link.peer)) this.#earlyReceipts.set(id, { signed, link });
    // The talker verifies it.
    if (talker !== undefined && talker !== office.self && link.peer === node)
      forwarder.receipt(signed, talker, link);
  }

  #keepEarly(said: ControlMessageOf<'progress'>, link: PeerLink): void {
    this.#early.set(`${said.id} ${said.node}`, { said, link });
  }

  /** Sends this node's receipt towards the talker, and to the switch, also where that is not on the way. */
  #tell({ signed, facts: { id } }: Statement<Receipt>): void {
    const { archive, office, forwarder } = this.#parts;
    const talker = archive.read.get(id)?.header.facts.talker;
    if (talker === undefined || talker === office.self) return;
    this.#own.receipt(id, talker, signed);
    const { upstream } = office;
    if (forwarder.wayTo(talker) !== upstream) upstream?.send({ type: 'receipt', receipt: signed, talker });
  }

  /**
   * Whether a node that is no recipient says whether it holds a message which this node keeps for the office. Switch and standby keep that:
   * they tell recipients who else has it.
   */
  #isOfHolder({ node, state }: Receipt, { header: { facts }, roles }: StoredMessage): boolean {
    const { self, switchNode, standbyNode } = this.#parts.office;
    const keepsForOffice = (self === switchNode || self === standbyNode) && roles.mine !== 'talker';
    const isOther = node !== facts.talker && !facts.recipients.includes(node);
    return keepsForOffice && isOther && (state === 'stored' || state === 'lost');
  }

  /** Passes another node's receipt on. */
  #forward({ signed, facts }: Statement<Receipt>, cameFrom: PeerLink): void {
    const { archive, office, forwarder } = this.#parts;
    const talker = archive.read.get(facts.id)?.header.facts.talker;
    if (talker !== undefined && talker !== office.self) forwarder.receipt(signed, talker, cameFrom);
  }
}

function reportIn({ state, isQueued, listensTo, isInCall }: ControlMessageOf<'progress'>): Report {
  if (!isQueued) return { state };
  return { state: 'queued', ...(listensTo !== undefined && { listensTo }), ...(isInCall && { isInCall }) };
}
