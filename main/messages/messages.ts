import {
  Emitter,
  faults,
  type Fragment,
  type KnownNode,
  type MessageId,
  type NodeId,
  type NodeRecord,
  type Signed,
} from '../model/index.ts';
import type { MessageFrame } from '../signalling/index.ts';
import type { StoredMessage } from '../store/index.ts';
import { Archive, type MessageReader } from './archive.ts';
import { Arriving } from './arriving.ts';
import { BreakWatch } from './break-watch.ts';
import { CopySync } from './copy-sync.ts';
import { Composer, type Addressing } from './compose.ts';
import { Departures } from './departures.ts';
import { Ear } from './ear.ts';
import type { MessageEvents } from './events.ts';
import { Forgeries } from './forgeries.ts';
import { Floor } from './floor.ts';
import { Forwarding } from './forwarding.ts';
import { Gains } from './gains.ts';
import { FragmentFetcher } from './fragment-fetcher.ts';
import { Keeper } from './keeper.ts';
import { FragmentServer } from './fragment-server.ts';
import { frameRoutes, type FrameRoutes } from './frame-routes.ts';
import { HolderSearch } from './holder-search.ts';
import { HolderView } from './holder-view.ts';
import { Holders } from './holders.ts';
import { Inbox } from './inbox.ts';
import { KeptOfTalkers } from './kept-of-talkers.ts';
import { KeyPreparation } from './key-preparation.ts';
import { KeySheets } from './key-sheets.ts';
import { LogOfPeers } from './log-of-peers.ts';
import { MessageSync } from './message-sync.ts';
import { openMessage, type OpenedMessage } from './opened-message.ts';
import { OutgoingMessages } from './outgoing-messages.ts';
import { OwnComputers } from './own-computers.ts';
import { Player } from './player.ts';
import type { MessagesParts, PeerLink, ReachableSets } from './ports.ts';
import { ProofRequests } from './proof-requests.ts';
import { ProofServer } from './proof-server.ts';
import { ReadAloud } from './read-aloud.ts';
import { ReceiptSync } from './receipt-sync.ts';
import { ReplyWindow } from './reply-window.ts';
import { Return } from './return.ts';
import { Retention } from './retention.ts';
import { SenderKeys } from './sender-keys.ts';
import type { Report } from './states.ts';
import { SpokenNow } from './spoken-now.ts';
import { Succession } from './succession.ts';
import { SwitchForwarder } from './switch-forwarder.ts';
import { Turns } from './turns.ts';
import { Typed } from './typed.ts';
import { Unfinished } from './unfinished.ts';
import { VoucherSync } from './voucher-sync.ts';
import { Waveforms } from './waveforms.ts';
import { Whereabouts } from './whereabouts.ts';

/** A person's messages, for the node's whole life. The office, reached through its port, comes and goes meanwhile. */
export class Messages {
  readonly events = new Emitter<MessageEvents>((error) => faults.tell('messages', error));
  /** Reads the messages that are kept here. */
  readonly kept: MessageReader;
  readonly outgoing: OutgoingMessages;
  readonly ear: Ear;
  readonly inbox: Inbox;
  readonly player: Player;
  readonly turns: Turns;
  readonly replies: ReplyWindow;
  readonly gains: Gains;
  readonly waveforms: Waveforms;
  readonly retention: Retention;
  readonly typed: Typed;
  /** This person's other computers. */
  readonly own: OwnComputers;
  readonly #parts: MessagesParts;
  readonly #forwarding: Forwarding;
  readonly #forwarder: SwitchForwarder;
  readonly #receipts: ReceiptSync;
  readonly #server: FragmentServer;
  readonly #sync: MessageSync;
  readonly #vouchers: VoucherSync;
  readonly #copies: CopySync;
  readonly #requests: ProofRequests;
  readonly #proofs: ProofServer;
  readonly #return: Return;
  readonly #unfinished: Unfinished;
  readonly #keys: KeyPreparation;
  readonly #departures: Departures;
  readonly #succession: Succession;
  readonly #routes: FrameRoutes;
  readonly #closing: readonly { close(): void }[];
  #isStandby = false;

