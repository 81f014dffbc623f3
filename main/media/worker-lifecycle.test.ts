import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bindingFailed } from './media-socket.ts';
import type { MediaAddress, SoundConfiguration, WorkerCommand, WorkerEvent } from './protocol.ts';
import { seeded } from './test-support.ts';
import {
  REBIND_MS,
  RESTART_FIRST_MS,
  RESTART_MAX_MS,
  STEADY_MS,
  WorkerLifecycle,
  type LifecycleInput,
  type LifecycleOutput,
} from './worker-lifecycle.ts';

const REST_AFTER_MS = 1000;
const COLD: SoundConfiguration = { microphone: null, speaker: null, ready: 'cold' };
const WARM: SoundConfiguration = { ...COLD, ready: 'warm' };
const ENDPOINT: MediaAddress = { address: '127.0.0.1', port: 5000 };
const CALL: WorkerCommand = { type: 'list-devices', request: 1 };
const NO_CALL: WorkerCommand = { type: 'talk-stop', id: 'a' };
const REFUSED = bindingFailed('127.0.0.1', 5000, new Error('taken'));
const NO_USE: WorkerEvent = { type: 'dropped', reason: 'no fragment', total: 1 };

/** A lifecycle with a clock of its own; it answers with the outputs in short. */
class Bench {
  readonly lifecycle: WorkerLifecycle;
  now = 0;
  scheduledAt: number | undefined;

  constructor(rests = true) {
    this.lifecycle = new WorkerLifecycle({ rests, restAfterMs: REST_AFTER_MS });
  }

  step(input: LifecycleInput): string[] {
    const outputs = this.lifecycle.step(input, this.now);
    for (const output of outputs) if (output.type === 'schedule') this.scheduledAt = output.at;
    return outputs.filter(({ type }) => type !== 'schedule').map(short);
  }

  event(event: WorkerEvent): string[] {
    return this.step({ type: 'event', event });
  }

  order(command: WorkerCommand): string[] {
    return this.step({ type: 'order', command });
  }

  /** Lets the time pass; each schedule on the way is kept. */
  pass(ms: number): string[] {
    const until = this.now + ms;
    const outputs: string[] = [];
    while (this.scheduledAt !== undefined && this.scheduledAt <= until) {
      this.now = this.scheduledAt;
      this.scheduledAt = undefined;
      outputs.push(...this.step({ type: 'time' }));
    }
    this.now = until;
    return outputs;
  }

  is(phase: WorkerLifecycle['phase']): void {
    assert.equal(this.lifecycle.phase, phase);
  }
}

function short(output: LifecycleOutput): string {
  if (output.type === 'post') return `post ${output.command.type}`;
  if (output.type === 'allow-optimizer') return output.isAllowed ? 'opt' : 'no-opt';
  if (output.type === 'crashed') return `crashed ${output.restartInMs}`;
  if (output.type === 'bind-done') return `bind-done ${output.port}`;
  return output.type;
}

/** Brings a new bench into a phase. The worker has the endpoint there, except in `off`. */
function benchIn(phase: WorkerLifecycle['phase']): Bench {
  const bench = new Bench();
  if (phase === 'off') return bench;
  bench.step({ type: 'start', sound: COLD });
  bench.step({ type: 'bind', endpoint: ENDPOINT });
  bench.step({ type: 'kept', endpoint: ENDPOINT, port: 5000 });
  if (phase === 'resting') return bench;
  bench.order(CALL);
  if (phase === 'starting') return bench;
  bench.event({ type: 'started' });
  bench.event({ type: 'bound', port: 5000 });
  if (phase === 'lying-down') bench.pass(REST_AFTER_MS);
  if (phase === 'waiting-to-restart') bench.step({ type: 'exit' });
  if (phase === 'closed') bench.step({ type: 'close' });
  bench.is(phase);
  return bench;
}

