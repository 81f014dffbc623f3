import type { ControlLink } from '../signalling/index.ts';
import type { MessageStore } from '../store/index.ts';
import type { Header, MessageId, NodeId } from '../model/index.ts';

export interface FetchRequest {
  readonly id: MessageId;
  readonly from: number;
  /** Exclusive; left out: to the end. */
  readonly to?: number | undefined;
}

/**
 * Gives stored fragments to whoever may have them: recipients, talker, and the nodes that keep the office's messages.
 * What is held goes at once, the rest as it arrives, until the message is whole here or the asker has had enough.
 */
export class Serving {
  readonly #store: MessageStore;
  readonly #mayKeep: (node: NodeId) => boolean;
  readonly #running = new Map<ControlLink, Map<MessageId, Set<() => void>>>();

  /** `mayKeep`: whether that node is the switch or standby now, which hold (sealed) what is not for them. */
  constructor(store: MessageStore, mayKeep: (node: NodeId) => boolean) {
    this.#store = store;
    this.#mayKeep = mayKeep;
  }

  serve(link: ControlLink, { id, from, to }: FetchRequest): void {
    const message = this.#store.get(id);
    if (!message || !this.#mayFetch(link.peer, message.header.facts)) {
      link.send({ type: 'fetch-end', id, upTo: from, complete: false, reason: 'not-held' });
      return;
    }
    const end = to ?? Number.POSITIVE_INFINITY;
    const stops = this.#stopsOf(link, id);
    const stream = this.#store.stream(id, from, async (fragments) => {
      const wanted = fragments.filter((fragment) => fragment.n < end);
      if (wanted.length > 0) link.sendFragments(id, wanted);
      await link.drained();
    });
    stops.add(stream.stop);
    void stream.done.then((reason) => {
      stops.delete(stream.stop);
      if (reason !== 'stopped') link.send({ type: 'fetch-end', id, upTo: from, complete: reason === 'all' });
    });
  }

  stop(link: ControlLink, id: MessageId): void {
    for (const stop of this.#running.get(link)?.get(id) ?? []) stop();
    this.#running.get(link)?.delete(id);
  }

  stopAll(link: ControlLink): void {
    for (const stops of this.#running.get(link)?.values() ?? []) for (const stop of stops) stop();
    this.#running.delete(link);
  }

  #mayFetch(peer: NodeId, header: Header): boolean {
    return header.talker === peer || header.recipients.includes(peer) || this.#mayKeep(peer);
  }

  #stopsOf(link: ControlLink, id: MessageId): Set<() => void> {
    const byMessage = this.#running.get(link) ?? new Map<MessageId, Set<() => void>>();
    this.#running.set(link, byMessage);
    const stops = byMessage.get(id) ?? new Set<() => void>();
    byMessage.set(id, stops);
    return stops;
  }
}
