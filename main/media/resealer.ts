import type { Fragment } from '../model/index.ts';
import type { MessageKey } from './protocol.ts';
import { SrtpReceiver, SrtpSender } from './srtp.ts';

/** Opens the fragments of one message, and seals the same speech as another message's fragments, in order from the first. */
export class Resealer {
  readonly #receiver: SrtpReceiver;
  readonly #sender: SrtpSender;

  constructor(from: { key: MessageKey; ssrc: number }, to: { key: MessageKey; ssrc: number }) {
    this.#receiver = new SrtpReceiver(from.key, from.ssrc);
    this.#sender = new SrtpSender(to.key, to.ssrc);
  }

  /** Undefined where the fragment is not authentic. @throws RangeError where it is not the next */
  reseal({ n, bytes }: Fragment): Fragment | undefined {
    const opened = this.#receiver.openAt(n, bytes);
    return opened && { n, bytes: this.#sender.seal(n, opened) };
  }
}
