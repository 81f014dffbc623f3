import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameTurns } from './frame-turns.ts';

/** A loop whose turns a test begins; each step of a link takes `costMs`. */
function loop(costMs: number) {
  let now = 0;
  let next: (() => void) | undefined;
  const done: string[] = [];
  const turns = new FrameTurns(
    () => now,
    (task) => (next = task),
  );
  const link = (name: string, frames: number) => {
    let left = frames;
    turns.run(() => {
      now += costMs;
      done.push(name);
      left -= 1;
      return left > 0;
    });
  };
  /** What was done since the last look. */
  const look = () => done.splice(0).join('');
  const turn = () => {
    const task = next;
    next = undefined;
    task?.();
    return look();
  };
  return { link, look, turn };
}

describe('the frames of all links', () => {
  it('are handled at once where they are few', () => {
    const { link, look, turn } = loop(1);
    link('a', 2);
    link('b', 2);
    assert.equal(look(), 'aabb');
    assert.equal(turn(), '');
  });

  it('take four milliseconds of a turn, however many come, and the others go on in the next', () => {
    const { link, look, turn } = loop(1);
    link('a', 10);
    assert.equal(look(), 'aaaa');
    link('b', 1);
    assert.equal(look(), '', 'this turn has no time left for another link either');
    assert.equal(turn(), 'aaaa');
    assert.equal(turn(), 'baa');
    assert.equal(turn(), '');
  });

  it('share the thread among links: none waits until another has said everything', () => {
    const { link, look, turn } = loop(2);
    for (const name of ['a', 'b', 'c']) link(name, 100);
    assert.equal(look(), 'aa');
    assert.deepEqual([turn(), turn(), turn(), turn(), turn()], ['aa', 'bb', 'cc', 'aa', 'bb']);
  });

  it('are interrupted after one frame at the latest, however long it takes', () => {
    const { link, look, turn } = loop(50);
    link('a', 3);
    assert.deepEqual([look(), turn(), turn(), turn()], ['a', 'a', 'a', '']);
  });
});
