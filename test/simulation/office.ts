import { seededRandom } from '../support/seeded-random.ts';
import type { Survival } from '../support/simulated-disk.ts';
import { Computer } from './computer.ts';
import { SimulatedNetwork } from './network.ts';
import { officeDisks } from './office-files.ts';
import { Oracle } from './oracle.ts';
import { SimulatedTime } from './time.ts';
import type { Variation } from './variation.ts';

/** When a computer is to die: at the next receipt or manifest that it sends, or at an operation of its disk. */
interface Death {
  readonly what: 'a receipt' | 'a manifest' | 'an operation of its disk';
  count: number;
  readonly die: () => void;
}

const FRAMES = {
  'a receipt': 'receipt',
  'a manifest': 'manifest',
  'an operation of its disk': undefined,
} as const;

/** Computers of an office, on one network and in one time. */
export class SimulatedOffice {
  readonly time = new SimulatedTime();
  readonly network: SimulatedNetwork;
  readonly oracle: Oracle;
  readonly computers: Computer[] = [];
  /** What happened, in sentences. */
  readonly story: string[] = [];
  /** The most that one computer sent a second. */
  readonly worst = { datagrams: 0, frames: 0 };
  readonly #deaths = new Map<number, Death>();

  private constructor(seed: number) {
    this.network = new SimulatedNetwork(this.time, seededRandom(seed + 1_000_000));
    this.oracle = new Oracle(
      () => this.computers,
      seededRandom(seed + 2_000_000),
      (line) => this.log(line),
    );
    this.network.onFrame = (host, frame) => {
      this.oracle.frame(host, frame);
      const death = this.#deaths.get(host.index);
      if (death && FRAMES[death.what] === frame.type) this.#comes(host.index, death);
    };
    this.network.onUnreadable = (what) => this.oracle.break(`a frame cannot be read: ${what}`);
  }

  static async open(seed: number, computers: number, variation: Variation = {}): Promise<SimulatedOffice> {
    const office = new SimulatedOffice(seed);
    office.network.variation = variation;
    const random = seededRandom(seed + 3_000_000);
    for (const [index, disk] of (await officeDisks(computers)).entries()) {
      const computer: Computer = new Computer({
        ...{ index, seed, disk, random, variation, time: office.time, network: office.network },
        log: (line) => office.log(line),
        made: (one, running) => office.oracle.watch(one, running),
        fail: (why, error) =>
          office.oracle.break(`${why}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`),
        operation: () => {
          const death = office.#deaths.get(index);
          if (death?.what === 'an operation of its disk') office.#comes(index, death);
        },
      });
      office.computers.push(computer);
    }
    return office;
  }

  log(line: string): void {
    this.story.push(`${(this.time.now / 1000).toFixed(3).padStart(8)} ${line}`);
  }

  arm({ index }: Computer, death: Death): void {
    this.#deaths.set(index, death);
  }

  disarm(): void {
    this.#deaths.clear();
  }

  kill(computer: Computer, survival: Survival): void {
    this.#deaths.delete(computer.index);
    this.oracle.dies(computer);
    computer.kill(survival);
  }

  /** Lets time pass. What is checked beside it is done by then. */
  async pass(ms: number): Promise<void> {
    await this.time.pass(this.time.now + ms);
    await Promise.all(this.oracle.checking);
  }

  #comes(index: number, death: Death): void {
    death.count -= 1;
    if (death.count > 0) return;
    this.#deaths.delete(index);
    death.die();
  }
}
