import {
  BUDGETS,
  type Fragment,
  type Header,
  type MessageId,
  type NodeId,
  type Signed,
} from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { MessageReader } from './archive.ts';
import { askerOf, isForPersonOf } from './key-grants.ts';
import { withoutSheet } from './key-sheets.ts';
import type { OfficePort, PeerLink } from './ports.ts';

/**
 * Serves stored fragments and words to the nodes that may have them: recipients and their further computers, the talker, the nodes that keep
 * the office's messages, and those that this node asked to keep one of its own. Stored fragments go at once, the others as they
 * arrive, until the message is whole here or the other node stops the transfer.
 */
export class FragmentServer {
  readonly #read: MessageReader;
  readonly #office: OfficePort;
  readonly #isKeeper: (id: MessageId, node: NodeId) => boolean;
  /** What stops each transfer. */
  readonly #running = new Map<PeerLink, Map<MessageId, Set<() => void>>>();

  constructor(read: MessageReader, office: OfficePort, isKeeper: (id: MessageId, node: NodeId) => boolean) {
    this.#read = read;
    this.#office = office;
    this.#isKeeper = isKeeper;
  }

  serve(link: PeerLink, { id, from, to, words }: ControlMessageOf<'fetch'>): void {
    const message = this.#read.get(id);
    if (!message || !this.mayFetch(link.peer, message.header.facts)) {
      link.send({ type: 'fetch-end', id, upTo: from, complete: false, reason: 'not-held' });
      return;
    }
    if (this.#countOf(link) >= BUDGETS.transfers.perPeer.atOnce) {
      link.send({ type: 'fetch-end', id, upTo: from, complete: false, reason: 'busy' });
      return;
    }
    const { signed, facts } = message.header;
    if (words && (signed.words ?? signed.sheet) !== undefined)
      link.send({ type: 'announce', header: withoutSheet(signed) });
    // Whoever asks for the rest may not know the end; its talker neither, who may have sent it without its own disk having taken it.
    if (message.manifest && (to === undefined || facts.talker === link.peer))
      link.send({ type: 'manifest', manifest: message.manifest.signed });
    const end = to ?? Number.POSITIVE_INFINITY;
    if (end <= from) return link.send({ type: 'fetch-end', id, upTo: from, complete: true });
    const stops = this.#stopsOf(link, id);
    const told = new Set<Signed>();
    const transfer = this.#read.stream(id, from, async (fragments) => {
      const wanted = fragments.filter((fragment) => fragment.n < end);
      this.#vouch(link, id, wanted, told);
      if (wanted.length > 0) link.sendFragments(id, wanted);
      await link.drained();
    });
    stops.add(transfer.stop);
    void transfer.done.then((reason) => {
      stops.delete(transfer.stop);
      if (stops.size === 0 && this.#running.get(link)?.get(id) === stops) this.#running.get(link)?.delete(id);
      if (reason !== 'stopped') link.send({ type: 'fetch-end', id, upTo: from, complete: reason === 'all' });
    });
  }

  /** Whether that node is served the message. */
  mayFetch(peer: NodeId, header: Header): boolean {
    const { switchNode, standbyNode } = this.#office;
    if (!this.#office.isMember(peer)) return false;
    return (
      header.talker === peer ||
      header.recipients.includes(peer) ||
      // The nodes that keep the office's messages also hold, sealed, messages that are not for them.
      [switchNode, standbyNode].includes(peer) ||
      this.#isKeeper(header.id, peer) ||
      this.#isFurther(peer, header)
    );
  }

  /** The hashes that the talker signed of these fragments go first, so that the fragments can be checked as they come. */
  #vouch(link: PeerLink, id: MessageId, fragments: readonly Fragment[], told: Set<Signed>): void {
    if (fragments.length === 0 || !this.#read.get(id)) return;
    const numbers = fragments.map(({ n }) => n);
    for (const hashes of this.#read.hashes(id, Math.min(...numbers), Math.max(...numbers) + 1)) {
      if (told.has(hashes)) continue;
      told.add(hashes);
      link.send({ type: 'hashes', hashes });
    }
  }

  stop(link: PeerLink, id: MessageId): void {
    for (const stop of this.#running.get(link)?.get(id) ?? []) stop();
    this.#running.get(link)?.delete(id);
  }

  stopAll(link: PeerLink): void {
    for (const stops of this.#running.get(link)?.values() ?? []) for (const stop of stops) stop();
    this.#running.delete(link);
  }

  #countOf(link: PeerLink): number {
    let count = 0;
    for (const stops of this.#running.get(link)?.values() ?? []) count += stops.size;
    return count;
  }

  /** Whether that node is a further computer of a recipient's person, which can be granted the key. */
  #isFurther(peer: NodeId, header: Header): boolean {
    const asker = askerOf(peer, this.#office);
    return asker !== undefined && isForPersonOf(asker, header, this.#office);
  }

  #stopsOf(link: PeerLink, id: MessageId): Set<() => void> {
    const byMessage = this.#running.get(link) ?? new Map<MessageId, Set<() => void>>();
    this.#running.set(link, byMessage);
    const stops = byMessage.get(id) ?? new Set<() => void>();
    byMessage.set(id, stops);
    return stops;
  }
}
