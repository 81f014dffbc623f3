import type { MessageId } from '../model/index.ts';
import type { MessageReader } from './archive.ts';
import type { MediaPort } from './ports.ts';

/** Gives a message's stored fragments to the playout, from a position on, and then those that arrive. */
export class PlayoutFeeder {
  readonly #read: MessageReader;
  readonly #media: MediaPort;
  readonly #id: MessageId;
  #from = 0;
  #to = 0;
  #stop: () => void = () => undefined;

  constructor(read: MessageReader, media: MediaPort, id: MessageId, from: number) {
    this.#read = read;
    this.#media = media;
    this.#id = id;
    this.#feed(from);
  }

  /** The listener jumped to fragment `n`. Fragments that the playout has already are not given again. */
  reach(n: number): void {
    if (n >= this.#from && n <= this.#to) return;
    this.#stop();
    this.#feed(n);
  }

  stop(): void {
    this.#stop();
  }

  #feed(from: number): void {
    const wasSpoken = this.#read.get(this.#id)?.manifest === undefined;
    this.#from = from;
    this.#to = from;
    const stream = this.#read.stream(this.#id, from, (fragments) => {
      for (const { n } of fragments) this.#to = Math.max(this.#to, n + 1);
      this.#media.post({ type: 'play-fragments', id: this.#id, fragments });
    });
    this.#stop = stream.stop;
    void stream.done.then((end) => {
      const count = this.#read.get(this.#id)?.manifest?.facts.count;
      // A playout that began before the message was whole does not know its end yet.
      if (end === 'all' && wasSpoken && count !== undefined)
        this.#media.post({ type: 'receive-end', id: this.#id, count });
    });
  }
}

/** Gives the playout what is held of a message now, and nothing that comes later. */
export function feedHeld(read: MessageReader, media: MediaPort, id: MessageId): void {
  let left = read.get(id)?.held ?? 0;
  if (left === 0) return;
  const stream = read.stream(id, 0, (fragments) => {
    media.post({ type: 'play-fragments', id, fragments });
    left -= fragments.length;
    if (left <= 0) stream.stop();
  });
}
