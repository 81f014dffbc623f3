import {
  BUDGETS,
  faults,
  isAlone,
  isPassing,
  manifestSchema,
  readHeader,
  readStatement,
  type Clock,
  type Emitter,
  type Fragment,
  type Header,
  type MessageId,
  type NodeId,
  type Schedule,
  type Signed,
  PeerBudget,
} from '../model/index.ts';
import type { Statement, StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import { COMES_BY_LINK, type Arriving } from './arriving.ts';
import { endOf, headerOf } from './authors.ts';
import type { MessageEvents } from './events.ts';
import { isOverForNobody } from './for-nobody.ts';
import type { FragmentFetcher } from './fragment-fetcher.ts';
import type { Holders } from './holders.ts';
import type { Inbox } from './inbox.ts';
import { forReaders, type KeySheets } from './key-sheets.ts';
import type { KeptOfTalkers } from './kept-of-talkers.ts';
import type { LogOfPeers } from './log-of-peers.ts';
import { PassingPages } from './passing-pages.ts';
import type { Player } from './player.ts';
import type { MediaPort, OfficePort, PeerLink } from './ports.ts';
import type { ProofServer } from './proof-server.ts';
import type { ReceiptSync } from './receipt-sync.ts';
import { RecentIds } from './recent-ids.ts';
import { beginning } from './spoken-at.ts';
import type { SpokenNow } from './spoken-now.ts';
import type { SwitchForwarder } from './switch-forwarder.ts';
import { UnknownTalkers } from './unknown-talkers.ts';

interface MessageSyncParts {
  readonly archive: Archive;
  readonly media: MediaPort;
  readonly office: OfficePort;
  readonly forwarder: SwitchForwarder;
  readonly sheets: KeySheets;
  readonly receipts: ReceiptSync;
  readonly holders: Holders;
  readonly fetcher: FragmentFetcher;
  readonly inbox: Inbox;
  readonly player: Player;
  readonly arriving: Arriving;
  readonly spoken: SpokenNow;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly events: Emitter<MessageEvents>;
  readonly kept: KeptOfTalkers;
  readonly proofs: ProofServer;
  readonly log: LogOfPeers;
}

/** Exchanges headers, fragments and manifests with other nodes, until each message is whole at every node that has to hold it. */
export class MessageSync {
  readonly #parts: MessageSyncParts;
  readonly #byDatagram = new PeerBudget(BUDGETS.headersByDatagram);
  /** Messages whose talkers were told that they found no room here. */
  readonly #refused = new RecentIds();
  readonly passing: PassingPages;
  readonly unknown: UnknownTalkers;

  constructor(parts: MessageSyncParts) {
    this.#parts = parts;
    this.passing = new PassingPages(parts);
    this.unknown = new UnknownTalkers(parts.office);
    parts.archive.read.on('complete', (id) => this.#complete(id));
  }

  // ---- receiving

  /** Handles a header that came by datagram, beside the first fragments. Only its talker sends one that way. */
  headerByDatagram(signed: Signed, from: NodeId): void {
    const { clock, events, sheets, spoken } = this.#parts;
    if (!this.#byDatagram.take(from, clock.monotonic()))
      return events.emit('over', { node: from, budget: 'headersByDatagram' });
    if (!spoken.byDatagram(signed, from)) return;
    const readable = sheets.ofTalker(signed);
    if (readable) this.#header(readable, undefined, from);
  }

  /** Handles a header that came over a link: a message begins, or is announced later. */
  header(signed: Signed, link: PeerLink): void {
    const whole = this.#parts.sheets.completeOrAsk(signed, link);
    if (whole) this.#header(whole, link, link.peer);
  }

  #header(signed: Signed, link: PeerLink | undefined, from: NodeId): void {
    const { archive, office, sheets, log } = this.#parts;
    const claimed = readHeader(signed);
    if (!claimed) return;
    const known = archive.read.get(claimed.id);
    if (known) return this.#knownHeader(known, signed, link);
    const header = headerOf(signed, office, this.mayTellOfFormer(link));
    if (header) sheets.verified(signed);
    if (header) return this.#newHeader(header, link);
    if (link) this.unknown.met(claimed.talker, link);
    log.say(from, `A message of ${claimed.talker} was passed over: it is not signed by a known member.`);
  }

  /** A message has ended. */
  manifest(signed: Signed, link: PeerLink): void {
    const { archive, office, fetcher, inbox, forwarder, arriving, spoken } = this.#parts;
    const claimed = readStatement(signed, manifestSchema);
    const message = claimed && archive.read.get(claimed.id);
    if (!message || (message.roles.mine === 'talker' && message.manifest)) return;
    const { facts: header } = message.header;
    const end = endOf(header, signed, office, this.mayTellOfFormer(link));
    if (!end) return;
    const { id, count } = end.facts;
    if (message.manifest) return fetcher.watch(id);
    arriving.ended(id);
    spoken.ended(id);
    if (message.roles.mine === 'recipient') inbox.ended(id, count);
    archive
      .end(end)
      .then(() => fetcher.watch(id))
      .catch((error: unknown) => faults.tell('the end of a message', error));
    forwarder.end(signed, header, link);
  }

  /** Handles fragments that came over a link: keeps those that were asked for, and plays them if the message sounds now. */
  fragments(link: PeerLink, id: MessageId, fragments: readonly Fragment[]): void {
    const { fetcher, inbox, media, spoken } = this.#parts;
    const taken = fetcher.accept(link, id, fragments);
    if (taken.length > 0) spoken.byLink(id);
    if (taken.length > 0 && inbox.isLive(id)) media.post({ type: 'play-fragments', id, fragments: taken });
  }

  /** Ends live play of those talkers' messages. The fragments that came stay, and the person is notified. */
  silence(isOut: (talker: NodeId) => boolean): void {
    for (const { id, talker } of this.#parts.arriving.all) if (isOut(talker)) this.cutOff(id);
    // Words that are spoken here do not arrive any more.
    for (const { id, talker } of this.#parts.inbox.speaking) if (isOut(talker)) this.cutOff(id);
  }

  linkLost(link: PeerLink): void {
    const { receipts, holders, fetcher } = this.#parts;
    for (const part of [this.unknown, receipts, holders, fetcher]) part.linkLost(link);
  }

  // ---- sending

  /** Announces a message of this node that begins to its recipients and the switch, by datagram and over links. */
  announceOwn({ signed, facts }: Statement<Header>): void {
    const { office, forwarder, sheets } = this.#parts;
    const { switchNode, upstream } = office;
    const small = forReaders(signed, facts);
    for (const node of new Set([...facts.recipients, ...(switchNode ? [switchNode] : [])])) {
      if (node !== office.self && office.isMember(node)) office.sendHeader(node, small(node));
    }
    if (upstream) sheets.announce(upstream, signed);
    forwarder.announce(signed, facts, undefined);
  }

  /** Sends the manifest that is kept of a message of this node: never another one. */
  endOwn(id: MessageId): void {
    const { archive, office, forwarder } = this.#parts;
    const message = archive.read.get(id);
    if (!message?.manifest) return;
    const { signed } = message.manifest;
    office.upstream?.send({ type: 'manifest', manifest: signed });
    forwarder.end(signed, message.header.facts, undefined);
  }

  /** The whole message is on this node's disk: reports that to the talker. */
  #complete(id: MessageId): void {
    const { archive, media, holders, fetcher, inbox, player, receipts, arriving } = this.#parts;
    fetcher.settled(id);
    arriving.settled(id);
    holders.forget(id);
    const message = archive.read.get(id);
    if (!message || message.roles.mine === 'talker') return;
    if (!inbox.isLive(id) && player.playback?.id !== id) media.post({ type: 'forget', id });
    if (message.roles.mine === 'recipient') inbox.received(id);
    else if (!isPassing(message.header.facts)) receipts.sign(id, 'stored');
  }

  /** Handles a repeated announcement, perhaps by a node that can serve the message. Another header under the same id is ignored. */
  #knownHeader(known: StoredMessage, signed: Signed, link: PeerLink | undefined): void {
    const { archive, holders, fetcher, forwarder, sheets } = this.#parts;
    const { id, header } = known;
    if (known.roles.mine === 'talker' || header.signed.payload !== signed.payload) return;
    if (link) holders.add(id, link);
    const now = archive.setBeside(id, signed);
    if (now) sheets.verified(now.signed);
    if (now) forwarder.announce(now.signed, now.facts, link);
    if (!known.roles.keeps && this.#keepsForOffice) archive.begin(header, { keeps: true });
    fetcher.watch(id);
  }

  #newHeader(header: Statement<Header>, link: PeerLink | undefined): void {
    const { archive, office, holders, fetcher, forwarder, receipts } = this.#parts;
    const { id, recipients } = header.facts;
    const isForMe = recipients.includes(office.self) && !archive.read.wasDeleted(id);
    const isMine = isForMe && !this.passing.passes(header.facts);
    // What this person deleted is kept for others who have yet to get it.
    const keeps = this.#keepsForOffice && !archive.read.wasDeleted(id, 'keeps');
    if (!isMine && (!keeps || this.#isOverForNobody(header.facts))) return;
    if (this.#refuses(header.facts)) return;
    const mine = isMine ? { mine: 'recipient' as const } : {};
    const message = archive.begin(header, { ...mine, keeps }, beginning(header.facts, this.#parts, !link));
    this.passing.begun(message);
    if (link) holders.add(id, link);
    this.#begin(message, isMine, link !== undefined);
    forwarder.announce(header.signed, header.facts, link);
    receipts.begun(id);
    fetcher.watch(id);
  }

  /** Whether the message is refused, since its talker's messages use all the room here. The talker learns it, and announces it again later. */
  #refuses(header: Header): boolean {
    const { kept, events } = this.#parts;
    const budget = kept.isOver(header.talker);
    if (!budget) return false;
    events.emit('over', { node: header.talker, budget });
    this.#tellOfRefusal(header);
    return true;
  }

  /** Ends live play of a message; its fragments come over a link from now on. */
  cutOff(id: MessageId): void {
    this.#endLive(id);
    this.#parts.fetcher.watch(id);
  }

  #endLive(id: MessageId): void {
    const { arriving, inbox, media, player } = this.#parts;
    arriving.settled(id);
    // The person may hear the last words of it again.
    if (player.playback?.id === id) player.control('stop');
    inbox.giveWay(id);
    media.post({ type: 'forget', id });
  }

  /** No more fragments of the message find room. Those that are here stay, and the rest is asked for again later. */
  full(id: MessageId): void {
    const { archive, fetcher, events } = this.#parts;
    const message = archive.read.get(id);
    if (!message) return;
    const { facts: header } = message.header;
    this.#endLive(id);
    fetcher.pause(id);
    events.emit('over', { node: header.talker, budget: 'keptBytesOfTalker' });
    this.#tellOfRefusal(header);
  }

  #tellOfRefusal(header: Header): void {
    const { proofs, receipts } = this.#parts;
    if (this.#refused.add(header.id)) receipts.deny(header, proofs.denial(header.id));
  }

  #isOverForNobody(header: Header): boolean {
    const { archive, office, events } = this.#parts;
    if (!isOverForNobody(header, archive.read, office)) return false;
    events.emit('over', { node: header.talker, budget: 'forNobody' });
    return true;
  }

  #begin(message: StoredMessage, isMine: boolean, isByLink: boolean): void {
    const { inbox, media, office, events, arriving, clock } = this.#parts;
    const { id, ssrc, talker } = message.header.facts;
    const { isIn, giveWay, isTooMuch } =
      office.isMember(talker) && talker !== office.self
        ? arriving.begin(id, talker, clock.monotonic())
        : COMES_BY_LINK;
    if (isTooMuch) events.emit('over', { node: talker, budget: 'messagesAtOnce' });
    for (const other of giveWay) this.cutOff(other);
    if (isMine)
      inbox.begin(message, isByLink).catch((error: unknown) => faults.tell('a message that begins', error));
    else if (isIn && !isAlone(message.header.facts))
      media.post({ type: 'receive-sealed', id, ssrc, talker: office.mediaAddressOf(talker) ?? null });
    events.emit('message', id);
  }

  /**
   * Whether messages of talkers who were removed since are accepted over this link. Members accept them from the nodes that keep the
   * office's messages, and those accept them from any holder. The talker's own computer has no link, and its datagrams are ignored.
   */
  mayTellOfFormer(link: PeerLink | undefined): boolean {
    if (!link) return false;
    const { switchNode, standbyNode } = this.#parts.office;
    return this.#keepsForOffice || link.peer === switchNode || link.peer === standbyNode;
  }

  /** This node is the switch or the standby: it also keeps, sealed, messages that are for others. */
  get #keepsForOffice(): boolean {
    const { self, switchNode, standbyNode } = this.#parts.office;
    return switchNode === self || standbyNode === self;
  }
}
