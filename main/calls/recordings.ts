import type { CallId } from '../model/index.ts';

/** Recordings that are spoken in calls instead of the microphone: 48 kHz mono. */
export class Recordings {
  readonly #ofCalls = new Map<CallId, Int16Array>();

  keep(call: CallId, pcm: Int16Array | undefined): void {
    if (pcm) this.#ofCalls.set(call, pcm);
  }

  of(call: CallId): Int16Array | undefined {
    return this.#ofCalls.get(call);
  }

  /** Where both called each other, what was to be spoken in the one is spoken in the other. */
  get only(): Int16Array | undefined {
    const [only, ...others] = this.#ofCalls.values();
    return others.length === 0 ? only : undefined;
  }

  forget(call: CallId): void {
    this.#ofCalls.delete(call);
  }
}
