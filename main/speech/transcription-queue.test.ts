import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededBelow } from '../../test/support/seeded-random.ts';
import { QUIET_MS, TranscriptionQueue, type QueueInput, type QueueOutput } from './transcription-queue.ts';

const ENGINE = { type: 'engine', isThere: true, canPause: true } as const;
const add = (id: string, arrivedAt: number, isHeard = false): QueueInput => ({
  type: 'add',
  id,
  arrivedAt,
  isHeard,
});
const orders = (outputs: readonly QueueOutput[]): string[] =>
  outputs.flatMap((output) => {
    if (output.type === 'changed' || output.type === 'schedule') return [];
    return ['id' in output ? `${output.type} ${output.id}` : output.type];
  });

/** Feeds inputs, all at this time, and returns the orders. */
function run(queue: TranscriptionQueue, inputs: readonly QueueInput[], now = 1000): string[] {
  return inputs.flatMap((input) => orders(queue.step(input, now)));
}

test('one at a time: what the person asks for, then the newest unheard, then the newest heard', () => {
  const queue = new TranscriptionQueue();
  const all = [add('old', 1), add('heard', 9, true), add('new', 5), add('middle', 3), add('asked', 2, true)];
  assert.deepEqual(run(queue, [...all, { type: 'ask', id: 'asked' }]), []);
  assert.deepEqual(run(queue, [ENGINE]), ['start asked']);
  const done = (id: string): string[] => run(queue, [{ type: 'done', id }]);
  assert.deepEqual(done('asked'), ['start new']);
  assert.deepEqual(run(queue, [{ type: 'heard', id: 'middle' }]), []);
  assert.deepEqual(done('new'), ['start old']);
  assert.deepEqual(done('old'), ['start heard']);
  assert.deepEqual(done('heard'), ['start middle']);
  assert.deepEqual(done('middle'), []);
  assert.equal(queue.stateOf('middle'), undefined);
});

test('while somebody talks nothing is worked on; it goes on a moment after', () => {
  const queue = new TranscriptionQueue();
  assert.deepEqual(run(queue, [ENGINE, add('a', 1)]), ['start a']);
  assert.deepEqual(
    run(queue, [
      { type: 'progress', id: 'a', part: 0.5 },
      { type: 'talk', isTalking: true },
    ]),
    ['pause'],
  );
  assert.deepEqual(queue.stateOf('a'), { name: 'working', part: 0.5, isPaused: true });
  assert.deepEqual(run(queue, [{ type: 'talk', isTalking: true }, { type: 'time' }], 9000), []);
  const quiet = queue.step({ type: 'talk', isTalking: false }, 10_000);
  assert.deepEqual(quiet, [{ type: 'schedule', at: 10_000 + QUIET_MS }]);
  // A timer that is early is set again.
  assert.deepEqual(queue.step({ type: 'time' }, 10_000 + QUIET_MS - 0.4), [
    { type: 'schedule', at: 10_000 + QUIET_MS },
  ]);
  assert.deepEqual(run(queue, [{ type: 'time' }], 10_000 + QUIET_MS), ['resume']);
  assert.deepEqual(run(queue, [{ type: 'done', id: 'a' }], 11_000), []);
});

test('an engine that cannot pause is ended, and begins again', () => {
  const queue = new TranscriptionQueue();
  assert.deepEqual(run(queue, [{ ...ENGINE, canPause: false }, add('a', 1)]), ['start a']);
  assert.deepEqual(
    run(queue, [
      { type: 'progress', id: 'a', part: 0.5 },
      { type: 'talk', isTalking: true },
    ]),
    ['stop a'],
  );
  assert.deepEqual(queue.stateOf('a'), { name: 'waiting' });
  assert.deepEqual(run(queue, [{ type: 'talk', isTalking: false }]), []);
  assert.deepEqual(run(queue, [{ type: 'time' }], 1000 + QUIET_MS), ['start a']);
});

test('a failed message is not tried again until the person asks or the engine changes', () => {
  const queue = new TranscriptionQueue();
  run(queue, [ENGINE, add('a', 1)]);
  assert.deepEqual(run(queue, [{ type: 'failed', id: 'a' }]), []);
  assert.deepEqual(queue.stateOf('a'), { name: 'failed' });
  assert.deepEqual(run(queue, [{ type: 'time' }, add('a', 1), { type: 'heard', id: 'a' }], 99_000), []);
  assert.deepEqual(run(queue, [{ type: 'ask', id: 'a' }], 99_000), ['start a']);
  assert.deepEqual(run(queue, [{ type: 'failed', id: 'a' }, ENGINE], 99_000), ['start a']);
});

