import type { MediaWorker, RingName } from '../media/index.ts';
import type { ShownCall } from './call.ts';

/** The tone to play for these calls; null: none. Nothing rings behind a locked screen. */
export function ringOf(calls: readonly ShownCall[], isLocked: boolean): RingName | null {
  if (calls.some(isToRing) && !isLocked)
    return calls.some(({ state }) => state === 'active') ? 'waiting' : 'ring';
  // A person who is called into a party is called while the others talk, so no ringback covers their voices.
  const isOutgoing = ({ direction, state, party }: ShownCall): boolean =>
    direction === 'out' && state === 'ringing' && party === null;
  return calls.some(isOutgoing) ? 'ringback' : null;
}

/** Whether the person is to hear that it comes. */
export function isToRing({ isIncoming, state }: ShownCall): boolean {
  return isIncoming && state !== 'notified';
}

/** Tells the media worker which tone to play, once for each change. */
export class Ringer {
  readonly #media: Pick<MediaWorker, 'post'>;
  #ring: RingName | null = null;

  constructor(media: Pick<MediaWorker, 'post'>) {
    this.#media = media;
  }

  ring(ring: RingName | null): void {
    if (ring === this.#ring) return;
    this.#ring = ring;
    this.#media.post({ type: 'ring', ring });
  }

  /** The worker has ended, and its tone with it. */
  forget(): void {
    this.#ring = null;
  }
}
