import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import type { MediaAddress, WorkerCommand } from './protocol.ts';
import { COLD, ENDPOINT, REFUSED, REST_AFTER_MS, WARM } from './test-lifecycle-bench.ts';
import {
  RESTART_MAX_MS,
  WorkerLifecycle,
  type LifecycleInput,
  type LifecycleOutput,
} from './worker-lifecycle.ts';

/** A thread and a port like a real `MediaWorker`’s. Chance decides what happens next, and each turn checks what always holds. */
class World {
  readonly #random: () => number;
  readonly #lifecycle = new WorkerLifecycle({ rests: true, restAfterMs: REST_AFTER_MS });
  #now = 0;
  #scheduledAt = Infinity;
  #thread: 'none' | 'loading' | 'running' | 'resting' = 'none';
  #keep: MediaAddress | undefined;
  #isOptimizing = true;
  /** The thread neither does anything any more nor ends. */
  #hangs = false;
  #isAsked = false;
  #isClosed = false;
  #isBindAwaited = false;
  #binds: number[] = [];
  #sent = 0;
  /** Requests that no thread has taken yet. */
  #waiting = new Set<number>();
  readonly reached = { crashes: 0, rests: 0, orders: 0, hangs: 0 };

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#step({ type: 'start', sound: COLD });
  }

  /** One thing that can happen now, chosen by chance. */
  turn(): void {
    const choice = Math.floor(this.#random() * 9);
    if (choice === 0) this.#pass(this.#random() * 2 * REST_AFTER_MS);
    else if (choice === 1) this.#order();
    else if (choice === 2) this.#step({ type: 'packet' });
    else if (choice === 3) this.#step({ type: 'configure', sound: this.#random() < 0.3 ? WARM : COLD });
    else if (choice === 4) this.#bind();
    else if (choice === 5 && this.#random() < 0.2 && this.#thread !== 'none') this.#end();
    else if (choice === 5) this.#hangs = this.#thread !== 'none';
    else if (choice === 6) this.#answerKeep();
    else this.#moveThread();
    const isResting = this.#lifecycle.phase === 'resting';
    assert.equal(this.#isOptimizing, !isResting);
    if (isResting) assert.equal(this.#thread, 'none');
    if (this.#thread === 'running' && !this.#isClosed)
      assert.equal(this.#waiting.size, 0, 'an order was left behind');
  }

  close(): void {
    this.#isClosed = true;
    this.#step({ type: 'close' });
  }

  /** Lets everything that is under way arrive. */
  settle(): void {
    for (let i = 0; i < 20; i++) {
      this.#answerKeep();
      // A thread that lives does all of it in time.
      for (let moves = 0; moves < 5; moves++) this.#moveThread();
      this.#pass(RESTART_MAX_MS);
    }
    assert.equal(this.#waiting.size, 0, 'an order was lost');
    assert.equal(this.#isBindAwaited, false, 'a caller still waits for the port');
  }

  #step(input: LifecycleInput): void {
    for (const output of this.#lifecycle.step(input, this.#now)) this.#carryOut(output);
    if (!this.#isAsked || this.#hangs) return;
    this.#isAsked = false;
    this.#step({ type: 'event', event: { type: 'pong' } });
  }

  #carryOut(output: LifecycleOutput): void {
    if (output.type === 'start-thread') {
      assert.equal(this.#thread, 'none', 'two threads');
      assert.equal(this.#isClosed, false, 'a thread after the end');
      this.#thread = 'loading';
    } else if (output.type === 'kill-thread') {
      assert.ok(this.#hangs, 'a thread that lives is ended');
      this.reached.hangs += 1;
      this.#goes();
    } else if (output.type === 'post') this.#onPost(output.command);
    else if (output.type === 'schedule') this.#scheduledAt = output.at;
    else if (output.type === 'keep-port') this.#keep = output.endpoint;
    else if (output.type === 'allow-optimizer') this.#isOptimizing = output.isAllowed;
    else if (output.type === 'bind-done' || output.type === 'bind-refused') {
      assert.ok(this.#isBindAwaited, 'nobody waits for the port');
      this.#isBindAwaited = false;
    } else if (output.type === 'crashed') {
      this.reached.crashes += 1;
      this.#waiting.clear();
    }
  }

  #onPost(command: WorkerCommand): void {
    assert.equal(this.#thread, 'running', 'an order to no thread');
    if (command.type === 'rest') this.#thread = 'resting';
    if (command.type === 'ping') this.#isAsked = true;
    if (command.type === 'bind') this.#binds.push(7000 + this.#binds.length);
    if (command.type !== 'list-devices') return;
    assert.ok(this.#waiting.delete(command.request), 'an order came twice');
    this.reached.orders += 1;
  }

  #order(): void {
    this.#sent += 1;
    if (!this.#isClosed) this.#waiting.add(this.#sent);
    this.#step({ type: 'order', command: { type: 'list-devices', request: this.#sent } });
  }

  #bind(): void {
    if (this.#isBindAwaited || this.#isClosed) return;
    this.#isBindAwaited = true;
    this.#step({ type: 'bind', endpoint: { ...ENDPOINT } });
  }

  #answerKeep(): void {
    const endpoint = this.#keep;
    this.#keep = undefined;
    if (!endpoint) return;
    if (this.#random() < 0.2) this.#step({ type: 'keep-failed', endpoint, text: REFUSED });
    else this.#step({ type: 'kept', endpoint, port: 5000 });
  }

  #moveThread(): void {
    if (this.#hangs) return;
    const port = this.#binds.shift();
    if (this.#thread === 'loading') {
      this.#thread = 'running';
      this.#step({ type: 'event', event: { type: 'started' } });
    } else if (port !== undefined) {
      const isRefused = this.#random() < 0.2;
      this.#step({
        type: 'event',
        event: isRefused ? { type: 'bind-failed', text: REFUSED } : { type: 'bound', port },
      });
    } else if (this.#thread === 'resting' && this.#random() < 0.5) {
      this.#thread = 'running';
      this.#step({ type: 'event', event: { type: 'stays' } });
    } else if (this.#thread === 'resting') {
      this.reached.rests += 1;
      this.#end();
    }
  }

  #end(): void {
    this.#goes();
    this.#step({ type: 'exit' });
  }

  #goes(): void {
    this.#thread = 'none';
    this.#binds = [];
    this.#hangs = this.#isAsked = false;
  }

  #pass(ms: number): void {
    const until = this.#now + ms;
    while (this.#scheduledAt <= until) {
      this.#now = Math.max(this.#now, this.#scheduledAt);
      this.#scheduledAt = Infinity;
      this.#step({ type: 'time' });
    }
    this.#now = until;
  }
}

describe('the lifecycle of a media worker to which things happen by chance', () => {
  it('never has two threads, loses an order only in a crash, ends what hangs, and starts no thread after the close', () => {
    const reached = { crashes: 0, rests: 0, orders: 0, hangs: 0 };
    for (let seed = 0; seed < 300; seed++) {
      const world = new World(seed);
      for (let turns = 0; turns < 200; turns++) world.turn();
      world.settle();
      world.close();
      for (let turns = 0; turns < 50; turns++) world.turn();
      for (const key of ['crashes', 'rests', 'orders', 'hangs'] as const) reached[key] += world.reached[key];
    }
    for (const [what, times] of Object.entries(reached)) assert.ok(times > 300, `${times} ${what}`);
  });
});
