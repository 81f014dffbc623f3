import type { MessageId } from '../model/index.ts';
import type { FragmentStream, StreamEnd } from './fragment-stream.ts';

/** The streams that are open, by message. */
export class FragmentStreams {
  readonly #byMessage = new Map<MessageId, Set<FragmentStream>>();

  add(id: MessageId, stream: FragmentStream): void {
    const streams = this.#byMessage.get(id) ?? new Set();
    this.#byMessage.set(id, streams.add(stream));
    void stream.done.then(() => {
      streams.delete(stream);
      if (streams.size === 0 && this.#byMessage.get(id) === streams) this.#byMessage.delete(id);
    });
  }

  has(id: MessageId): boolean {
    return this.#byMessage.has(id);
  }

  /** Fragment `n` of the message is held from now on. */
  arrived(id: MessageId, n: number): void {
    for (const stream of this.#byMessage.get(id) ?? []) stream.arrived(n);
  }

  poke(id: MessageId): void {
    for (const stream of this.#byMessage.get(id) ?? []) stream.poke();
  }

  end(id: MessageId, reason: StreamEnd): void {
    for (const stream of [...(this.#byMessage.get(id) ?? [])]) stream.end(reason);
  }

  endAll(reason: StreamEnd): void {
    for (const id of [...this.#byMessage.keys()]) this.end(id, reason);
  }
}
