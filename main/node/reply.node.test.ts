import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { isMessage, isSounding, say } from '../../test/support/messages.ts';
import { officeFor, type Member } from '../../test/support/office.ts';
import { refused } from '../../test/support/refused.ts';
import { toneWav } from '../../test/support/tone.ts';
import { nodePorts, type Ports } from '../model/index.ts';

/** For this long after somebody spoke the talk key reaches them. */
const REPLY_MS = 15_000;

it('a reply that reaches nobody is refused, and the sentence says why', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  await assert.rejects(bob.node.call('talkPress', { reply: 'last' }), refused('nobody-spoke'));
  await assert.rejects(bob.node.call('talkPress', { reply: 'Q'.repeat(22) }), refused('no-message'));
  const own = await say(ann, bob, toneWav(200));
  await assert.rejects(ann.node.call('talkPress', { reply: own }), refused('own-message'));
  await assert.rejects(ann.node.call('talkPress', { reply: 'last', dial: '102' }), refused('bad-arguments'));
});

it('a reply goes to a message’s talker, or to the last one, and so does the talk key from then on', async (t) => {
  const [ann, bob, cleo] = await officeFor(t).people('101', '102', '103');
  const first = await say(ann, cleo, toneWav(200));
  await say(bob, cleo, toneWav(200));
  assert.equal((await pressed(cleo, first)).names[0], 'Person 101');
  await cleo.untilSo(
    (event) =>
      event.type === 'status' && event.status.talking === null && event.status.talkTo?.extension === '101',
  );
  assert.equal((await pressed(cleo, 'last')).to, '102');
});

it('a reply goes to who is speaking now, though somebody else began later, and waits', async (t) => {
  const [ann, bob, cleo] = await officeFor(t).people('101', '102', '103');
  const long = await ann.node.call('talkRecording', { dial: '103', wavBase64: toneWav(30_000) });
  await cleo.untilSo(isSounding(long.id));
  const brief = await bob.node.call('talkRecording', { dial: '103', wavBase64: toneWav(5_000) });
  await cleo.untilSo(
    (event) => event.type === 'status' && event.status.waiting.some(({ extension }) => extension === '102'),
  );
  await bob.untilSo(isMessage(brief.id, ({ recipients }) => recipients[0]?.state === 'queued'));
  const { talkTo } = await cleo.node.call('status');
  assert.deepEqual([talkTo?.extension, talkTo?.isReply, talkTo?.until], ['101', true, null]);
  assert.equal((await pressed(cleo, 'last')).to, '101');
  await cleo.node.call('playback', { action: 'skip' });
  await cleo.untilSo(isMessage(brief.id, ({ heard }) => heard));
  assert.ok(((await cleo.node.call('status')).talkTo?.until ?? 0) > Date.now(), 'an answer reaches Bob now');
});

it('the talk key alone reaches whoever just spoke; when fifteen seconds have gone by, whom the person chose', async (t) => {
  const office = officeFor(t);
  const [ann] = await office.people('101', '102');
  const window = new HandTimer(REPLY_MS);
  const cleo = await office.add('103', {}, window.ports);
  await office.settled();
  await cleo.node.call('dial', { dial: '102' });
  assert.equal((await pressed(cleo)).to, '102');
  await say(ann, cleo, toneWav(200));
  assert.equal((await pressed(cleo)).to, '101', 'at once');
  await cleo.untilSo((event) => event.type === 'status' && (event.status.talkTo?.until ?? 0) > Date.now());
  assert.equal((await pressed(cleo)).to, '101', 'after she has heard it');
  window.end();
  const { talkTo } = await cleo.node.call('status');
  assert.deepEqual([talkTo?.extension, talkTo?.isReply, talkTo?.until], ['102', false, null]);
  assert.equal((await pressed(cleo)).to, '102');
});

/** A node's timers, of which those of this length end when the test says so. */
class HandTimer {
  readonly ports: Ports;
  readonly #tasks = new Set<() => void>();

  constructor(heldMs: number) {
    const schedule: Ports['schedule'] = (task, ms) => {
      if (ms !== heldMs) return nodePorts.schedule(task, ms);
      this.#tasks.add(task);
      return () => void this.#tasks.delete(task);
    };
    this.ports = { ...nodePorts, schedule };
  }

  end(): void {
    const [task, ...others] = this.#tasks;
    assert.ok(task && others.length === 0, 'one timer of this length');
    this.#tasks.clear();
    task();
  }
}

/** Key down and up. No computer that tests has a microphone: once a node has found that out, it rests for a moment. */
async function pressed({ node }: Member, reply?: string) {
  await eventually(
    async () => (await node.call('status')).microphone.state === 'idle',
    'the microphone rests',
  );
  const talk = await node.call('talkPress', reply === undefined ? {} : { reply });
  await node.call('talkRelease');
  return talk;
}
