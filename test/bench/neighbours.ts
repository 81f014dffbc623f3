import { readFileSync } from 'node:fs';

const EVERY_MS = 100;
/** This much of the processors' time that others take is not felt. */
const CALM_SHARE = 0.03;
/** The fields of /proc/stat's first line that are summed to all time (proc(5)); guest time is within user time. */
const TIMES = 8;
const STOLEN = 7;

interface Reading {
  readonly at: number;
  readonly stolen: number;
  readonly all: number;
}

/**
 * Watches how much of the processors the other virtual machines of the host take ("steal"), which shows only while there is
 * work. What is measured meanwhile tells of them, not of Corridor. Linux only: elsewhere it is always calm.
 */
export class Neighbours {
  readonly #readings: Reading[] = [];
  readonly #timer = setInterval(() => this.#read(), EVERY_MS);

  /** Whether they took next to nothing from one time to another (performance.now). */
  areCalm(from: number, to: number): boolean {
    const first = this.#readings.filter(({ at }) => at <= from).at(-1) ?? this.#readings[0];
    const last = this.#readings.find(({ at }) => at >= to) ?? this.#readings.at(-1);
    if (!first || !last || last.all === first.all) return true;
    return (last.stolen - first.stolen) / (last.all - first.all) <= CALM_SHARE;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #read(): void {
    if (process.platform !== 'linux') return;
    const times = readFileSync('/proc/stat', 'utf8')
      .split('\n', 1)[0]!
      .split(/\s+/)
      .slice(1, 1 + TIMES)
      .map(Number);
    const all = times.reduce((sum, time) => sum + time, 0);
    this.#readings.push({ at: performance.now(), stolen: times[STOLEN]!, all });
  }
}
