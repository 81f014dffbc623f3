import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MediaAddress } from './protocol.ts';
import { benchIn, CALL, ENDPOINT, NO_CALL, REFUSED } from './test-lifecycle-bench.ts';
import { REBIND_MS, RESTART_FIRST_MS, type LifecycleInput } from './worker-lifecycle.ts';

describe('the port of the media worker', () => {
  const other: MediaAddress = { address: '127.0.0.2', port: 0 };
  const bind: LifecycleInput = { type: 'bind', endpoint: other };

  it('is kept by main while the worker rests', () => {
    const bench = benchIn('resting');
    assert.deepEqual(bench.step(bind), ['keep-port']);
    assert.deepEqual(bench.step({ type: 'kept', endpoint: other, port: 6000 }), ['bind-done 6000']);
  });

  it('can be refused while the worker rests, and the worker goes on resting', () => {
    const bench = benchIn('resting');
    bench.step(bind);
    assert.deepEqual(bench.step({ type: 'keep-failed', endpoint: other, text: REFUSED }), ['bind-refused']);
    bench.is('resting');
  });

  it('is bound by a starting thread once it has started', () => {
    const bench = benchIn('starting');
    assert.deepEqual(bench.step(bind), []);
    assert.ok(bench.event({ type: 'started' }).includes('post bind'));
    assert.deepEqual(bench.event({ type: 'bound', port: 6000 }), ['bind-done 6000']);
  });

  it('starts the worker if main can no longer keep it, and is asked for until the worker has it', () => {
    const bench = benchIn('lying-down');
    const keep = bench.lifecycle.step({ type: 'exit' }, bench.now).find(({ type }) => type === 'keep-port');
    assert.ok(keep?.type === 'keep-port');
    const { endpoint } = keep;
    assert.deepEqual(bench.step({ type: 'keep-failed', endpoint, text: REFUSED }), ['opt', 'start-thread']);
    bench.event({ type: 'started' });
    for (let tries = 0; tries < 3; tries++) {
      assert.deepEqual(bench.event({ type: 'bind-failed', text: REFUSED }), []);
      bench.order(NO_CALL);
      assert.deepEqual(bench.pass(REBIND_MS - 1), []);
      bench.order(NO_CALL);
      assert.deepEqual(bench.pass(1), ['post bind']);
    }
  });

  it('is not given up because an earlier one could not be kept', () => {
    const bench = benchIn('lying-down');
    bench.step({ type: 'exit' });
    const earlier = { ...ENDPOINT };
    assert.deepEqual(bench.step({ type: 'keep-failed', endpoint: earlier, text: REFUSED }), []);
    bench.is('resting');
  });

  it('is left to a thread that started while main was opening it', () => {
    const bench = benchIn('resting');
    bench.step(bind);
    bench.order(CALL);
    bench.event({ type: 'started' });
    assert.deepEqual(bench.step({ type: 'kept', endpoint: other, port: 6000 }), ['free-port']);
    assert.deepEqual(bench.event({ type: 'bound', port: 6001 }), ['bind-done 6001']);
  });

  it('is bound by the thread if it stays, and by the next thread if it ended', () => {
    const stays = benchIn('lying-down');
    assert.deepEqual(stays.step(bind), []);
    assert.deepEqual(stays.event({ type: 'stays' }), ['post bind']);
    const ends = benchIn('lying-down');
    ends.step(bind);
    assert.deepEqual(ends.step({ type: 'exit' }), ['start-thread']);
    assert.deepEqual(ends.event({ type: 'started' }), ['post sound', 'hand-over-port', 'post bind']);
  });

  it('is bound by the thread after a crash, and refused if that one crashes too', () => {
    const bench = benchIn('waiting-to-restart');
    assert.deepEqual(bench.step(bind), []);
    bench.pass(RESTART_FIRST_MS);
    assert.deepEqual(bench.step({ type: 'exit' }), ['bind-refused', `crashed ${2 * RESTART_FIRST_MS}`]);
    bench.pass(2 * RESTART_FIRST_MS);
    assert.deepEqual(bench.event({ type: 'started' }), ['post sound', 'hand-over-port', 'restarted']);
  });

  it('is the one of the latest `bind`: the answer to an earlier one counts for nothing', () => {
    const bench = benchIn('running');
    bench.step({ type: 'exit' });
    bench.pass(RESTART_FIRST_MS);
    bench.event({ type: 'started' });
    assert.deepEqual(bench.step(bind), ['post bind']);
    assert.deepEqual(bench.event({ type: 'bound', port: 5000 }), []);
    assert.deepEqual(bench.event({ type: 'bound', port: 6000 }), ['bind-done 6000']);
  });
});

describe('the group that the media worker listens to', () => {
  const group: MediaAddress = { address: '239.192.1.2', port: 47_023 };
  const join: LifecycleInput = { type: 'join', group };

  it('is joined by a thread that runs, and by one that stays', () => {
    assert.deepEqual(benchIn('running').step(join), ['post join']);
    const stays = benchIn('lying-down');
    assert.deepEqual(stays.step(join), []);
    assert.deepEqual(stays.event({ type: 'stays' }), ['post join']);
  });

  it('is joined by every thread that starts later, before its port is bound', () => {
    const bench = benchIn('running');
    bench.step(join);
    bench.step({ type: 'exit' });
    bench.pass(RESTART_FIRST_MS);
    assert.deepEqual(bench.event({ type: 'started' }), [
      ...['post sound', 'hand-over-port', 'post join', 'post bind', 'restarted'],
    ]);
  });

  it('is joined by main while the worker rests, wherever the port moves', () => {
    const bench = benchIn('resting');
    assert.deepEqual(bench.step(join), ['keep-group']);
    assert.deepEqual(bench.step({ type: 'bind', endpoint: { address: '127.0.0.2', port: 0 } }), [
      ...['keep-port', 'keep-group'],
    ]);
    assert.deepEqual(bench.step({ type: 'join', group: undefined }), ['keep-group']);
  });
});
