import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WorkerEvent } from './protocol.ts';
import {
  benchIn,
  CALL,
  COLD,
  ENDPOINT,
  LifecycleBench,
  NO_CALL,
  REST_AFTER_MS,
  WARM,
} from './test-lifecycle-bench.ts';
import { RESTART_FIRST_MS, RESTART_MAX_MS, STEADY_MS } from './worker-lifecycle.ts';

const NO_USE: WorkerEvent = { type: 'dropped', reason: 'no fragment', total: 1 };

describe('the lifecycle of the media worker', () => {
  it('starts the thread at once if it may not rest, and starts it only once', () => {
    const bench = new LifecycleBench(false);
    assert.deepEqual(bench.step({ type: 'start', sound: COLD }), ['start-thread']);
    assert.deepEqual(bench.step({ type: 'start', sound: COLD }), []);
    assert.deepEqual(bench.event({ type: 'started' }), ['post sound', 'hand-over-port']);
    assert.deepEqual(bench.pass(10 * REST_AFTER_MS), []);
    bench.is('running');
  });

  it('starts the thread at once with a warm microphone', () => {
    assert.deepEqual(new LifecycleBench().step({ type: 'start', sound: WARM }), ['start-thread']);
  });

  it('posts the orders that came during the start, after sound, packets and port', () => {
    const bench = benchIn('starting');
    assert.deepEqual(bench.order(NO_CALL), []);
    assert.deepEqual(bench.event({ type: 'started' }), [
      ...['post sound', 'hand-over-port', 'post bind'],
      ...['post list-devices', 'post talk-stop'],
    ]);
    assert.deepEqual(bench.order(NO_CALL), ['post talk-stop']);
  });

  it('rests once nothing has used it for the set time: main keeps the port, and V8’s optimizer is off', () => {
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

  it('starts again at an order that begins something, and at no other order', () => {
    const bench = benchIn('resting');
    assert.deepEqual(bench.order(NO_CALL), []);
    assert.deepEqual(bench.step({ type: 'configure', sound: COLD }), []);
    bench.is('resting');
    assert.deepEqual(bench.order(CALL), ['opt', 'start-thread']);
    assert.ok(bench.event({ type: 'started' }).includes('post list-devices'));
  });

  it('starts again for the tone before an automatic answer: no call is answered without it', () => {
    const bench = benchIn('resting');
    assert.deepEqual(bench.order({ type: 'waiting-tone' }), [], 'where nothing sounds nobody waits');
    assert.deepEqual(bench.order({ type: 'call-tone', id: '1' }), ['opt', 'start-thread']);
    assert.ok(bench.event({ type: 'started' }).includes('post call-tone'));
  });

  it('starts again when the microphone is to be warm, and does not rest while it is', () => {
    const bench = benchIn('resting');
    assert.deepEqual(bench.step({ type: 'configure', sound: WARM }), ['opt', 'start-thread']);
    bench.event({ type: 'started' });
    bench.event({ type: 'bound', port: 5000 });
    assert.deepEqual(bench.pass(10 * REST_AFTER_MS), []);
    bench.step({ type: 'configure', sound: COLD });
    assert.deepEqual(bench.pass(REST_AFTER_MS), ['post rest']);
  });

  it('starts again at the first packet, and only once', () => {
    const bench = benchIn('resting');
    assert.deepEqual(bench.step({ type: 'packet' }), ['opt', 'start-thread']);
    assert.deepEqual(bench.step({ type: 'packet' }), []);
  });

  it('posts the orders that came after `rest` once the thread answers that it stays', () => {
    const bench = benchIn('lying-down');
    assert.deepEqual(bench.order(NO_CALL), []);
    assert.deepEqual(bench.event({ type: 'stays' }), ['post talk-stop']);
    assert.deepEqual(bench.pass(REST_AFTER_MS), ['post rest']);
  });

  it('starts a new thread for the orders that came after `rest` if the old thread has ended', () => {
    const bench = benchIn('lying-down');
    bench.order(NO_CALL);
    assert.deepEqual(bench.step({ type: 'exit' }), ['start-thread']);
    const outputs = bench.event({ type: 'started' });
    assert.equal(outputs.at(-1), 'post talk-stop', 'this was no crash: nothing says "restarted"');
  });

  it('doubles the restart delay at each crash, and resets it after a long time without one', () => {
    const bench = benchIn('running');
    let delay = RESTART_FIRST_MS;
    for (let crashes = 0; crashes < 10; crashes++) {
      assert.deepEqual(bench.step({ type: 'exit' }), [`crashed ${delay}`]);
      assert.deepEqual(bench.pass(delay - 1), []);
      assert.deepEqual(bench.pass(1), ['start-thread']);
      delay = Math.min(RESTART_MAX_MS, delay * 2);
    }
    assert.deepEqual(bench.event({ type: 'started' }), [
      ...['post sound', 'hand-over-port', 'post bind'],
      'restarted',
    ]);
    bench.event({ type: 'bound', port: 5000 });
    bench.step({ type: 'configure', sound: WARM });
    bench.pass(STEADY_MS + 1);
    assert.deepEqual(bench.step({ type: 'exit' }), [`crashed ${RESTART_FIRST_MS}`]);
  });
});

describe('an order that comes while no thread is there, after a crash', () => {
  it('waits for the next thread', () => {
    const bench = benchIn('waiting-to-restart');
    assert.deepEqual(bench.order(CALL), []);
    bench.pass(RESTART_FIRST_MS);
    assert.deepEqual(bench.order(NO_CALL), []);
    assert.deepEqual(bench.event({ type: 'started' }).slice(-3), [
      ...['post list-devices', 'post talk-stop', 'restarted'],
    ]);
  });

  it('is lost with the next crash, of which everybody is told again', () => {
    const bench = benchIn('waiting-to-restart');
    bench.order(CALL);
    bench.pass(RESTART_FIRST_MS);
    assert.deepEqual(bench.step({ type: 'exit' }), [`crashed ${2 * RESTART_FIRST_MS}`]);
    bench.pass(2 * RESTART_FIRST_MS);
    assert.ok(!bench.event({ type: 'started' }).includes('post list-devices'));
  });
});

describe('the end of the media worker', () => {
  for (const phase of ['off', 'resting', 'waiting-to-restart'] as const)
    it(`has no thread to end in the phase ${phase}`, () => {
      const bench = benchIn(phase);
      const outputs = bench.step({ type: 'close' });
      assert.deepEqual(outputs, phase === 'resting' ? ['opt', 'free-port'] : ['free-port']);
      bench.pass(60_000);
      assert.deepEqual([...bench.order(CALL), ...bench.step({ type: 'packet' })], []);
    });

  for (const phase of ['starting', 'running', 'lying-down'] as const)
    it(`ends the thread in the phase ${phase}, and starts no other`, () => {
      const bench = benchIn(phase);
      assert.deepEqual(bench.step({ type: 'close' }), ['free-port', 'end-thread']);
      assert.deepEqual(bench.event({ type: 'started' }), []);
      assert.deepEqual(bench.step({ type: 'exit' }), []);
      assert.deepEqual([...bench.pass(60_000), ...bench.step({ type: 'start', sound: WARM })], []);
    });

  it('frees a port that main got hold of only after the close', () => {
    const bench = benchIn('closed');
    assert.deepEqual(bench.step({ type: 'kept', endpoint: ENDPOINT, port: 5000 }), ['free-port']);
  });
});