describe('the lifecycle of the media worker', () => {
  it('starts the thread at once where it may not rest, and never twice', () => {
    const bench = new Bench(false);
    assert.deepEqual(bench.step({ type: 'start', sound: COLD }), ['start-thread']);
    assert.deepEqual(bench.step({ type: 'start', sound: COLD }), []);
    assert.deepEqual(bench.event({ type: 'started' }), ['post sound', 'hand-over-port']);
    assert.deepEqual(bench.pass(10 * REST_AFTER_MS), []);
    bench.is('running');
  });

  it('starts the thread at once with a warm microphone', () => {
    assert.deepEqual(new Bench().step({ type: 'start', sound: WARM }), ['start-thread']);
  });

  it('posts the orders that came while it started behind sound, packets and port', () => {
    const bench = benchIn('starting');
    assert.deepEqual(bench.order(NO_CALL), []);
    assert.deepEqual(bench.event({ type: 'started' }), [
      ...['post sound', 'hand-over-port', 'post bind'],
      ...['post list-devices', 'post talk-stop'],
    ]);
    assert.deepEqual(bench.order(NO_CALL), ['post talk-stop']);
  });

  it('rests after unused time, without the optimizer, on its port', () => {
    const bench = benchIn('running');
    bench.pass(REST_AFTER_MS - 1);
    bench.order(NO_CALL);
    bench.event(NO_USE);
    assert.deepEqual(bench.pass(REST_AFTER_MS - 1), []);
    assert.deepEqual(bench.pass(1), ['post rest']);
    assert.deepEqual(bench.step({ type: 'exit' }), ['no-opt', 'keep-port']);
    bench.is('resting');
    assert.deepEqual(bench.pass(10 * REST_AFTER_MS), []);
  });

  it('wakes by an order that begins something, and not by another one', () => {
    const bench = benchIn('resting');
    assert.deepEqual(bench.order(NO_CALL), []);
    assert.deepEqual(bench.step({ type: 'configure', sound: COLD }), []);
    bench.is('resting');
    assert.deepEqual(bench.order(CALL), ['opt', 'start-thread']);
    assert.ok(bench.event({ type: 'started' }).includes('post list-devices'));
  });

  it('wakes by a warm microphone, and rests no more while it is warm', () => {
    const bench = benchIn('resting');
    assert.deepEqual(bench.step({ type: 'configure', sound: WARM }), ['opt', 'start-thread']);
    bench.event({ type: 'started' });
    assert.deepEqual(bench.pass(10 * REST_AFTER_MS), []);
    bench.step({ type: 'configure', sound: COLD });
    assert.deepEqual(bench.pass(REST_AFTER_MS), ['post rest']);
  });

  it('wakes by the first packet, and not a second time by the next', () => {
    const bench = benchIn('resting');
    assert.deepEqual(bench.step({ type: 'packet' }), ['opt', 'start-thread']);
    assert.deepEqual(bench.step({ type: 'packet' }), []);
  });

  it('posts what came while the thread lay down if the thread stays', () => {
    const bench = benchIn('lying-down');
    assert.deepEqual(bench.order(NO_CALL), []);
    assert.deepEqual(bench.event({ type: 'stays' }), ['post talk-stop']);
    assert.deepEqual(bench.pass(REST_AFTER_MS), ['post rest']);
  });

  it('starts again with what came while the thread lay down if the thread ended', () => {
    const bench = benchIn('lying-down');
    bench.order(NO_CALL);
    assert.deepEqual(bench.step({ type: 'exit' }), ['start-thread']);
    const outputs = bench.event({ type: 'started' });
    assert.equal(outputs.at(-1), 'post talk-stop', 'this was no crash: nothing says "restarted"');
  });

  it('starts if the port cannot be held while it rests, and asks for the port until it has it', () => {
    const bench = benchIn('lying-down');
    bench.step({ type: 'exit' });
    const kept = { ...ENDPOINT };
    assert.deepEqual(
      bench.step({ type: 'keep-failed', endpoint: kept, text: REFUSED }),
      [],
      'of another port',
    );
    const lying = benchIn('lying-down');
    const outputs = lying.lifecycle.step({ type: 'exit' }, lying.now);
    const keep = outputs.find((output) => output.type === 'keep-port');
    assert.ok(keep);
    const { endpoint } = keep;
    assert.deepEqual(lying.step({ type: 'keep-failed', endpoint, text: REFUSED }), ['opt', 'start-thread']);
    lying.event({ type: 'started' });
    for (let tries = 0; tries < 3; tries++) {
      assert.deepEqual(lying.event({ type: 'bind-failed', text: REFUSED }), []);
      lying.order(NO_CALL);
      assert.deepEqual(lying.pass(REBIND_MS - 1), []);
      lying.order(NO_CALL);
      assert.deepEqual(lying.pass(1), ['post bind']);
    }
  });

  it('doubles the restart delay at each crash, and resets it after a steady time', () => {
    const bench = benchIn('running');
    let delay = RESTART_FIRST_MS;
    for (let crashes = 0; crashes < 10; crashes++) {
      assert.deepEqual(bench.step({ type: 'exit' }), [`crashed ${delay}`]);
      assert.deepEqual(bench.order(CALL), [], 'orders are lost during a crash');
      assert.deepEqual(bench.pass(delay - 1), []);
      assert.deepEqual(bench.pass(1), ['start-thread']);
      delay = Math.min(RESTART_MAX_MS, delay * 2);
    }
    assert.deepEqual(bench.event({ type: 'started' }), [
      ...['post sound', 'hand-over-port', 'post bind'],
      'restarted',
    ]);
    bench.step({ type: 'configure', sound: WARM });
    bench.pass(STEADY_MS + 1);
    assert.deepEqual(bench.step({ type: 'exit' }), [`crashed ${RESTART_FIRST_MS}`]);
  });
});

