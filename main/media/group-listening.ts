import type { GroupReportKind } from './rtcp-app.ts';

/** Within this time after its first fragment or its header each listener says that the group reaches it, ms. */
export const CONFIRM_WITHIN_MS = 60;
/** After this much silence a listener asks to be sent its own, and then ever more seldom. */
const SILENCE_MS = 200;
/** Before it asks it looks once more: where its own computer was busy, what came meanwhile is read only after the first look. */
const LOOK_AGAIN_MS = 50;
const SILENCE_MAX_MS = 3200;
/** A listener that the group reaches, and that gets unicast as well, tells the talker so once more, at most once in this time, ms. */
const REMIND_MS = 500;

/**
 * What a listener tells the talker of a message that is sent to the office's group. Without the first word it would be sent its own;
 * without the other it would hear nothing more where multicast ends in the middle, as behind a switch that forgets its listeners.
 * Pure: times are milliseconds, `random` gives 0 to 1.
 */
export class GroupListening {
  readonly #random: () => number;
  readonly #startedAt: number;
  #confirmAt: number | undefined;
  #lastByGroup = -Infinity;
  #lackAt: number;
  #silenceMs = SILENCE_MS;
  #hasLooked = false;
  #saidAt = -Infinity;

  constructor(now: number, random: () => number) {
    this.#random = random;
    this.#startedAt = now;
    this.#lackAt = now + SILENCE_MS;
  }

  /** Whether anything came by the group. */
  get hears(): boolean {
    return this.#lastByGroup > -Infinity;
  }

  /** A fragment came. `isNew`: for the first time. */
  received(
    { isByGroup, isNew }: { readonly isByGroup: boolean; readonly isNew: boolean },
    now: number,
  ): void {
    const at = Math.max(now, this.#startedAt);
    // What is here already is not opened again: anybody can have sent it.
    if (isNew) {
      this.#silenceMs = SILENCE_MS;
      this.#lackAt = at + SILENCE_MS;
      this.#hasLooked = false;
    }
    if (isByGroup) {
      if (!this.hears) this.#confirmAt = at + this.#random() * CONFIRM_WITHIN_MS;
      this.#lastByGroup = at;
      return;
    }
    // A fragment that was asked for comes twice at times; that costs a word now and then.
    const isTwice = !isNew && at - this.#lastByGroup < SILENCE_MS && this.#confirmAt === undefined;
    if (isTwice && at - this.#saidAt >= REMIND_MS) this.#confirmAt = at;
  }

  /** What is to be said now. Saying it is taken for done. */
  due(now: number): GroupReportKind | undefined {
    if (this.#confirmAt !== undefined && now >= this.#confirmAt) {
      this.#confirmAt = undefined;
      this.#saidAt = now;
      return 'hears-group';
    }
    if (now < this.#lackAt) return undefined;
    if (!this.#hasLooked) {
      this.#hasLooked = true;
      this.#lackAt = now + LOOK_AGAIN_MS;
      return undefined;
    }
    this.#silenceMs = Math.min(SILENCE_MAX_MS, this.#silenceMs * 2);
    this.#lackAt = now + this.#silenceMs;
    return 'lacks-group';
  }

  /** When `due` is to be called next. */
  nextAt(): number {
    return Math.min(this.#confirmAt ?? Infinity, this.#lackAt);
  }
}
