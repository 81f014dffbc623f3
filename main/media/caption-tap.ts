import type { WorkerEvent } from './protocol.ts';

type Played = Extract<WorkerEvent, { type: 'played' }>;

/** This much is handed on at once, samples: a tenth of a second. */
const PART_SAMPLES = 4800;

/** Hands on what is played, for captions. It copies and posts, and waits for nobody; while it is off it does nothing. */
export class CaptionTap {
  readonly #emit: (event: WorkerEvent) => void;
  readonly #sounding = new Map<string, { readonly part: Int16Array; length: number }>();
  #isOn = false;

  constructor(emit: (event: WorkerEvent) => void) {
    this.#emit = emit;
  }

  set isOn(isOn: boolean) {
    this.#isOn = isOn;
    if (!isOn) this.#sounding.clear();
  }

  /** The loudspeaker is given it: 48 kHz mono, of any length. */
  put(of: Played['of'], id: string, samples: Int16Array): void {
    if (!this.#isOn) return;
    let sounding = this.#sounding.get(id);
    if (!sounding) this.#sounding.set(id, (sounding = { part: new Int16Array(PART_SAMPLES), length: 0 }));
    const { part } = sounding;
    for (let at = 0; at < samples.length;) {
      const some = samples.subarray(at, at + PART_SAMPLES - sounding.length);
      part.set(some, sounding.length);
      sounding.length += some.length;
      at += some.length;
      if (sounding.length < PART_SAMPLES) return;
      this.#emit({ type: 'played', of, id, pcm: part.slice(), isOver: false });
      sounding.length = 0;
    }
  }

  /** It sounds no longer. */
  over(of: Played['of'], id: string): void {
    const sounding = this.#sounding.get(id);
    if (!sounding) return;
    this.#sounding.delete(id);
    this.#emit({ type: 'played', of, id, pcm: sounding.part.slice(0, sounding.length), isOver: true });
  }
}