  constructor(parts: MessagesParts) {
    const { store, office, media } = parts;
    this.#parts = parts;
    const { events } = this;
    const kept = new KeptOfTalkers(parts);
    const archive = new Archive({ ...parts, kept });
    const log = new LogOfPeers({ ...parts, events });
    const { read } = archive;
    const senderKeys = new SenderKeys(parts);
    const sheets = new KeySheets({ ...parts, read, events });
    const composer = new Composer({ ...parts, senderKeys });
    const forwarder = new SwitchForwarder(read, office, sheets, parts);
    const requests = new ProofRequests({ ...parts, read });
    const copies = new CopySync({ ...parts, archive, requests, events });
    const receipts = new ReceiptSync({ ...parts, archive, forwarder, copies, events });
    const [arriving, spoken] = [new Arriving(), new SpokenNow(parts)];
    const holders = new Holders({ ...parts, read });
    const search = new HolderSearch({ ...parts, holders, found: (id) => fetcher.found(id) });
    const full = (id: MessageId) => sync.full(id);
    const fetcher: FragmentFetcher = new FragmentFetcher({ ...parts, archive, holders, search, full });
    const proofs = new ProofServer({ ...parts, archive, receipts, events, log });
    const floor = new Floor();
    const whereabouts = new Whereabouts(() => office.self);
    const aloud = new ReadAloud({ ...parts, read, events, log, open: (message) => this.typed.open(message) });
    const inbox: Inbox = new Inbox({
      ...{ ...parts, archive, receipts, arriving, spoken, floor, whereabouts, aloud, events, log },
      forward: (message, addressing, count) => forwarding.send(message, addressing, { count }),
    });
    const player = new Player({ ...parts, read, inbox, floor, fetcher, events });
    const sync = new MessageSync({
      ...{ ...parts, archive, forwarder, sheets, receipts, holders, fetcher, inbox, player },
      ...{ arriving, spoken, kept, proofs, events, log },
    });
    const forwarding: Forwarding = new Forwarding({ ...parts, archive, composer, sync });
    const ofEar = { ...parts, floor, inbox, player, events, cutOff: (id: MessageId) => sync.cutOff(id) };
    this.turns = new Turns({ ...ofEar, read });
    this.ear = new Ear(ofEar);
    this.replies = new ReplyWindow({ ...parts, inbox, turns: this.turns, events });
    const breaks = new BreakWatch({ ...ofEar, archive });
    this.gains = new Gains({ ...parts, read, inbox, floor, player });
    const mayTellOfFormer = (link: PeerLink) => sync.mayTellOfFormer(link);
    const vouchers = new VoucherSync({ ...parts, archive, forwarder, events, mayTellOfFormer });
    new Forgeries({ ...ofEar, archive, holders, fetcher, receipts, arriving, log });
    this.kept = read;
    this.inbox = inbox;
    this.player = player;
    const ofTalk = { ...parts, archive, composer, sync, vouchers, events };
    this.outgoing = new OutgoingMessages({ ...ofTalk, progressOf: (id) => receipts.progressOf(id) });
    this.typed = new Typed(ofTalk);
    this.waveforms = new Waveforms({ ...parts, archive });
    this.retention = new Retention({ ...parts, isSafe: (id) => copies.isSafe(id) });
    this.#forwarding = forwarding;
    this.#forwarder = forwarder;
    this.#receipts = receipts;
    const server = new FragmentServer(read, office, (id, node) => copies.isKeeper(id, node));
    const view = new HolderView({ ...parts, read, holders, server });
    this.#server = server;
    this.#copies = copies;
    this.#requests = requests;
    this.#proofs = proofs;
    const keeper = new Keeper({ ...parts, archive, holders, fetcher, sync, receipts, proofs, events });
    this.#sync = sync;
    this.#vouchers = vouchers;
    this.#unfinished = new Unfinished({ ...ofTalk, read, fetcher, holders, arriving });
    this.#return = new Return({ ...parts, lacking: () => receipts.lacking() });
    this.#keys = new KeyPreparation({ ...parts, composer, senderKeys, sheets });
    this.#departures = new Departures({ read, office, outgoing: this.outgoing, sync, copies, kept, events });
    this.#succession = new Succession({ ...parts, archive, forwarding, receipts, events });
    const ofOwn = { archive, inbox, whereabouts, sheets, kept, holders, fetcher, receipts, events };
    this.own = new OwnComputers({ ...parts, ...ofOwn });
    this.#routes = frameRoutes({
      ...{ sync, sheets, vouchers, server, fetcher, search, view, receipts, forwarder },
      ...{ copies, keeper, proofs, requests, own: this.own, unfinished: this.#unfinished },
    });
    this.#closing = [
      ...[this.#keys, sync.passing, this.own, this.turns, this.replies, this.#succession, this.waveforms],
      ...[this.retention, fetcher, forwarder, copies, this.#return, requests, inbox, aloud, breaks],
      this.#unfinished,
    ];
    media.on('received', ({ id, fragments }) => {
      if (!archive.append(id as MessageId, fragments)) full(id as MessageId);
    });
    media.on('early', ({ ssrc, n }) => spoken.early(ssrc, n));
    store.on('changed', (id) => events.emit('message', id));
    store.on('grown', (id) => events.emit('grown', id));
  }

