import type { Ports } from '../../main/model/index.ts';
import { seededRandom } from '../support/seeded-random.ts';
import type { SimulatedDisk } from '../support/simulated-disk.ts';
import { slowDisk } from './slow-disk.ts';
import type { SimulatedTime } from './time.ts';

/** Key down of the first message, ms since the epoch. */
const EPOCH_MS = 1_700_000_000_000;
/** How long an operation of the disk takes at least and at most, ms. */
const DISK_MS = [0.05, 4] as const;

/** The clock on the wall of one computer. It may be wrong, and be set. */
export interface WallClock {
  aheadMs: number;
}

/** One start of a computer until it ends or dies. Once it is over nothing happens there any more, whatever was waiting. */
export class Life {
  readonly ports: Ports;
  readonly nextTurn: () => Promise<void>;
  isOver = false;
  /** Until then the program does nothing, as in a computer that sleeps; what comes meanwhile waits. */
  frozenUntil = 0;
  readonly #time: SimulatedTime;

  constructor(
    time: SimulatedTime,
    seed: number,
    disk: SimulatedDisk,
    wall: WallClock,
    operation: () => void,
  ) {
    this.#time = time;
    const random = seededRandom(seed);
    const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => random() * 256));
    const [least, most] = DISK_MS;
    const wait = (ms: number) => new Promise<void>((resolve) => this.after(ms, resolve));
    this.nextTurn = () => wait(0);
    this.ports = {
      clock: { now: () => Math.floor(EPOCH_MS + time.now + wall.aheadMs), monotonic: () => time.now },
      schedule: (task, ms) => {
        let isCancelled = false;
        // As Node's timers: a shorter time could be too short for the clock to move on.
        this.after(Math.max(1, ms), () => {
          if (!isCancelled) task();
        });
        return () => void (isCancelled = true);
      },
      random: { bytes, fraction: random },
      disk: slowDisk(disk, async (run) => {
        // Most of the time before: what was asked for is not done yet.
        await wait(least + random() * random() * (most - least));
        operation();
        if (this.isOver) return new Promise<never>(() => undefined);
        const done = await run();
        if (random() < 0.3) await wait(random() * most);
        return done;
      }),
    };
  }

  get isFrozen(): boolean {
    return this.#time.now < this.frozenUntil;
  }

  after(ms: number, run: () => void): void {
    this.#time.after(ms, () => this.#happen(run));
  }

  #happen(run: () => void): void {
    if (this.isOver) return;
    if (this.isFrozen) this.#time.after(this.frozenUntil - this.#time.now, () => this.#happen(run));
    else run();
  }
}
