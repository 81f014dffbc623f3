import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NewestMap, NewestSet } from './newest.ts';

describe('a map of the newest', () => {
  it('forgets what was set longest ago', () => {
    const map = new NewestMap<string, number>(2);
    map.set('a', 1).set('b', 2).set('a', 3).set('c', 4);
    assert.deepEqual(
      [...map],
      [
        ['a', 3],
        ['c', 4],
      ],
    );
  });

  it('says what made room, and nothing where there was room', () => {
    const map = new NewestMap<string, number>(2);
    assert.deepEqual(
      ['a', 'b', 'b', 'c'].map((key, n) => map.keep(key, n)),
      [undefined, undefined, undefined, ['a', 0]],
    );
  });

  it('is not renewed by being read', () => {
    const map = new NewestMap<string, number>(2).set('a', 1).set('b', 2);
    assert.equal(map.get('a'), 1);
    assert.deepEqual([...map.set('c', 3).keys()], ['b', 'c']);
  });
});

describe('a set of the newest', () => {
  it('forgets what was added longest ago', () => {
    assert.deepEqual([...new NewestSet<string>(2).add('a').add('b').add('a').add('c')], ['a', 'c']);
  });

  it('may hold undefined', () => {
    assert.deepEqual([...new NewestSet<number | undefined>(1).add(undefined).add(1)], [1]);
  });
});
