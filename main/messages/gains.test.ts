import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak } from './test-people.ts';

test('a talker has the volume that the person set, live and from the store, also when it is changed while sounding', async (t) => {
  const bob = await Desk.open(t, '102');
  const [ann, kim] = [await newPerson(t, '101'), await newPerson(t, '103')];
  bob.office.know(ann, kim);
  let annsGain = 0.5;
  bob.listener.gainOf = ({ talker }) => (talker === ann.record.node ? annsGain : 1);
  const live = await speak(ann, [bob], { time: bob.time });
  bob.hear(live.header.signed);
  await until(() => bob.messages.inbox.isLive(live.id), 'Ann is heard');
  assert.equal(bob.media.of('receive')[0]?.gain, 0.5);

  const stored = await speak(kim, [bob], { time: bob.time });
  bob.hear(stored.header.signed);
  await until(() => bob.store.get(stored.id) !== undefined, 'it is kept');
  await bob.messages.player.play(bob.store.get(stored.id)!);
  assert.equal(bob.media.of('play')[0]?.gain, 1);

  annsGain = 0.25;
  bob.messages.gains.changed();
  assert.deepEqual(bob.media.of('gain'), [
    { type: 'gain', id: live.id, gain: 0.25 },
    { type: 'gain', id: stored.id, gain: 1 },
  ]);
});

test('a page has the volume that the person set for pages', async (t) => {
  const bob = await Desk.open(t, '102');
  const ann = await newPerson(t, '101');
  bob.office.know(ann);
  bob.listener.gainOf = ({ page }) => (page ? 0.5 : 1);
  const page = await speak(ann, [bob], { time: bob.time, page: { isToAll: true } });
  bob.hear(page.header.signed);
  await until(() => bob.messages.inbox.isLive(page.id), 'it is heard');
  assert.equal(bob.media.of('receive')[0]?.gain, 0.5);
});

test('if nothing sounds, nothing is changed', async (t) => {
  const bob = await Desk.open(t, '102');
  bob.messages.gains.changed();
  assert.deepEqual(bob.media.of('gain'), []);
});