test('a deleted message drops out, also while it is worked on or paused', () => {
  const queue = new TranscriptionQueue();
  run(queue, [add('a', 1), add('b', 2), add('c', 3), ENGINE]);
  assert.deepEqual(
    run(queue, [
      { type: 'remove', id: 'b' },
      { type: 'remove', id: 'c' },
    ]),
    ['stop c', 'start a'],
  );
  assert.deepEqual(run(queue, [{ type: 'done', id: 'c' }]), []);
  assert.deepEqual(
    run(queue, [
      { type: 'talk', isTalking: true },
      { type: 'remove', id: 'a' },
    ]),
    ['pause', 'stop a', 'resume'],
  );
  assert.equal(queue.stateOf('a'), undefined);
});

test('what ends while it is paused leaves the engine running for the next', () => {
  const queue = new TranscriptionQueue();
  run(queue, [ENGINE, add('a', 1), { type: 'talk', isTalking: true }]);
  assert.deepEqual(run(queue, [{ type: 'done', id: 'a' }]), ['resume']);
});

/** An engine as the queue's orders leave it. */
class SimulatedEngine {
  working: string | undefined;
  isPaused = false;

  carryOut(output: QueueOutput): void {
    switch (output.type) {
      case 'start':
        assert.equal(this.working, undefined, 'one at a time');
        assert.equal(this.isPaused, false, 'nothing starts in a paused engine');
        this.working = output.id;
        break;
      case 'stop':
        assert.equal(this.working, output.id);
        this.working = undefined;
        break;
      case 'pause':
        assert.equal(this.isPaused, false);
        this.isPaused = true;
        break;
      case 'resume':
        assert.equal(this.isPaused, true);
        this.isPaused = false;
        break;
      case 'schedule':
      case 'changed':
        break;
    }
  }
}

test('in any order of events one message is worked on, none while somebody talks, and at the end none waits', () => {
  for (let seed = 1; seed <= 200; seed++) simulate(seed);
});

function simulate(seed: number): void {
  const below = seededBelow(seed);
  const queue = new TranscriptionQueue();
  const engine = new SimulatedEngine();
  const present = new Map<string, { failures: number; mayFail: boolean }>();
  let now = 0;
  let timeAt: number | undefined;
  let isTalking = false;
  let isThere = false;
  let canPause = true;
  const step = (input: QueueInput): void => {
    for (const output of queue.step(input, now)) {
      engine.carryOut(output);
      if (output.type === 'schedule') timeAt = output.at;
      if (output.type === 'start') {
        const message = present.get(output.id);
        assert.ok(message, `seed ${seed}: ${output.id} is there`);
        assert.ok(message.mayFail, `seed ${seed}: ${output.id} is not tried again by itself`);
      }
    }
    const works = engine.working !== undefined && !engine.isPaused;
    assert.ok(!(isTalking && works), `seed ${seed}: nothing works while somebody talks`);
    assert.ok(isThere || engine.working === undefined, `seed ${seed}: nothing works without an engine`);
  };
  const pass = (ms: number): void => {
    const end = now + ms;
    while (timeAt !== undefined && timeAt <= end) {
      now = timeAt;
      timeAt = undefined;
      step({ type: 'time' });
    }
    now = end;
  };
  const some = (): string => `m${below(20)}`;
  const finish = (hasFailed: boolean): void => {
    const id = engine.working;
    if (id === undefined || engine.isPaused) return;
    engine.working = undefined;
    const message = present.get(id);
    if (hasFailed && message) message.mayFail = false;
    if (!hasFailed) present.delete(id);
    step({ type: hasFailed ? 'failed' : 'done', id });
  };
  const change = (there: boolean): void => {
    isThere = there;
    canPause = below(2) === 0;
    for (const message of present.values()) message.mayFail = true;
    step({ type: 'engine', isThere, canPause });
  };
  const events: readonly (() => void)[] = [
    () => {
      const id = some();
      if (!present.has(id)) present.set(id, { failures: 0, mayFail: true });
      step(add(id, below(100), below(2) === 0));
    },
    () => step({ type: 'heard', id: some() }),
    () => {
      const id = some();
      present.delete(id);
      step({ type: 'remove', id });
    },
    () => {
      const id = some();
      const message = present.get(id);
      if (message) message.mayFail = true;
      step({ type: 'ask', id });
    },
    () => {
      isTalking = !isTalking;
      step({ type: 'talk', isTalking });
    },
    () => finish(false),
    () => finish(true),
    () => step({ type: 'progress', id: some(), part: below(10) / 10 }),
    () => change(below(4) > 0),
    // An answer that was on its way when the work was stopped.
    () => {
      const id = some();
      if (id !== engine.working) step({ type: 'done', id });
    },
  ];
  for (let i = 0; i < 400; i++) {
    pass(below(400));
    events[below(events.length)]!();
  }
  isTalking = false;
  step({ type: 'talk', isTalking });
  change(true);
  for (let i = 0; i < 100 && present.size > 0; i++) {
    pass(QUIET_MS + 1);
    finish(false);
  }
  assert.equal(present.size, 0, `seed ${seed}: all are done`);
}