describe('the port of the media worker', () => {
  const other: MediaAddress = { address: '127.0.0.2', port: 0 };
  const bind: LifecycleInput = { type: 'bind', endpoint: other };

  it('is held by main while the worker rests', () => {
    const bench = benchIn('resting');
    assert.deepEqual(bench.step(bind), ['keep-port']);
    assert.deepEqual(bench.step({ type: 'kept', endpoint: other, port: 6000 }), ['bind-done 6000']);
  });

  it('is refused while the worker rests, and the worker goes on resting', () => {
    const bench = benchIn('resting');
    bench.step(bind);
    assert.deepEqual(bench.step({ type: 'keep-failed', endpoint: other, text: REFUSED }), ['bind-refused']);
    bench.is('resting');
  });

  it('is asked of a starting thread once it has started', () => {
    const bench = benchIn('starting');
    assert.deepEqual(bench.step(bind), []);
    assert.ok(bench.event({ type: 'started' }).includes('post bind'));
    assert.deepEqual(bench.event({ type: 'bound', port: 6000 }), ['bind-done 6000']);
  });

  it('goes to a thread that started while main was about to hold it', () => {
    const bench = benchIn('resting');
    bench.step(bind);
    bench.order(CALL);
    bench.event({ type: 'started' });
    assert.deepEqual(bench.step({ type: 'kept', endpoint: other, port: 6000 }), ['free-port']);
    assert.deepEqual(bench.event({ type: 'bound', port: 6001 }), ['bind-done 6001']);
  });

  it('is asked of the thread after it stays, and of the next thread after it ended', () => {
    const stays = benchIn('lying-down');
    assert.deepEqual(stays.step(bind), []);
    assert.deepEqual(stays.event({ type: 'stays' }), ['post bind']);
    const ends = benchIn('lying-down');
    ends.step(bind);
    assert.deepEqual(ends.step({ type: 'exit' }), ['start-thread']);
    assert.deepEqual(ends.event({ type: 'started' }), ['post sound', 'hand-over-port', 'post bind']);
  });

  it('is asked of the next thread after a crash, and refused by a crash meanwhile', () => {
    const bench = benchIn('waiting-to-restart');
    assert.deepEqual(bench.step(bind), []);
    bench.pass(RESTART_FIRST_MS);
    assert.deepEqual(bench.step({ type: 'exit' }), ['bind-refused', `crashed ${2 * RESTART_FIRST_MS}`]);
    bench.pass(2 * RESTART_FIRST_MS);
    assert.deepEqual(bench.event({ type: 'started' }), ['post sound', 'hand-over-port', 'restarted']);
  });

  it('is the one of the last order to bind, whatever an earlier one is answered', () => {
    const bench = benchIn('running');
    bench.step({ type: 'exit' });
    bench.pass(RESTART_FIRST_MS);
    bench.event({ type: 'started' });
    assert.deepEqual(bench.step(bind), ['post bind']);
    assert.deepEqual(bench.event({ type: 'bound', port: 5000 }), []);
    assert.deepEqual(bench.event({ type: 'bound', port: 6000 }), ['bind-done 6000']);
  });
});

