import { verifyHeader, verifyManifest } from '../identity/index.ts';
import {
  fromBase64url,
  headerSchema,
  manifestSchema,
  readStatement,
  type Emitter,
  type Fragment,
  type Header,
  type Manifest,
  type MessageId,
  type Signed,
} from '../model/index.ts';
import type { Statement, StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import type { MessageEvents } from './events.ts';
import type { FragmentFetcher } from './fragment-fetcher.ts';
import type { Holders } from './holders.ts';
import type { Inbox } from './inbox.ts';
import type { Player } from './player.ts';
import type { MediaPort, OfficePort, PeerLink } from './ports.ts';
import type { ReceiptSync } from './receipt-sync.ts';
import type { SwitchForwarder } from './switch-forwarder.ts';

export interface MessageSyncParts {
  readonly archive: Archive;
  readonly media: MediaPort;
  readonly office: OfficePort;
  readonly forwarder: SwitchForwarder;
  readonly receipts: ReceiptSync;
  readonly holders: Holders;
  readonly fetcher: FragmentFetcher;
  readonly inbox: Inbox;
  readonly player: Player;
  readonly events: Emitter<MessageEvents>;
  readonly log: (line: string) => void;
}

/** Headers, fragments and manifests between this node and the others: each message becomes whole wherever it has to be. */
export class MessageSync {
  readonly #parts: MessageSyncParts;

  constructor(parts: MessageSyncParts) {
    this.#parts = parts;
    const { read } = parts.archive;
    read.on('complete', (id) => this.#complete(id));
    read.on('damaged', (id) => {
      parts.receipts.sign(id, 'lost');
      parts.fetcher.fetch(id);
    });
  }

  // ---- what other nodes send

  /** A message begins, or is announced later; `link` is undefined where its header came beside the fragments. */
  header(signed: Signed, link: PeerLink | undefined): void {
    const { archive, office, holders, fetcher, forwarder, log } = this.#parts;
    const claimed = readStatement(signed, headerSchema);
    if (!claimed || claimed.talker === office.self) return;
    if (link) holders.add(claimed.id, link);
    const known = archive.read.get(claimed.id);
    const keeps = this.#keepsForOffice;
    if (known && (known.roles.keeps || !keeps)) return fetcher.watch(claimed.id);
    const signingKey = office.signingKeyOf(claimed.talker);
    const facts = signingKey === undefined ? undefined : verifyHeader(signed, fromBase64url(signingKey));
    if (!facts)
      return log(`A message of ${claimed.talker} was passed over: it is not signed by a known member.`);
    const isMine = facts.recipients.includes(office.self);
    if (archive.read.wasDeleted(facts.id) || (!isMine && !keeps)) return;
    const message = archive.begin(
      { signed, facts },
      { ...(isMine ? { mine: 'recipient' as const } : {}), keeps },
    );
    if (!known) {
      this.#begin(message, isMine);
      forwarder.announce(signed, facts, link);
    }
    fetcher.watch(facts.id);
  }

  /** A message has ended. */
  manifest(signed: Signed, link: PeerLink): void {
    const { archive, office, fetcher, inbox, forwarder } = this.#parts;
    const claimed = readStatement(signed, manifestSchema);
    const message = claimed && archive.read.get(claimed.id);
    const signingKey = claimed && office.signingKeyOf(claimed.talker);
    const facts = signingKey === undefined ? undefined : verifyManifest(signed, fromBase64url(signingKey));
    if (!message || !facts || message.roles.mine === 'talker') return;
    // Any member can sign an end; only the talker's ends this message.
    if (facts.talker !== message.header.facts.talker) return;
    if (message.manifest) return fetcher.watch(facts.id);
    if (message.roles.mine === 'recipient') inbox.ended(facts.id, facts.count);
    void archive.end({ signed, facts }).then(() => fetcher.watch(facts.id));
    forwarder.end(signed, message.header.facts, link);
  }

  /** Fragments over a link: kept where they were asked for, and heard where the message sounds now. */
  fragments(link: PeerLink, id: MessageId, fragments: readonly Fragment[]): void {
    const { fetcher, inbox, media } = this.#parts;
    if (!fetcher.accept(link, id, fragments)) return;
    if (inbox.isLive(id)) media.post({ type: 'play-fragments', id, fragments });
  }

  linkLost(link: PeerLink): void {
    this.#parts.holders.linkLost(link);
    this.#parts.fetcher.linkLost(link);
  }

  // ---- what this node sends

  /** A message of this node begins: its recipients and the switch learn of it at once, by datagram and over links. */
  announceOwn({ signed, facts }: Statement<Header>): void {
    const { office, forwarder } = this.#parts;
    const { switchNode } = office;
    for (const node of new Set([...facts.recipients, ...(switchNode ? [switchNode] : [])])) {
      if (node !== office.self) office.sendHeader(node, signed);
    }
    office.upstream?.send({ type: 'announce', header: signed });
    forwarder.announce(signed, facts, undefined);
  }

  endOwn({ signed, facts }: Statement<Manifest>): void {
    const { archive, office, forwarder } = this.#parts;
    const message = archive.read.get(facts.id);
    if (!message) return;
    office.upstream?.send({ type: 'manifest', manifest: signed });
    forwarder.end(signed, message.header.facts, undefined);
  }

  /** All of it is on this node's disk: the talker may know. */
  #complete(id: MessageId): void {
    const { archive, media, holders, fetcher, inbox, player, receipts } = this.#parts;
    fetcher.settled(id);
    holders.forget(id);
    const message = archive.read.get(id);
    if (!message || message.roles.mine === 'talker') return;
    if (!inbox.isLive(id) && player.playback?.id !== id) media.post({ type: 'forget', id });
    if (message.roles.mine === 'recipient') inbox.received(id);
    else receipts.sign(id, 'stored');
  }

  #begin(message: StoredMessage, isMine: boolean): void {
    const { inbox, media, office, events } = this.#parts;
    const { id, ssrc, talker } = message.header.facts;
    if (isMine) void inbox.begin(message);
    else media.post({ type: 'receive-sealed', id, ssrc, talker: office.mediaAddressOf(talker) ?? null });
    events.emit('message', id);
  }

  /** This node is the switch or the standby: it holds, sealed, also what is not for it. */
  get #keepsForOffice(): boolean {
    const { self, switchNode, standbyNode } = this.#parts.office;
    return switchNode === self || standbyNode === self;
  }
}
