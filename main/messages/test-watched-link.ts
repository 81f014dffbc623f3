import type { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import type { NodeId } from '../model/index.ts';
import type { MessageFrame } from '../signalling/index.ts';
import { HandLink } from './test-ports.ts';

/** A link that keeps what the disk would have after a power failure in the moment in which the first watched frame is sent. */
export class WatchedLink extends HandLink {
  disk: SimulatedDisk | undefined;
  left: SimulatedDisk | undefined;
  readonly #isWatched: (frame: MessageFrame) => boolean;

  constructor(peer: NodeId, isWatched: (frame: MessageFrame) => boolean) {
    super(peer);
    this.#isWatched = isWatched;
  }

  override send(frame: MessageFrame): void {
    if (this.#isWatched(frame)) this.left ??= this.disk?.afterPowerFailure('lost');
    super.send(frame);
  }
}

export const isManifest = ({ type }: MessageFrame): boolean => type === 'manifest';
