import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isComplete, isPlaying, messageOf, say } from '../../test/support/messages.ts';
import { officeFor } from '../../test/support/office.ts';
import { computerOf } from '../../test/support/people.ts';
import { refused } from '../../test/support/refused.ts';
import { toneWav } from '../../test/support/tone.ts';

const extensions = (people: readonly { readonly extension: string }[]) =>
  people.map(({ extension }) => extension);

it('favourites come first, then by extension, and are kept', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cleo] = await office.people('101', '102', '103');
  assert.deepEqual(extensions(await ann.node.call('people')), ['102', '103']);
  const people = await ann.node.call('setFavourite', { node: await computerOf(cleo), favourite: true });
  assert.deepEqual(
    people.map(({ extension, favourite }) => [extension, favourite]),
    [
      ['103', true],
      ['102', false],
    ],
  );
  await ann.untilSo(
    (event) => event.type === 'people' && event.people[0]?.extension === '103' && event.people[0].favourite,
  );
  const both = await ann.node.call('setFavourite', { node: await computerOf(bob), favourite: true });
  assert.deepEqual(extensions(both), ['102', '103']);
  await ann.node.call('setFavourite', { node: await computerOf(bob), favourite: false });

  await office.close(ann);
  const again = await office.add('101', { profile: ann.profile });
  assert.deepEqual(extensions(await again.node.call('people')), ['103', '102']);
  const none = await again.node.call('setFavourite', { node: await computerOf(cleo), favourite: false });
  assert.ok(none.every(({ favourite }) => !favourite));
});

it('only a colleague can be a favourite', async (t) => {
  const ann = await officeFor(t).add('101');
  for (const node of ['A'.repeat(22), await computerOf(ann)])
    await assert.rejects(ann.node.call('setFavourite', { node, favourite: true }), refused('no-person'));
});

it('the dial plan is explained; what a string will do is said, and is what it does', async (t) => {
  const [ann] = await officeFor(t).people('101', '102', '103');
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
    ...{ becomes: [], suggests: [] },
  });
  const { becomes } = await ann.node.call('dialPreview', { dial: '10' });
  assert.deepEqual(becomes, [
    { dialled: '102', name: 'Person 102', row: null },
    { dialled: '103', name: 'Person 103', row: null },
  ]);
  const { suggests } = await ann.node.call('dialPreview', { dial: '*68' });
  assert.deepEqual(
    suggests.map(({ dialled, row }) => [dialled, row?.pattern]),
    [
      ['*69', '*69'],
      ['*8', '*8'],
      ['*78', '*78'],
    ],
  );
  for (const dial of ['103', '102']) {
    await ann.node.call('dial', { dial });
    assert.equal((await ann.node.call('status')).talkTo?.extension, dial);
  }
  for (const [dialled, sentence] of [
    ['101', /own extension/],
    ['999', /Nobody has extension 999/],
    ['#0000', /No message here has the number 0000/],
    ['', /Dial an extension/],
    ['*', /no such number/],
  ] as const) {
    const said = await ann.node.call('dialPreview', { dial: dialled });
    assert.equal(said.kind, 'nobody', dialled);
    assert.match(said.sentence, sentence);
    if (dialled) assert.deepEqual(await ann.node.call('dial', { dial: dialled }), said);
  }
  assert.equal((await ann.node.call('status')).talkTo?.extension, '102', 'nobody changes nothing');
});

it('a retrieval number plays its message, with # and without', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  await bob.node.call('setPresence', { presence: 'away' });
  const id = await say(ann, bob, toneWav(500));
  const number = (await messageOf(bob, id))?.number ?? '';
  const said = await bob.node.call('dialPreview', { dial: `#${number}` });
  assert.equal(said.kind, 'message');
  assert.match(
    said.sentence,
    new RegExp(`^Plays message #${number} from Person 101 \\(101\\), today at [0-9:]{5}, 1 s long\\.$`),
  );
  const bare = await bob.node.call('dialPreview', { dial: number });
  assert.deepEqual([bare.kind, bare.sentence], ['message', said.sentence]);
  assert.deepEqual(await bob.node.call('dial', { dial: `#${number}` }), said);
  await bob.untilSo(isPlaying(id, () => true));
  await assert.rejects(bob.node.call('talkPress', { dial: `#${number}` }), refused('nobody'));
});

it('the sound is not tested while one talks, and the sentence says why', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(30_000) });
  for (const action of ['record', 'play'] as const)
    await assert.rejects(ann.node.call('soundTest', { action }), refused('talking'));
  assert.equal((await ann.node.call('soundTest', { action: 'stop' })).state, 'idle');
  await ann.node.call('talkRelease');
  await bob.untilSo(isComplete(id));
});