  /** What recipients' nodes reported about a message that is being spoken. */
  progressOf(id: MessageId): ReadonlyMap<NodeRecord['node'], Report> {
    return this.#receipts.progressOf(id);
  }

  /** On how many other computers the message is, as far as they have proven it. */
  copies(message: StoredMessage): number {
    return this.#copies.copiesOf(message).length;
  }

  /** The own messages that must not be lost yet: some recipient has not got them, and fewer than two other nodes hold them. */
  outbox(): StoredMessage[] {
    return this.#copies.unsafe();
  }

  /** Seals a message that is held here for other people, and sends it. Returns the new message's id. @throws CorridorError */
  forward(message: StoredMessage, addressing: Addressing): Promise<MessageId> {
    return this.#forwarding.send(message, addressing);
  }

  /** @throws CorridorError where the message is not whole here, or cannot be opened */
  open(message: StoredMessage): Promise<OpenedMessage> {
    return openMessage(this.#parts.identity, this.kept, message);
  }

  /** As `Retention.delete`. The message stops where it sounds. */
  async delete(id: MessageId): Promise<boolean> {
    const deleted = await this.retention.delete(id);
    if (this.player.playback?.id === id) void this.player.skip();
    this.inbox.silence(id);
    this.events.emit('changed', undefined);
    if (deleted) this.events.emit('settled', id);
    return deleted;
  }

  close(): void {
    for (const part of this.#closing) part.close();
  }

  // ---- from the office

  /** Handles a header that came by a datagram of that node. */
  header(signed: Signed, from: NodeId): void {
    this.#sync.headerByDatagram(signed, from);
  }

  /** Handles hashes of fragments that came the same way. */
  hashes(signed: Signed, from: NodeId): void {
    this.#vouchers.byDatagram(signed, from);
  }

  frame(frame: MessageFrame, link: PeerLink): void {
    // The compiler does not see that a frame and the route of its type belong together.
    (this.#routes[frame.type] as (frame: MessageFrame, link: PeerLink) => void)(frame, link);
  }

  fragments(id: MessageId, fragments: readonly Fragment[], link: PeerLink): void {
    if (!this.#unfinished.own.take(link, id, fragments)) this.#sync.fragments(link, id, fragments);
  }

  /**
   * A link to the switch is up: announces the messages that the switch may lack, and asks for those that wait there.
   */
  linkUp(link: PeerLink): void {
    this.#forwarder.merge(link);
    link.send({ type: 'inbox', receiptsOf: this.#receipts.lacking() });
    this.#copies.linkUp(link);
    this.#receipts.look();
    this.#unfinished.linkUp(link);
    this.#return.linkUp();
  }

  linkDown(link: PeerLink): void {
    this.#server.stopAll(link);
    this.#forwarder.linkLost(link);
    this.#proofs.linkLost(link);
    this.#requests.linkLost(link);
    if (!this.#parts.office.upstream) this.#return.linkDown();
    this.#sync.linkLost(link);
    this.own.linkDown(link);
    this.#unfinished.own.linkLost(link);
  }

  /** Another node is the switch or the standby, or nobody is. */
  switchChanged(): void {
    const { self, switchNode, standbyNode, upstream } = this.#parts.office;
    this.#forwarder.setStandby(switchNode === self ? standbyNode : undefined);
    const wasStandby = this.#isStandby;
    this.#isStandby = standbyNode === self;
    // The switch may have announced messages before this node knew that it has to keep them.
    if (this.#isStandby && !wasStandby) upstream?.send({ type: 'inbox', receiptsOf: [] });
    this.outgoing.retarget();
  }

  /** These colleagues are online from now on. */
  expect(colleagues: readonly NodeRecord[]): void {
    this.#keys.expect(colleagues);
    this.#copies.rosterChanged();
    this.#receipts.look();
    this.#unfinished.expect();
    this.#succession.expect(colleagues);
    this.inbox.resume();
    this.#sync.unknown.look();
    this.own.expect();
  }

  /** Sets whom the talk key reaches from now on, and whom else one key press can. */
  choose(recipients: readonly KnownNode[], others: ReachableSets): void {
    this.#keys.choose(recipients, others);
  }

  /** To be called when the members may have changed. */
  membersChanged(): void {
    this.#departures.look();
  }
}
