import {
  isPassing,
  type Clock,
  type Emitter,
  type MessageId,
  type NodeId,
  type Random,
  type Receipt,
  type Schedule,
} from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import { AskedKeepers } from './asked-keepers.ts';
import { copiesOf, isAwaited, isHeardByAll, SAFE_COPIES, saysItHolds, whomToAsk } from './copies.ts';
import type { MessageEvents } from './events.ts';
import type { OfficePort, PeerLink } from './ports.ts';
import type { ProofRequests } from './proof-requests.ts';
import { shuffled } from './shuffled.ts';

/** The switch and its standby have this long after a message's end, ms; then others are asked, too. */
const KEEPERS_WITHIN_MS = 10_000;
/** A message that still lacks copies is looked after again after 10 s, then twice as long each time, up to this, ms. */
const LAST_LOOK_MS = 10 * 60 * 1000;
/** The store keeps this many proofs of a message at most. */
const MAX_PROOFS = 16;

interface CopySyncParts {
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly requests: ProofRequests;
  readonly events: Emitter<MessageEvents>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly random: Random;
}

/**
 * The copies of this node's own messages: which nodes are asked to keep one, which have proven that they do, and which is asked
 * where one is lost. A receipt alone proves nothing; what it is worth follows from the proof, the record, and what the node said
 * since.
 */
export class CopySync {
  readonly #parts: CopySyncParts;
  readonly #asked: AskedKeepers;
  /** The stores that the records of holders named when they were looked at last. */
  readonly #stores = new Map<NodeId, string | undefined>();
  /** The nodes that had no room at the last look. */
  #full: ReadonlySet<NodeId> = new Set();
  /** Links over which it was asked what their nodes hold. */
  readonly #met = new WeakSet<PeerLink>();
  #cancelLook: (() => void) | undefined;
  #lookAt = Infinity;
  #lookAfterMs = KEEPERS_WITHIN_MS;

  constructor(parts: CopySyncParts) {
    this.#parts = parts;
    this.#asked = new AskedKeepers(parts.clock);
    const { read } = parts.archive;
    read.on('complete', (id) => {
      const message = this.#own(id);
      if (!message) return;
      this.#lookSoon();
      // A holder that was quicker than this disk can be asked only now.
      for (const { facts } of message.holding) this.said(facts);
    });
    for (const { local } of read.list({ mine: 'talker' })) {
      for (const { node } of local.proofs ?? []) this.#stores.set(node, parts.office.storeIdOf(node));
    }
  }

