import { SrtpReceiver, SrtpSender } from '../../main/media/srtp.ts';
import type { MessageKey } from '../../main/media/index.ts';
import type { Fragment } from '../../main/model/index.ts';

/** A message's stream, as its header names it. */
interface SealedStream {
  readonly key: MessageKey;
  readonly ssrc: number;
}

/** Seals Opus frames as a message's fragments, from 0 on. */
export function sealFrames({ key, ssrc }: SealedStream, frames: readonly Uint8Array[]): Fragment[] {
  const sender = new SrtpSender(key, ssrc);
  return frames.map((frame, n) => ({ n, bytes: sender.seal(n, frame) }));
}

/** Opens a message's fragments; undefined for each that is not authentic. */
export function openFragments({ key, ssrc }: SealedStream, fragments: readonly Fragment[]) {
  const receiver = new SrtpReceiver(key, ssrc);
  return fragments.map(({ n, bytes }) => receiver.openAt(n, bytes));
}
