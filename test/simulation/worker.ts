import type { WorkerCommand } from '../../main/media/index.ts';
import { SimulatedWorker } from '../office/simulated-worker.ts';
import type { Life } from './life.ts';

/** How long an order takes to be carried out, and how often sound goes on, ms. */
const ORDER_MS = 10;
const STEP_MS = 100;

type Report = Parameters<SimulatedWorker['report']>[0];

/** A media worker whose thread runs by itself, as long as it has something to do. */
export class RunningWorker extends SimulatedWorker {
  readonly #life: Life;
  readonly #talks = new Set<string>();
  #isDue = false;
  #ranAt: number;

  constructor(life: Life) {
    super(() => life.ports.clock.monotonic());
    this.#life = life;
    this.#ranAt = life.ports.clock.monotonic();
    this.#runIn(ORDER_MS);
  }

  override post(command: WorkerCommand): void {
    if (command.type === 'talk') this.#talks.add(command.id);
    super.post(command);
    // It posts while it is being made, too.
    if (this.#life) this.#runIn(ORDER_MS);
  }

  override report(event: Report): void {
    if (event.type === 'talk-ended') this.#talks.delete(event.id);
    super.report(event);
    this.posted.length = 0;
  }

  override crash(): void {
    super.crash();
    this.#talks.clear();
    this.#runIn(ORDER_MS);
  }

  #runIn(ms: number): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#life.after(ms, () => {
      this.#isDue = false;
      this.#run();
    });
  }

  #run(): void {
    const now = this.#life.ports.clock.monotonic();
    // Sound goes on in frames of 10 ms.
    const ms = Math.min(STEP_MS * 5, Math.floor((now - this.#ranAt) / 10) * 10);
    this.#ranAt = now;
    this.run(ms);
    this.tell();
    if (!this.isUp || this.#talks.size > 0 || this.playing.length > 0) this.#runIn(STEP_MS);
  }
}
