import {
  NewestMap,
  type Clock,
  type Header,
  type MessageId,
  type NodeId,
  type Receipt,
  type Signed,
} from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { Statement, StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
import { hasPassed, isAwaited, isWith, receiptsOf } from './copies.ts';
import { InboxAnswers, type InboxAnswerPorts, type InboxQuestion, type MayGoOn } from './inbox-answers.ts';
import type { KeySheets } from './key-sheets.ts';
import { ARRIVED_AFTER_MS, MAX_REPORTS } from './limits.ts';
import type { OfficePort, PeerLink } from './ports.ts';
import type { Report } from './states.ts';

type ReportFrame = ControlMessageOf<'receipt' | 'progress'>;

/** What another node reported to a talker, and went on from here. */
interface Passed {
  readonly talker: NodeId;
  readonly frame: ReportFrame;
  readonly cameFrom: PeerLink;
  readonly link: PeerLink;
  readonly sentAt: number;
}

/**
 * The switch's work for the office: it passes headers, hashes and manifests on to recipients and standby, passes receipts back to the
 * talker, and gives a node that comes back the messages that wait for it. Other nodes, which no node follows, only send their own reports by it.
 */
export class SwitchForwarder {
  readonly #read: MessageReader;
  readonly #office: OfficePort;
  readonly #sheets: KeySheets;
  readonly #inboxes: InboxAnswers;
  /** What others reported to talkers who had no link here: the newest of each node on each message. */
  readonly #waiting = new NewestMap<string, { readonly talker: NodeId; readonly frame: ReportFrame }>(
    MAX_REPORTS,
  );
  /** What went on: a talker's computer may have died already, which is seen of its link only later. */
  readonly #passed = new NewestMap<string, Passed>(MAX_REPORTS);
  readonly #clock: Clock;
  #standby: NodeId | undefined;

  constructor(read: MessageReader, office: OfficePort, sheets: KeySheets, ports: InboxAnswerPorts) {
    this.#read = read;
    this.#office = office;
    this.#sheets = sheets;
    this.#clock = ports.clock;
    this.#inboxes = new InboxAnswers((...answer) => this.#answer(...answer), ports);
  }

  /**
   * Sets the standby, which is announced all messages from now on. It asks for earlier ones itself once it knows that it is the standby.
   */
  setStandby(standby: NodeId | undefined): void {
    this.#standby = standby;
  }

  announce(header: Signed, facts: Header, cameFrom: PeerLink | undefined): void {
    for (const link of this.#concerned(facts, cameFrom)) this.#sheets.announce(link, header);
  }

  hashes(hashes: Signed, header: Header, cameFrom: PeerLink | undefined): void {
    for (const link of this.#concerned(header, cameFrom)) link.send({ type: 'hashes', hashes });
  }

  end(manifest: Signed, header: Header, cameFrom: PeerLink | undefined): void {
    for (const link of this.#concerned(header, cameFrom)) link.send({ type: 'manifest', manifest });
  }

  /** The link over which a report to that talker goes: its own where there is one, else the link to the switch. */
  wayTo(talker: NodeId): PeerLink | undefined {
    return this.#office.linkTo(talker) ?? this.#office.upstream;
  }

  /** Sends the receipt towards the talker. Returns the link over which it went; undefined: none is up. */
  receipt(receipt: Signed, talker: NodeId, cameFrom: PeerLink | undefined): PeerLink | undefined {
    return this.#report({ type: 'receipt', receipt }, talker, cameFrom, receipt.payload);
  }

  /** Tells the standby that a node holds a message, or does not hold it any more. */
  toStandby({ signed, facts }: Statement<Receipt>, cameFrom: PeerLink): void {
    const { self, switchNode, downstream } = this.#office;
    if (self !== switchNode || facts.node === this.#standby) return;
    const link = downstream.find(({ peer }) => peer === this.#standby);
    if (link !== cameFrom) link?.send({ type: 'receipt', receipt: signed });
  }

  /** As `receipt`. */
  progress(
    { id, node, ...report }: Report & { readonly id: MessageId; readonly node: NodeId },
    talker: NodeId,
    cameFrom: PeerLink | undefined,
  ): PeerLink | undefined {
    const { state } = report;
    const said = state === 'queued' ? ({ ...report, state: 'notified', isQueued: true } as const) : { state };
    return this.#report({ type: 'progress', id, node, ...said }, talker, cameFrom, `${id} ${node}`);
  }

  /**
   * Answers a member that asks for the messages waiting for it. The standby gets everything that recipients have not got yet. One answer
   * serves all requests that come before it begins.
   */
  inbox(link: PeerLink, asked?: InboxQuestion): void {
    this.#tellWhatWaited(link);
    this.#inboxes.ask(link, asked);
  }

  /** A link ended: its questions are not answered any more, and what went over it a moment ago goes another way, or waits. */
  linkLost(link: PeerLink): void {
    this.#inboxes.linkLost(link);
    for (const [key, { link: went, sentAt, frame, talker, cameFrom }] of [...this.#passed]) {
      if (went !== link) continue;
      this.#passed.delete(key);
      if (this.#clock.monotonic() - sentAt < ARRIVED_AFTER_MS) this.#report(frame, talker, cameFrom, key);
    }
  }

  close(): void {
    this.#inboxes.close();
  }

  /**
   * Announces the messages that the switch may lack, when this node begins to follow it. That is how two halves of an office merge.
   */
  merge(link: PeerLink): void {
    for (const message of this.#read.those('awaited'))
      if (isAwaited(message, this.#office) && !this.#isGranted(message)) this.#tell(link, message);
  }

  /** Tells what waits for that member, and how far its own messages came. */
  async #answer(link: PeerLink, { receiptsOf }: InboxQuestion, mayGoOn: MayGoOn): Promise<void> {
    const { peer } = link;
    const news = new Map(this.#newsFor(peer).map((message) => [message.id, message]));
    for (const message of [...news.values(), ...this.#spokenBy(peer, receiptsOf)]) {
      if (this.#isGranted(message)) continue;
      if (news.get(message.id) === message) this.#tell(link, message);
      else if (!news.has(message.id)) tellReceipts(link, message);
      const goesOn = mayGoOn();
      if (goesOn !== true && !(await goesOn)) return;
    }
  }

  /** What waits for that node. The standby is to have everything that anybody waits for. */
  #newsFor(node: NodeId): readonly StoredMessage[] {
    if (node !== this.#standby) return this.#read.awaitedBy(node);
    const awaited = this.#read.those('awaited');
    return awaited.filter((message) => isAwaited(message, this.#office) || isAwaitedBy(message, node));
  }

  /** The messages of a talker whose receipts it asks for; an earlier version asks for those of all. */
  #spokenBy(talker: NodeId, asked: readonly MessageId[] | undefined): readonly StoredMessage[] {
    const all = asked ? [...new Set(asked)].flatMap((id) => this.#read.get(id) ?? []) : this.#read.list();
    return all.filter(({ header }) => header.facts.talker === talker);
  }

  /** Whether it came here later, as an older message for a further computer: the other nodes have announced it long ago. */
  #isGranted({ local, roles }: StoredMessage): boolean {
    const { self } = this.#office;
    const isGranted = local.grants?.some(({ node }) => node === self) === true;
    return roles.mine === 'recipient' && !roles.keeps && (isGranted || local.sealed === true);
  }

  #tell(link: PeerLink, message: StoredMessage): void {
    this.#sheets.announce(link, message.header.signed);
    if (message.manifest) link.send({ type: 'manifest', manifest: message.manifest.signed });
    tellReceipts(link, message);
  }

  /**
   * The switch may not hold the message, for example one that was received before it was elected, so it is told the talker. If the
   * talker has no link here now, as after an election, the switch keeps the report for a while.
   */
  #report(
    frame: ReportFrame,
    talker: NodeId,
    cameFrom: PeerLink | undefined,
    key: string,
  ): PeerLink | undefined {
    const { self, switchNode } = this.#office;
    const link = this.wayTo(talker);
    if (link && link !== cameFrom) {
      link.send(link.peer === talker ? frame : { ...frame, talker });
      const sentAt = this.#clock.monotonic();
      if (cameFrom) this.#passed.set(key, { talker, frame, cameFrom, link, sentAt });
      return link;
    }
    if (cameFrom && switchNode === self) this.#waiting.set(key, { talker, frame });
    return undefined;
  }

  #tellWhatWaited(link: PeerLink): void {
    for (const [key, { talker, frame }] of [...this.#waiting]) {
      if (talker !== link.peer) continue;
      this.#waiting.delete(key);
      link.send(frame);
    }
  }

  #concerned(header: Header, cameFrom: PeerLink | undefined): PeerLink[] {
    const nodes = new Set<NodeId>(header.recipients);
    if (this.#standby) nodes.add(this.#standby);
    nodes.delete(header.talker);
    nodes.delete(this.#office.self);
    return this.#office.downstream.filter((link) => nodes.has(link.peer) && link !== cameFrom);
  }
}

function tellReceipts(link: PeerLink, message: StoredMessage): void {
  for (const { signed } of receiptsOf(message)) link.send({ type: 'receipt', receipt: signed });
}

/** Whether `node` is a recipient without a receipt for the whole message. */
function isAwaitedBy(message: StoredMessage, node: NodeId): boolean {
  return message.header.facts.recipients.includes(node) && !isWith(message, node) && !hasPassed(message);
}
