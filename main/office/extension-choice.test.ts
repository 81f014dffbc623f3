import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExtensionChoice } from './extension-choice.ts';

/** A node that gives way, in an office whose taken numbers are at hand; timers are run by hand. */
function yielding(taken: Set<number>, own: number) {
  const timers = new Set<() => void>();
  const is = { own, met: true, yielding: true };
  const choice: ExtensionChoice = new ExtensionChoice({
    isYielding: () => is.yielding,
    isMet: () => is.met,
    isTaken: () => taken.has(is.own),
    takeNext: () => {
      while (taken.has(is.own)) is.own += 1;
      choice.changed();
    },
    claim: () => {
      is.yielding = false;
      choice.changed();
    },
    schedule: (task) => {
      timers.add(task);
      return () => timers.delete(task);
    },
  });
  const run = (times: number): void => {
    for (let time = 0; time < times; time += 1) {
      for (const task of [...timers]) {
        timers.delete(task);
        task();
      }
    }
  };
  return { choice, is, run, timers };
}

test('it becomes the lowest free one, and is claimed once nobody else came with the same', () => {
  const { choice, is, run, timers } = yielding(new Set([101, 102]), 101);
  choice.changed();
  run(1);
  assert.equal(is.own, 103);
  run(10);
  assert.equal(is.yielding, true);
  run(1);
  assert.equal(is.yielding, false);
  assert.equal(timers.size, 0);
});

test('whoever comes with the same before it is claimed has it', () => {
  const taken = new Set([101]);
  const { choice, is, run } = yielding(taken, 102);
  choice.changed();
  run(8);
  taken.add(102);
  run(1);
  assert.equal(is.own, 103);
  run(9);
  assert.equal(is.yielding, true, 'it is looked anew from the last change on');
});

test('as long as nobody is there nothing is claimed', () => {
  const { choice, is, run, timers } = yielding(new Set(), 101);
  is.met = false;
  choice.changed();
  assert.equal(timers.size, 0);
  is.met = true;
  choice.changed();
  run(3);
  is.met = false;
  run(20);
  assert.equal(is.yielding, true);
  assert.equal(timers.size, 0);
});
