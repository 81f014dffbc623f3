import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import type { MessageId, NodeId } from '../model/index.ts';
import { ForgedVoices } from './forged-voices.ts';
import { Troubles } from './troubles.ts';

const [ann, eve] = ['A', 'E'].map((letter) => letter.repeat(22)) as [NodeId, NodeId];
const [first, second] = ['1', '2'].map((digit) => digit.repeat(22)) as [MessageId, MessageId];

function ground() {
  const time = new HandTime();
  const troubles = new Troubles();
  const nameOf = (node: NodeId) => (node === ann ? 'Ann' : undefined);
  return { time, troubles, voices: new ForgedVoices({ clock: time, troubles, nameOf }) };
}

test('a talker whose messages were tampered with is counted, and named for ten minutes', () => {
  const { time, voices } = ground();
  assert.deepEqual(voices.recent, []);
  voices.add({ talker: ann, count: 3, sentBy: undefined });
  voices.add({ talker: ann, count: 2, sentBy: eve });
  voices.add({ talker: eve, count: 9, sentBy: undefined });
  assert.deepEqual(voices.recent, [
    { talker: eve, count: 9, sentBy: undefined },
    { talker: ann, count: 5, sentBy: eve },
  ]);
  time.pass(600_001);
  assert.deepEqual(voices.recent, []);
  voices.add({ talker: ann, count: 1, sentBy: undefined });
  assert.deepEqual(voices.recent, [{ talker: ann, count: 1, sentBy: undefined }]);
});

test('the panel says why a message was cut short, until it is heard or deleted', () => {
  const { troubles, voices } = ground();
  voices.cutShort({ id: first, talker: ann, why: 'unsigned' });
  assert.match(troubles.list()[0]!.sentence, /no longer plays Ann live: Ann’s computer does not confirm/);
  voices.cutShort({ id: second, talker: ann, why: 'forged' });
  assert.match(troubles.list()[0]!.sentence, /somebody else put words into what Ann is saying/);
  voices.settled(first);
  assert.equal(troubles.list().length, 1);
  voices.settled(second);
  assert.deepEqual(troubles.list(), []);
});
