import type { MediaWorker } from '../media/index.ts';
import type { MessageId } from '../model/index.ts';
import type { MessageStore } from '../store/index.ts';

/** Hands a message's stored fragments to who plays it, from where it is heard on, and those that still arrive. */
export class Feed {
  readonly #store: MessageStore;
  readonly #media: MediaWorker;
  readonly #id: MessageId;
  #from = 0;
  #to = 0;
  #stop: () => void = () => undefined;

  constructor(store: MessageStore, media: MediaWorker, id: MessageId, from: number) {
    this.#store = store;
    this.#media = media;
    this.#id = id;
    this.#follow(from);
  }

  /** The listener goes to fragment `n`: what was handed over already is not handed over again. */
  reach(n: number): void {
    if (n >= this.#from && n <= this.#to) return;
    this.#stop();
    this.#follow(n);
  }

  stop(): void {
    this.#stop();
  }

  #follow(from: number): void {
    const wasSpoken = this.#store.get(this.#id)?.manifest === undefined;
    this.#from = from;
    this.#to = from;
    const stream = this.#store.stream(this.#id, from, (fragments) => {
      for (const { n } of fragments) this.#to = Math.max(this.#to, n + 1);
      this.#media.post({ type: 'feed', id: this.#id, fragments });
    });
    this.#stop = stream.stop;
    void stream.done.then((end) => {
      const count = this.#store.get(this.#id)?.manifest?.facts.count;
      // Who plays it while it was still spoken does not know yet where it ends.
      if (end === 'all' && wasSpoken && count !== undefined)
        this.#media.post({ type: 'receive-end', id: this.#id, count });
    });
  }
}
