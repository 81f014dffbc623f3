import type { MediaWorker, RingName } from '../media/index.ts';
import type { ShownCall } from './call.ts';

/** What is to be heard of these calls before they are answered; null: nothing. Behind a locked screen nothing rings. */
export function ringOf(calls: readonly ShownCall[], isLocked: boolean): RingName | null {
  const isTold = ({ direction, state }: ShownCall): boolean =>
    direction === 'in' && (state === 'ringing' || state === 'waiting');
  if (calls.some(isTold) && !isLocked)
    return calls.some(({ state }) => state === 'active') ? 'waiting' : 'ring';
  // Who is added to a call comes while the others talk.
  const isWaitedFor = ({ direction, state, party }: ShownCall): boolean =>
    direction === 'out' && state === 'ringing' && party === null;
  return calls.some(isWaitedFor) ? 'ringback' : null;
}

/** Has the media worker ring as long as it is to be heard. */
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

  /** The worker has ended, and rings no more. */
  forget(): void {
    this.#ring = null;
  }
}