describe('the end of the media worker', () => {
  for (const phase of ['off', 'resting', 'waiting-to-restart'] as const)
    it(`ends no thread while it is ${phase}`, () => {
      const bench = benchIn(phase);
      const outputs = bench.step({ type: 'close' });
      assert.deepEqual(outputs, phase === 'resting' ? ['opt', 'free-port'] : ['free-port']);
      bench.pass(60_000);
      assert.deepEqual([...bench.order(CALL), ...bench.step({ type: 'packet' })], []);
    });

  for (const phase of ['starting', 'running', 'lying-down'] as const)
    it(`ends the thread while it is ${phase}, and starts no other`, () => {
      const bench = benchIn(phase);
      assert.deepEqual(bench.step({ type: 'close' }), ['free-port', 'end-thread']);
      assert.deepEqual(bench.event({ type: 'started' }), []);
      assert.deepEqual(bench.step({ type: 'exit' }), []);
      assert.deepEqual([...bench.pass(60_000), ...bench.step({ type: 'start', sound: WARM })], []);
    });

  it('frees a port that main gets to hold only then', () => {
    const bench = benchIn('closed');
    assert.deepEqual(bench.step({ type: 'kept', endpoint: ENDPOINT, port: 5000 }), ['free-port']);
  });
});

/** The thread and the port as a real `MediaWorker` has them, driven by chance; it checks what always holds. */
class World {
  readonly #random: () => number;
  readonly #lifecycle = new WorkerLifecycle({ rests: true, restAfterMs: REST_AFTER_MS });
  #now = 0;
  #scheduledAt = Infinity;
  #thread: 'none' | 'loading' | 'running' | 'resting' = 'none';
  #keep: MediaAddress | undefined;
  #isOptimizing = true;
  #isClosed = false;
  #isBindAwaited = false;
  #binds: number[] = [];
  #sent = 0;
  /** Requests on their way to a thread. */
  #waiting = new Set<number>();
  readonly reached = { crashes: 0, rests: 0, orders: 0 };

  constructor(seed: number) {
    this.#random = seeded(seed);
    this.#step({ type: 'start', sound: COLD });
  }

  /** Something that can happen now, by chance. */
  turn(): void {
    const choice = Math.floor(this.#random() * 9);
    if (choice === 0) this.#pass(this.#random() * 2 * REST_AFTER_MS);
    else if (choice === 1) this.#order();
    else if (choice === 2) this.#step({ type: 'packet' });
    else if (choice === 3) this.#step({ type: 'configure', sound: this.#random() < 0.3 ? WARM : COLD });
    else if (choice === 4) this.#bind();
    else if (choice === 5 && this.#random() < 0.2 && this.#thread !== 'none') this.#end();
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

  /** Lets everything come to rest: all that is on its way arrives. */
  settle(): void {
    for (let i = 0; i < 20; i++) {
      this.#answerKeep();
      this.#moveThread();
      this.#pass(RESTART_MAX_MS);
    }
    assert.equal(this.#waiting.size, 0, 'an order was lost');
    assert.equal(this.#isBindAwaited, false, 'a caller still waits for the port');
  }

  #step(input: LifecycleInput): void {
    for (const output of this.#lifecycle.step(input, this.#now)) this.#carryOut(output);
  }

  #carryOut(output: LifecycleOutput): void {
    if (output.type === 'start-thread') {
      assert.equal(this.#thread, 'none', 'two threads');
      assert.equal(this.#isClosed, false, 'a thread after the end');
      this.#thread = 'loading';
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
    if (command.type === 'bind') this.#binds.push(7000 + this.#binds.length);
    if (command.type !== 'list-devices') return;
    assert.ok(this.#waiting.delete(command.request), 'an order came twice');
    this.reached.orders += 1;
  }

  #order(): void {
    this.#sent += 1;
    if (this.#lifecycle.phase !== 'waiting-to-restart' && !this.#isClosed) this.#waiting.add(this.#sent);
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
    this.#thread = 'none';
    this.#binds = [];
    this.#step({ type: 'exit' });
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

describe('a media worker driven by chance', () => {
  it('has never two threads, loses orders by crashes alone, and starts nothing after its end', () => {
    const reached = { crashes: 0, rests: 0, orders: 0 };
    for (let seed = 0; seed < 300; seed++) {
      const world = new World(seed);
      for (let turns = 0; turns < 200; turns++) world.turn();
      world.settle();
      world.close();
      for (let turns = 0; turns < 50; turns++) world.turn();
      for (const key of ['crashes', 'rests', 'orders'] as const) reached[key] += world.reached[key];
    }
    for (const [what, times] of Object.entries(reached)) assert.ok(times > 300, `${times} ${what}`);
  });
});
