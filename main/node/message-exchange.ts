import { signReceipt, verifyHeader, verifyManifest, type Identity } from '../identity/index.ts';
import type { MediaWorker, Target } from '../media/index.ts';
import {
  fromBase64url,
  headerSchema,
  manifestSchema,
  readStatement,
  type Fragment,
  type Header,
  type MessageId,
  type NodeId,
  type Receipt,
  type Signed,
} from '../model/index.ts';
import type { ControlLink } from '../signalling/index.ts';
import type { MessageStore, StoredMessage } from '../store/index.ts';
import type { Beats } from './beats.ts';
import { Gathering } from './gathering.ts';
import type { Incoming } from './incoming.ts';
import type { Links } from './links.ts';
import type { Player } from './player.ts';
import type { ReceiptExchange } from './receipt-exchange.ts';
import type { Relay } from './relay.ts';
import type { Roster } from './roster.ts';

export interface MessageExchangeParts {
  readonly identity: Identity;
  readonly store: MessageStore;
  readonly media: MediaWorker;
  readonly roster: Roster;
  readonly links: Links;
  readonly relay: Relay;
  readonly receipts: ReceiptExchange;
  readonly beats: () => Beats;
  readonly incoming: () => Incoming;
  readonly player: () => Player;
  readonly switchNode: () => NodeId | undefined;
  /** This node is the switch or standby: it holds, sealed, also what is not for it. */
  readonly keeps: () => boolean;
  /** Where that node's fragments come from and go to. */
  readonly mediaOf: (node: NodeId) => Target | undefined;
  readonly messageChanged: (id: MessageId) => void;
  readonly log: (line: string) => void;
}

/** Headers, fragments and manifests between this node and the others: each message becomes whole wherever it has to be. */
export class MessageExchange {
  readonly gathering: Gathering;
  readonly #parts: MessageExchangeParts;
  /** Who else can be asked for a message: links over which it was announced. */
  readonly #holders = new Map<MessageId, Set<ControlLink>>();

  constructor(parts: MessageExchangeParts) {
    this.#parts = parts;
    this.gathering = new Gathering(parts.store, (message) => this.#sourceOf(message));
  }

  // ---- what others say

  /** A message begins, or is told of; `link` is undefined where its header came beside the fragments. */
  header(signed: Signed, link: ControlLink | undefined): void {
    const { store, roster, log, relay } = this.#parts;
    const said = readStatement(signed, headerSchema);
    if (!said || said.talker === roster.self) return;
    if (link) this.#addHolder(said.id, link);
    const known = store.get(said.id);
    const keeps = this.#parts.keeps();
    if (known && (known.roles.keeps || !keeps)) return this.gathering.watch(said.id);
    const key = roster.keyOf(said.talker);
    const header = key && verifyHeader(signed, fromBase64url(key));
    if (!header)
      return log(`A message of ${said.talker} was passed over: it is not signed by a known member.`);
    const isMine = header.recipients.includes(roster.self);
    if (store.wasDeleted(header.id) || (!isMine && !keeps)) return;
    const message = store.begin(signed, header, { ...(isMine ? { mine: 'recipient' as const } : {}), keeps });
    if (!known) {
      this.#begin(message, isMine);
      relay.announce(signed, header, link);
    }
    this.gathering.watch(header.id);
  }

  manifest(signed: Signed, link: ControlLink): void {
    const { store, roster, incoming, relay } = this.#parts;
    const said = readStatement(signed, manifestSchema);
    const message = said && store.get(said.id);
    const key = said && roster.keyOf(said.talker);
    const manifest = key && verifyManifest(signed, fromBase64url(key));
    if (!message || !manifest || message.roles.mine === 'talker') return;
    if (message.manifest) return this.gathering.watch(manifest.id);
    if (message.roles.mine === 'recipient') incoming().ended(manifest.id, manifest.count);
    void store.setManifest(manifest.id, signed, manifest).then(() => this.gathering.watch(manifest.id));
    relay.end(signed, message.header.facts, link);
  }

  fragments(link: ControlLink, id: MessageId, fragments: readonly Fragment[]): void {
    if (!this.gathering.accept(link, id, fragments)) return;
    if (this.#parts.incoming().isLive(id)) this.#parts.media.post({ type: 'feed', id, fragments });
  }

  linkLost(link: ControlLink): void {
    for (const holders of this.#holders.values()) holders.delete(link);
    this.gathering.linkLost(link);
  }

  // ---- what this node says

  announceOwn(signed: Signed, facts: Header): void {
    const { beats, roster, links, relay, switchNode } = this.#parts;
    const leader = switchNode();
    for (const node of new Set([...facts.recipients, ...(leader ? [leader] : [])])) {
      const address = beats().addressOf(node);
      if (address && node !== roster.self) beats().sendHeader(address, signed);
    }
    links.upstream?.send({ type: 'announce', header: signed });
    relay.announce(signed, facts, undefined);
  }

  endOwn(manifest: Signed): void {
    const { store, links, relay } = this.#parts;
    const facts = readStatement(manifest, manifestSchema);
    const message = facts && store.get(facts.id);
    if (!message) return;
    links.upstream?.send({ type: 'manifest', manifest });
    relay.end(manifest, message.header.facts, undefined);
  }

  /** A message of this node that nobody speaks: whole from the beginning, and told as one that was spoken. */
  hand(signed: Signed, facts: Header, manifest: Signed): void {
    this.announceOwn(signed, facts);
    this.endOwn(manifest);
  }

  /** All of it is on this node's disk: who spoke it is told. */
  complete(id: MessageId): void {
    const { store, media, identity, incoming, player, receipts } = this.#parts;
    this.gathering.settled(id);
    this.#holders.delete(id);
    const message = store.get(id);
    if (!message || message.roles.mine === 'talker') return;
    if (!incoming().isLive(id) && player().playback?.id !== id) media.post({ type: 'forget', id });
    if (message.roles.mine === 'recipient') return incoming().received(id);
    const receipt: Receipt = { v: 1, id, node: identity.nodeId, state: 'stored', at: Date.now() };
    const signed = signReceipt(identity, receipt);
    if (store.setReceipt(signed, receipt)) receipts.receipt(signed, receipt, undefined);
  }

  // ---- where things are

  #begin(message: StoredMessage, isMine: boolean): void {
    const { incoming, media, mediaOf, messageChanged } = this.#parts;
    const { facts: header } = message.header;
    if (isMine) void incoming().begin(message, message.manifest !== undefined);
    else {
      const talker = mediaOf(header.talker) ?? null;
      media.post({ type: 'receive-sealed', id: header.id, ssrc: header.ssrc, talker });
    }
    messageChanged(header.id);
  }

  #addHolder(id: MessageId, link: ControlLink): void {
    if (this.#parts.store.get(id)?.state === 'complete') return;
    const holders = this.#holders.get(id) ?? new Set<ControlLink>();
    this.#holders.set(id, holders.add(link));
  }

  #sourceOf(message: StoredMessage): ControlLink | undefined {
    const { links } = this.#parts;
    const { talker } = message.header.facts;
    return links.to(talker) ?? links.upstream ?? [...(this.#holders.get(message.id) ?? [])][0];
  }
}
