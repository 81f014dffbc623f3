import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newMessageId, type MessageId, type NodeId } from '../model/index.ts';
import { Arriving } from './arriving.ts';

const MINUTE_MS = 60_000;
const [ann, eve] = ['ann', 'eve'] as NodeId[] as [NodeId, NodeId];

function begin(
  arriving: Arriving,
  talker: NodeId,
  now = 0,
): { readonly id: MessageId } & ReturnType<Arriving['begin']> {
  const id = newMessageId();
  return { id, ...arriving.begin(id, talker, now) };
}

test('of one talker’s messages the three newest arrive by datagram, and the oldest gives way', () => {
  const arriving = new Arriving();
  const [first, second, third] = [begin(arriving, eve), begin(arriving, eve), begin(arriving, eve)];
  const other = begin(arriving, ann);
  const fourth = begin(arriving, eve);
  assert.deepEqual([fourth.isIn, fourth.isTooMuch, fourth.giveWay], [true, true, [first.id]]);
  const ids = [first, second, third, fourth, other].map(({ id }) => arriving.has(id));
  assert.deepEqual(ids, [false, true, true, true, true]);
});

test('any number of messages that arrive complete after an absence is not too much', () => {
  const arriving = new Arriving();
  for (let n = 0; n < 200; n += 1) {
    const { id, isIn, isTooMuch } = begin(arriving, ann);
    assert.deepEqual([isIn, isTooMuch], [true, false]);
    arriving.ended(id);
  }
});

test('three messages that lost their end minutes ago do not count as too much', () => {
  const arriving = new Arriving();
  const lost = [1, 2, 3].map(() => begin(arriving, ann).id);
  const now = begin(arriving, ann, 12 * MINUTE_MS);
  assert.deepEqual([now.isIn, now.isTooMuch, now.giveWay], [true, false, lost]);
});

test('four without an end, seconds apart, do not count as too much: without a switch ends come late', () => {
  const arriving = new Arriving();
  const [first] = [0, 3000, 6000].map((now) => begin(arriving, ann, now).id);
  const fourth = begin(arriving, ann, 9000);
  assert.deepEqual([fourth.isTooMuch, fourth.giveWay], [false, [first]]);
});

test('of all messages 64 arrive by datagram; one that has ended gives way, one that is still spoken does not', () => {
  const arriving = new Arriving();
  const all = Array.from({ length: 64 }, (_, n) => begin(arriving, `node ${n}` as NodeId));
  const late = begin(arriving, ann);
  assert.deepEqual([late.isIn, late.giveWay], [false, []]);
  const [one] = all;
  arriving.ended(one!.id);
  const next = begin(arriving, ann);
  assert.deepEqual([next.isIn, next.isTooMuch, next.giveWay], [true, false, [one!.id]]);
  arriving.settled(next.id);
  assert.equal(begin(arriving, ann).isIn, true);
});