  /** The nodes whose copies count. */
  copiesOf(message: StoredMessage): readonly NodeId[] {
    return copiesOf(message, this.#parts.office);
  }

  /** This node's messages that it must not lose yet: some recipient has not got them, and too few other nodes hold them. */
  unsafe(): StoredMessage[] {
    return this.#outbox().filter((message) => this.copiesOf(message).length < SAFE_COPIES);
  }

  /** Whether a node that is no recipient keeps the message: switch and standby do, and nodes that were asked. */
  isKeeper(id: MessageId, node: NodeId): boolean {
    const { self, switchNode, standbyNode } = this.#parts.office;
    if ([self, switchNode, standbyNode].includes(node) || this.#asked.has(id, node)) return true;
    return this.#own(id)?.local.proofs?.some((proof) => proof.node === node) ?? false;
  }

  /** Handles a node's new statement on whether it holds a message of this node. */
  said({ id, node, state }: Receipt): void {
    const message = this.#own(id);
    // Nobody keeps a copy of a page that is not to be kept.
    if (!message || isPassing(message.header.facts)) return;
    if (isHeardByAll(message, this.#parts.office)) this.#release(message);
    if (state === 'lost') {
      this.#parts.requests.failed(id, node);
      this.#strike(message, node);
      return this.#lookSoon();
    }
    const copies = this.copiesOf(message);
    // More copies than a message needs are not worth reading for, at either end.
    if (copies.includes(node) || copies.length >= SAFE_COPIES) return;
    void this.#check(id, node, isAwaited(message, this.#parts.office));
  }

  /** A node that was asked to prove that it holds a message of this node says that it does not. */
  denied({ id, node }: Receipt): void {
    if (this.#own(id)) this.#parts.requests.failed(id, node);
  }

  /** A new link: the node at its other end proves again that it holds the messages which somebody still waits for. */
  linkUp(link: PeerLink): void {
    if (this.#met.has(link)) return;
    this.#met.add(link);
    for (const { id } of this.#awaited()) void this.#check(id, link.peer, false);
    this.#lookSoon();
  }

  /** To be called when records change. A node whose record names another store has lost the copies in its former one. */
  rosterChanged(): void {
    const { archive, office, events } = this.#parts;
    this.#roomChanged();
    const changed = [...this.#stores].filter(([node, store]) => office.storeIdOf(node) !== store);
    if (changed.length === 0) return;
    const nodes = new Set(changed.map(([node]) => node));
    for (const node of nodes) this.#stores.set(node, office.storeIdOf(node));
    for (const { id, local } of archive.read.list({ mine: 'talker' })) {
      if (local.proofs?.some(({ node }) => nodes.has(node))) events.emit('message', id);
    }
    this.#lookSoon();
  }

  /** Some recipients have been removed: perhaps nobody waits for the message any more. */
  recipientsChanged(message: StoredMessage): void {
    if (isHeardByAll(message, this.#parts.office)) this.#release(message);
  }

  /**
   * Whether two other accounts prove at this moment that they hold it, and nobody asks this node for it: while it is the switch or the
   * standby, recipients who come back do.
   */
  async isSafe(id: MessageId): Promise<boolean> {
    const { self, switchNode, standbyNode } = this.#parts.office;
    const message = this.#own(id);
    if (message && this.#isOfFormer(message)) return true;
    if (self === switchNode || self === standbyNode) return false;
    const holders = message ? this.copiesOf(message) : [];
    if (holders.length < SAFE_COPIES) return false;
    const proven = await Promise.all(holders.map((node) => this.#check(id, node, true)));
    return proven.filter(Boolean).length >= SAFE_COPIES;
  }

  close(): void {
    this.#cancelLook?.();
  }

  /** Asks for a proof, and stores the result. True where the proof was given. */
  async #check(id: MessageId, node: NodeId, mayLink: boolean): Promise<boolean> {
    const { office, requests } = this.#parts;
    const message = this.#own(id);
    if (!message || message.state !== 'complete' || !saysItHolds(message, node, office)) return false;
    const store = office.storeIdOf(node);
    const link = office.linkTo(node) ?? (mayLink ? await office.reach(node) : undefined);
    const answer = link && (await requests.ask(link, message));
    const after = this.#own(id);
    if (!after || answer === undefined) return false;
    if (answer === 'failed') this.#strike(after, node);
    // It may have said meanwhile that it lost it.
    else if (store !== undefined && saysItHolds(after, node, office)) this.#count(after, { node, store });
    return answer === 'proven';
  }

  #count(message: StoredMessage, proof: { readonly node: NodeId; readonly store: string }): void {
    const proofs = message.local.proofs ?? [];
    if (proofs.some(({ node, store }) => node === proof.node && store === proof.store)) return;
    const others = proofs.filter(({ node }) => node !== proof.node);
    this.#stores.set(proof.node, proof.store);
    this.#parts.archive.keepProofs(message.id, [...others, proof].slice(-MAX_PROOFS));
  }

  /** Everybody has heard it. The nodes that were asked to keep it learn that, and delete it in their own time. */
  #release({ id, receipts, header, local }: StoredMessage): void {
    const { office } = this.#parts;
    const { switchNode, standbyNode } = office;
    const keepers = new Set(this.#asked.forget(id));
    for (const { node } of local.proofs ?? []) keepers.add(node);
    for (const node of keepers) {
      // Switch and standby learn it as it passes through them.
      if (node === switchNode || node === standbyNode || header.facts.recipients.includes(node)) continue;
      void office.reach(node).then((link) => {
        for (const { signed, facts } of receipts) {
          if (facts.state === 'heard') link?.send({ type: 'receipt', receipt: signed });
        }
      });
    }
  }

  /** Asks nodes again that have made room. */
  #roomChanged(): void {
    const { office } = this.#parts;
    const before = this.#full;
    this.#full = new Set(office.online.filter((node) => !office.hasRoom(node)));
    const roomy = [...before].filter((node) => !this.#full.has(node));
    for (const node of roomy) this.#asked.mayAskAgain(node);
    if (roomy.length > 0) this.#lookSoon();
  }

  #strike(message: StoredMessage, lost: NodeId): void {
    const proofs = message.local.proofs ?? [];
    const others = proofs.filter(({ node }) => node !== lost);
    if (others.length < proofs.length) this.#parts.archive.keepProofs(message.id, others);
  }

  /** Within ten seconds: a message that has just begun to wait does not put off those that wait already. */
  #lookSoon(): void {
    this.#lookAfterMs = KEEPERS_WITHIN_MS;
    if (this.#lookAt > this.#parts.clock.monotonic() + KEEPERS_WITHIN_MS) this.#lookIn(KEEPERS_WITHIN_MS);
  }

  #lookIn(ms: number): void {
    const { clock, schedule } = this.#parts;
    this.#cancelLook?.();
    this.#cancelLook = schedule(() => this.#look(), ms);
    this.#lookAt = clock.monotonic() + ms;
  }

  /** Asks for the copies that messages lack. */
  #look(): void {
    this.#cancelLook = undefined;
    this.#lookAt = Infinity;
    const lacking = this.#awaited().filter((message) => this.copiesOf(message).length < SAFE_COPIES);
    for (const message of lacking) this.#askFor(message);
    if (lacking.length === 0) return;
    this.#lookAfterMs = Math.min(2 * this.#lookAfterMs, LAST_LOOK_MS);
    // Other nodes are asked for a message that has just ended when switch and standby have had their time.
    const dueMs = lacking.map((message) => this.#othersInMs(message)).filter((ms) => ms > 0);
    this.#lookIn(Math.min(this.#lookAfterMs, ...dueMs));
  }

  #askFor(message: StoredMessage): void {
    const { office, random } = this.#parts;
    const { switchNode, standbyNode } = office;
    const wasAsked = (node: NodeId): boolean =>
      this.#asked.wasAsked(message.id, node, office.storeIdOf(node));
    const others = this.#othersInMs(message) <= 0;
    // In another order each time, so that no node keeps more than others.
    const online = shuffled(office.online, random);
    const nodes = { switchNode, standbyNode, online, others, wasAsked };
    for (const node of whomToAsk(message, nodes, office)) void this.#ask(message, node);
  }

  /** When others than switch and standby are asked for a message, ms from now. */
  #othersInMs({ manifest }: StoredMessage): number {
    const ageMs = this.#parts.clock.now() - (manifest?.facts.endedAt ?? 0);
    // A person may have set the clock back.
    return ageMs < 0 ? 0 : KEEPERS_WITHIN_MS - ageMs;
  }

  async #ask({ id, header, manifest }: StoredMessage, node: NodeId): Promise<void> {
    const { office } = this.#parts;
    if (!manifest) return;
    this.#asked.add(id, node, office.storeIdOf(node));
    const link = await office.reach(node);
    const message = this.#own(id);
    // The next look tries a node again that is out of reach now.
    if (!link) this.#asked.mayAskAgain(node, id);
    if (!link || !message) return;
    if (saysItHolds(message, node, office)) await this.#check(id, node, true);
    else link.send({ type: 'keep', header: header.signed, manifest: manifest.signed });
  }

  #awaited(): StoredMessage[] {
    const { office } = this.#parts;
    return this.#outbox().filter((message) => message.state === 'complete' && isAwaited(message, office));
  }

  #outbox(): StoredMessage[] {
    const { archive, office } = this.#parts;
    return archive.read
      .outbox((node) => office.isRemoved(node))
      .filter((message) => !this.#isOfFormer(message));
  }

  /** This node spoke it under an id that was removed since, so other nodes accept no statement of its present id about it. */
  #isOfFormer({ header }: StoredMessage): boolean {
    return header.facts.talker !== this.#parts.office.self;
  }

  #own(id: MessageId): StoredMessage | undefined {
    const message = this.#parts.archive.read.get(id);
    return message?.roles.mine === 'talker' ? message : undefined;
  }
}
