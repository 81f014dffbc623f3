import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { writeWav } from '../../native-audio/index.ts';
import type { NodeEvent } from '../../preload/api.ts';
import { tomorrowMorning } from '../model/index.ts';
import { eventually } from '../../test/support/eventually.ts';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';

/** Half a second of a voice’s pitch. */
const recording = writeWav(
  Int16Array.from({ length: 24_000 }, (_, n) => 6000 * Math.sin((2 * Math.PI * 180 * n) / 48_000)),
).toString('base64');

const refused = (code: string) => (error: Error & { code?: string }) => {
  assert.equal(error.code, code);
  assert.match(error.message, /^[A-Z0-9#].{10,}\.$/, 'a whole sentence');
  return true;
};

describe('people', { timeout: 60_000 }, () => {
  const office = new LoopbackOffice();
  let ann: Member;
  let bob: Member;
  let cleo: Member;
  const idOf = async (member: Member) => (await member.node.call('status')).node?.id ?? '';

  before(async () => {
    ann = await office.add('101');
    bob = await office.add('102');
    cleo = await office.add('103');
    await office.settled();
  });
  after(() => office.stop());

  it('a presence with an end is shown, outlives the node, and ends by itself for everybody', async () => {
    const until = Date.now() + 3_600_000;
    const status = await ann.node.call('setPresence', { presence: 'dnd', until });
    assert.deepEqual([status.presence, status.presenceUntil], ['dnd', until]);
    const other = await ann.node.call('setPresence', { presence: 'busy' });
    assert.equal(other.presenceUntil, null, 'an explicit choice clears it');
    const before = tomorrowMorning(Date.now());
    const { presenceUntil: morning } = await ann.node.call('setPresence', {
      presence: 'dnd',
      until: 'tomorrow',
    });
    // Midnight may pass between the two.
    assert.ok(morning === before || morning === tomorrowMorning(Date.now()));
    const none = await ann.node.call('setPresence', { presence: 'available', until });
    assert.equal(none.presenceUntil, null);
    await assert.rejects(
      ann.node.call('setPresence', { presence: 'dnd', until: Date.now() - 1 }),
      refused('time-past'),
    );

    const soon = Date.now() + 400;
    await ann.node.call('setPresence', { presence: 'dnd', until: soon });
    await bob.untilSo(
      (event) => event.type === 'people' && event.people.some(({ presence }) => presence === 'dnd'),
    );
    const seen = bob.events.length;
    const back = await ann.untilSo(
      (event) => event.type === 'status' && event.at >= soon && event.status.presence === 'available',
    );
    assert.ok(back.type === 'status' && back.status.presenceUntil === null);
    await bob.untilSo(
      (event) =>
        bob.events.indexOf(event) >= seen &&
        event.type === 'people' &&
        event.people.every(({ presence }) => presence === 'available'),
    );
  });

  it('a presence that ended while the node was off has ended when it is back', async () => {
    const { profile } = cleo;
    await cleo.node.call('setPresence', { presence: 'dnd', until: Date.now() + 3_600_000 });
    await office.close(cleo);
    cleo = await office.add('103', { profile });
    const kept = await cleo.node.call('status');
    assert.equal(kept.presence, 'dnd');
    assert.ok((kept.presenceUntil ?? 0) > Date.now());
    await office.close(cleo);
    const file = join(profile, 'settings.json');
    const settings = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...settings, presenceUntil: Date.now() - 1000 }));
    cleo = await office.add('103', { profile });
    const status = await cleo.node.call('status');
    assert.deepEqual([status.presence, status.presenceUntil], ['available', null]);
    await office.settled();
  });

  it('favourites come first, then by extension, and are kept', async () => {
    const before = await ann.node.call('people');
    assert.deepEqual(
      before.map(({ extension }) => extension),
      ['102', '103'],
    );
    const people = await ann.node.call('setFavourite', { node: await idOf(cleo), favourite: true });
    assert.deepEqual(
      people.map(({ extension, favourite }) => [extension, favourite]),
      [
        ['103', true],
        ['102', false],
      ],
    );
    const told = await ann.untilSo((event) => event.type === 'people' && event.people[0]?.favourite === true);
    assert.ok(told.type === 'people' && told.people[0]?.extension === '103');
    const both = await ann.node.call('setFavourite', { node: await idOf(bob), favourite: true });
    assert.deepEqual(
      both.map(({ extension }) => extension),
      ['102', '103'],
    );
    for (const member of [bob, cleo])
      await ann.node.call('setFavourite', { node: await idOf(member), favourite: false });
    assert.ok((await ann.node.call('people')).every(({ favourite }) => !favourite));
    await assert.rejects(
      ann.node.call('setFavourite', { node: 'A'.repeat(22), favourite: true }),
      refused('no-person'),
    );
    await assert.rejects(
      ann.node.call('setFavourite', { node: await idOf(ann), favourite: true }),
      refused('no-person'),
    );
  });

  it('explains the dial plan, says what a string will do, and does it', async () => {
    const plan = await ann.node.call('dialPlan');
    assert.ok(
      plan.length >= 3 && plan.every(({ pattern, explanation }) => pattern && explanation.endsWith('.')),
    );

    assert.deepEqual(await ann.node.call('dialPreview', { dial: '103' }), {
      kind: 'person',
      sentence: 'Talks to Person 103 (103), who is available.',
      phrase: {
        code: 'dial-person',
        details: { name: 'Person 103', extension: '103', presence: 'available' },
      },
      dialled: '103',
      extension: '103',
    });
    await ann.node.call('dial', { dial: '103' });
    assert.equal((await ann.node.call('status')).talkTo?.extension, '103');
    await ann.node.call('dial', { dial: '102' });
    assert.equal((await ann.node.call('status')).talkTo?.extension, '102');
    for (const [dialled, sentence] of [
      ['101', /own extension/],
      ['999', /Nobody has extension 999/],
      ['#0000', /No message here has the number 0000/],
      ['', /Dial an extension/],
      ['*', /dial plan/],
    ] as const) {
      const said = await ann.node.call('dialPreview', { dial: dialled });
      assert.equal(said.kind, 'nobody', dialled);
      assert.match(said.sentence, sentence);
      if (dialled) assert.deepEqual(await ann.node.call('dial', { dial: dialled }), said);
    }
    assert.equal((await ann.node.call('status')).talkTo?.extension, '102', 'nobody changes nothing');
  });

  it('a retrieval number plays its message, with # and without', async () => {
    await bob.node.call('setPresence', { presence: 'away' });
    const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: recording });
    await bob.untilSo(
      (event) => event.type === 'message' && event.message.id === id && event.message.complete,
    );
    const message = (await bob.node.call('messages')).find((one) => one.id === id);
    assert.ok(message);
    const said = await bob.node.call('dialPreview', { dial: `#${message.number}` });
    assert.equal(said.kind, 'message');
    assert.match(
      said.sentence,
      new RegExp(
        `^Plays message #${message.number} from Person 101 \\(101\\), today at [0-9:]{5}, 1 s long\\.$`,
      ),
    );
    assert.deepEqual(await bob.node.call('dial', { dial: `#${message.number}` }), said);
    const bare = await bob.node.call('dialPreview', { dial: message.number });
    assert.deepEqual([bare.kind, bare.sentence], ['message', said.sentence]);
    await bob.untilSo((event) => event.type === 'playback' && event.playback?.id === id);
    await assert.rejects(bob.node.call('talkPress', { dial: `#${message.number}` }), refused('nobody'));
    await bob.node.call('setPresence', { presence: 'available' });
  });

  it('says why there is nobody to reply to', async () => {
    await assert.rejects(cleo.node.call('talkPress', { reply: 'last' }), refused('nobody-spoke'));
    await assert.rejects(cleo.node.call('talkPress', { reply: 'B'.repeat(22) }), refused('no-message'));
    const own = (await ann.node.call('messages')).find(({ direction }) => direction === 'out');
    assert.ok(own);
    await assert.rejects(ann.node.call('talkPress', { reply: own.id }), refused('own-message'));
    await assert.rejects(
      ann.node.call('talkPress', { reply: 'last', dial: '102' }),
      refused('bad-arguments'),
    );
  });

  it('does not test the sound while one talks, and says why', async () => {
    const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: recording });
    for (const action of ['record', 'play'] as const)
      await assert.rejects(ann.node.call('soundTest', { action }), refused('talking'));
    assert.equal((await ann.node.call('soundTest', { action: 'stop' })).state, 'idle');
    await ann.untilSo(isOver(id));
  });

  it('replies to a message’s talker, to the last one, and to who speaks now', async () => {
    const first = await ann.node.call('talkRecording', { dial: '103', wavBase64: recording });
    await cleo.untilSo(isOver(first.id));
    const later = await bob.node.call('talkRecording', { dial: '103', wavBase64: recording });
    await cleo.untilSo(isOver(later.id));
    assert.equal((await pressed(cleo, first.id)).names[0], 'Person 101');
    // The talk key goes there too, once nobody else is speaking.
    await cleo.untilSo(
      (event) =>
        event.type === 'status' && event.status.talking === null && event.status.talkTo?.extension === '101',
    );
    assert.equal((await pressed(cleo, 'last')).to, '102');

    const long = writeWav(new Int16Array(48_000 * 4).fill(900)).toString('base64');
    await ann.node.call('talkRecording', { dial: '103', wavBase64: long });
    const brief = await bob.node.call('talkRecording', { dial: '103', wavBase64: recording });
    await cleo.untilSo(isOver(brief.id));
    // What came in last is over; whoever is speaking now counts.
    assert.equal((await pressed(cleo, 'last')).to, '101');
  });
});

/** Key down and up. No computer that tests has a microphone: whoever found that out once is given a moment. */
async function pressed({ node }: Member, reply: string) {
  await eventually(
    async () => (await node.call('status')).microphone.state === 'idle',
    'the microphone rests',
  );
  const talk = await node.call('talkPress', { reply });
  await node.call('talkRelease');
  return talk;
}

const isOver = (id: string) => (event: NodeEvent) =>
  event.type === 'message' && event.message.id === id && event.message.complete && !event.message.live;
