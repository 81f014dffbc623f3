import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RetryTimer } from './retry-timer.ts';

/** A task that fails as often as it is done, and timers that are run by hand. */
function failing() {
  const waiting = new Set<{ task: () => void; ms: number }>();
  let done = 0;
  const retrying: RetryTimer = new RetryTimer(
    () => {
      done += 1;
      retrying.failed();
    },
    (task, ms) => {
      const timer = { task, ms };
      waiting.add(timer);
      return () => waiting.delete(timer);
    },
  );
  return {
    retrying,
    times: () => done,
    waits: () => [...waiting].map(({ ms }) => ms),
    run: () => {
      for (const timer of [...waiting]) {
        waiting.delete(timer);
        timer.task();
      }
    },
  };
}

test('the task is repeated after 1 s, then twice as long each time, 30 s at most', () => {
  const { retrying, waits, run } = failing();
  retrying.failed();
  const seen: number[] = [];
  for (let times = 0; times < 8; times += 1) {
    seen.push(...waits());
    run();
  }
  assert.deepEqual(seen, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test('after stop the task is not repeated, and the next failure counts as the first', () => {
  const { retrying, waits, run, times } = failing();
  retrying.failed();
  run();
  retrying.stop();
  run();
  assert.equal(times(), 1);
  assert.equal(retrying.failed(), 1000);
  assert.deepEqual(waits(), [1000]);
});

test('two failures cause one wait', () => {
  const { retrying, waits } = failing();
  retrying.failed();
  retrying.failed();
  assert.deepEqual(waits(), [2000]);
});
