import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Flash, NodeEvent } from '../../preload/api.ts';
import { isNotified, isSounding } from '../../test/support/messages.ts';
import { officeFor } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';

const ANN = 'Person 101';
const isFlash = (cause: Flash['cause']) => (event: NodeEvent) =>
  event.type === 'flash' && event.flash?.cause === cause && event.flash.name === ANN;
const isOver = (event: NodeEvent) => event.type === 'flash' && event.flash === null;
const flashes = (events: readonly NodeEvent[]) => events.filter(({ type }) => type === 'flash');

it('the screen flashes for a call as long as it rings, and not behind a locked screen', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  await bob.node.call('setSettings', { signals: 'flash' });
  for (const end of ['hang-up', 'lock'] as const) {
    const from = bob.events.length;
    const { id } = await ann.node.call('startCall', { dial: '102' });
    await bob.untilAfter(from, isFlash('calls'));
    assert.equal(flashes(bob.events.slice(from)).length, 1);
    if (end === 'lock') await bob.node.call('computer', { event: 'lock' });
    else await ann.node.call('controlCall', { id, action: 'hang-up' });
    await bob.untilAfter(from, isOver);
  }
});

it('it flashes for a page, for live speech, and for a message that waits; not where sounds call', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  const say = async (more: { page?: Record<string, never> } = {}): Promise<number> => {
    const from = bob.events.length;
    const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(500), ...more });
    await bob.untilAfter(from, (event) => isSounding(id)(event) || isNotified(id)(event));
    await ann.untilSo((event) => event.type === 'message' && event.message.id === id && !event.message.live);
    return from;
  };
  const silent = await say();
  assert.deepEqual(flashes(bob.events.slice(silent)), []);
  await bob.node.call('setSettings', { signals: 'both' });
  await bob.untilAfter(await say(), isFlash('speaks'));
  await bob.untilAfter(await say({ page: {} }), isFlash('pages'));
  await bob.node.call('computer', { event: 'idle' });
  await bob.untilAfter(await say(), isFlash('message'));
});

it('a person tries it, whatever calls them', async (t) => {
  const [ann] = await officeFor(t).people('101', '102');
  await ann.node.call('tryFlash');
  await ann.untilSo(isFlash('try'));
});
