import type { CallId } from '../model/index.ts';

/** Recordings that are sent in calls instead of the microphone: 48 kHz mono. */
export class Recordings {
  readonly #ofCalls = new Map<CallId, Int16Array>();

  keep(call: CallId, pcm: Int16Array | undefined): void {
    if (pcm) this.#ofCalls.set(call, pcm);
  }

  of(call: CallId): Int16Array | undefined {
    return this.#ofCalls.get(call);
  }

  /** The one recording there is; undefined: none or several. Two calls that become one keep the recording of either. */
  get only(): Int16Array | undefined {
    const [only, ...others] = this.#ofCalls.values();
    return others.length === 0 ? only : undefined;
  }

  forget(call: CallId): void {
    this.#ofCalls.delete(call);
  }
}
