import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededBelow } from '../../test/support/seeded-random.ts';
import { newMessageId, type MessageId, type NodeId } from '../model/index.ts';
import { Floor } from './floor.ts';

const [ANN, BO, KIM] = ['ann', 'bo', 'kim'] as NodeId[] as [NodeId, NodeId, NodeId];

describe('the floor', () => {
  it('is free until a voice sounds, and then gives turns in the order of arrival', () => {
    const floor = new Floor();
    const [a, b, c] = [newMessageId(), newMessageId(), newMessageId()];
    let frees = 0;
    floor.events.on('free', () => (frees += 1));
    floor.take(a);
    assert.equal(floor.isFree, false);
    assert.deepEqual([floor.queue(b, ANN), floor.queue(c, BO), floor.queue(b, ANN)], [true, true, true]);
    assert.deepEqual(floor.waiting, [b, c]);
    assert.equal(floor.next(), undefined, 'somebody is heard');
    floor.leave(a);
    assert.equal(frees, 1);
    assert.equal(floor.next(), b);
    assert.equal(floor.next(), undefined);
    floor.leave(b);
    assert.equal(floor.next(), c);
    floor.leave(c);
    assert.equal(frees, 2, 'nobody waits any more');
  });

  it('gives no turn while it is held, though nothing sounds', () => {
    const floor = new Floor();
    const id = newMessageId();
    let frees = 0;
    floor.events.on('free', () => (frees += 1));
    floor.hold('page');
    assert.deepEqual(
      [floor.isFree, floor.hears, floor.queue(id, ANN), floor.next()],
      [false, 'somebody', true, undefined],
    );
    floor.release();
    assert.deepEqual([floor.hears, frees, floor.next()], ['nobody', 1, id]);
  });

  it('says what is heard above the rest, and whether a call holds it', () => {
    const floor = new Floor();
    const [voice, page, chosen] = [newMessageId(), newMessageId(), newMessageId()];
    const heard: (MessageId | undefined)[] = [];
    floor.events.on('changed', () => heard.push(floor.heard));
    assert.equal(floor.heard, undefined);
    floor.take(voice);
    floor.take(page, 'page');
    floor.take(chosen, 'chosen');
    floor.take(chosen, 'chosen');
    assert.deepEqual(heard, [voice, page, page], 'the page is heard above the other two');
    floor.leave(page);
    assert.equal(floor.heard, chosen, 'of two the one that began last');
    floor.hold('call');
    assert.deepEqual([floor.isInCall, floor.isHeldByPage], [true, false]);
    floor.hold('page');
    assert.deepEqual([floor.isInCall, floor.isHeldByPage], [true, true]);
    floor.release();
    assert.deepEqual([floor.isInCall, floor.isHeldByPage], [false, false]);
  });

  it('has a limit, forgets dropped messages, and does not keep heard ones waiting', () => {
    const floor = new Floor();
    floor.take(newMessageId());
    const ids = Array.from({ length: 9 }, newMessageId);
    assert.deepEqual(
      ids.map((id, n) => floor.queue(id, [ANN, BO, KIM][n % 3]!)),
      [...Array.from({ length: 8 }, () => true), false],
    );
    assert.deepEqual([floor.drop(ids[0]!), floor.drop(ids[0]!)], [true, false]);
    floor.take(ids[1]!);
    assert.deepEqual(floor.waiting, ids.slice(2, 8));
  });

  it('gives one talker three places at most, so that others get one', () => {
    const floor = new Floor();
    floor.take(newMessageId());
    const taken = Array.from({ length: 4 }, () => floor.queue(newMessageId(), ANN));
    assert.deepEqual([...taken, floor.queue(newMessageId(), BO)], [true, true, true, false, true]);
  });

  it('of a thousand random steps, never gives two turns at once, and every message that waits gets one', () => {
    const below = seededBelow(4_711);
    const floor = new Floor();
    const [given, queued] = [[] as MessageId[], [] as MessageId[]];
    let sounding: MessageId | undefined;
    const step = (): void => {
      if (below(2) === 0) {
        const id = newMessageId();
        if (floor.isFree) floor.take((sounding = id));
        else if (floor.queue(id, [ANN, BO, KIM][below(3)]!)) queued.push(id);
      } else if (sounding !== undefined) {
        const ended = sounding;
        sounding = undefined;
        floor.leave(ended);
      }
    };
    floor.events.on('free', () => {
      assert.equal(sounding, undefined);
      sounding = floor.next();
      if (sounding) given.push(sounding);
    });
    for (let n = 0; n < 1000; n += 1) step();
    while (sounding) {
      const ended = sounding;
      sounding = undefined;
      floor.leave(ended);
    }
    assert.ok(given.length > 100);
    assert.deepEqual(given, queued);
  });
});
