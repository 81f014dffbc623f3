import type { MediaWorker, RingName } from '../media/index.ts';
import type { CallView } from './call.ts';
import { ringOf } from './ring.ts';

/** Has the media worker sound what calls sound like besides their voices, as long as it is to be heard. */
export class CallSounds {
  readonly #media: Pick<MediaWorker, 'post'>;
  #ring: RingName | null = null;
  #recorded: ReadonlySet<string> = new Set();

  constructor(media: Pick<MediaWorker, 'post'>) {
    this.#media = media;
  }

  /** The calls as they are now. */
  update(calls: readonly CallView[], isLocked: boolean): void {
    const ring = ringOf(calls, isLocked);
    if (ring !== this.#ring) this.#media.post({ type: 'ring', ring });
    this.#ring = ring;
    this.#sayRecorded(new Set(calls.flatMap(recordingsIn)));
  }

  /** The worker has ended, and sounds no more. */
  forget(): void {
    this.#ring = null;
    this.#recorded = new Set();
  }

  /** Each recording that begins is heard beginning. */
  #sayRecorded(recorded: ReadonlySet<string>): void {
    const before = this.#recorded;
    this.#recorded = recorded;
    const isNew = [...recorded].some((one) => !before.has(one));
    const isOver = recorded.size === 0 && before.size > 0;
    if (isNew || isOver) this.#media.post({ type: 'recording-tone', isOn: isNew });
  }
}

/** Each side's recording of a call. Of one that is held nothing is heard, this neither. */
function recordingsIn({ id, isHeld, recording, isRecordedByThem }: CallView): readonly string[] {
  if (isHeld) return [];
  return [...(recording === 'on' ? [`${id} here`] : []), ...(isRecordedByThem ? [`${id} there`] : [])];
}
