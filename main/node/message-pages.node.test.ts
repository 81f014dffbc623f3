import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Result } from '../../preload/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { officeFor, type Member } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';
import { Voices } from '../speech/index.ts';

describe('pages of messages', { timeout: 120_000 }, () => {
  it('follow each other, and have what is from or to a person, unheard, named, or said', async (t) => {
    const office = officeFor(t);
    const [ann, bob, cleo] = await office.people('101', '102', '103');
    await bob.node.call('setPresence', { presence: 'away' });
    const sent: string[] = [];
    for (const [from, to] of [
      ...([
        [ann, bob],
        [cleo, bob],
        [bob, ann],
        [ann, bob],
        [bob, cleo],
        [cleo, bob],
        [ann, bob],
      ] as const),
    ])
      sent.unshift(await say(from, to, bob));
    const page = async (asked: Parameters<typeof bob.node.call<'messages'>>[1]) =>
      (await bob.node.call('messages', asked)).map(({ id }) => id);

    assert.deepEqual(await page({}), sent);
    const first = await bob.node.call('messages', { limit: 3 });
    assert.deepEqual(
      first.map(({ id }) => id),
      sent.slice(0, 3),
    );
    const { place, id: last } = first[2]!;
    assert.deepEqual(await page({ limit: 3, before: { place, id: last } }), sent.slice(3, 6));
    // The last one of a page may be gone when the next is asked for.
    await bob.node.call('deleteMessage', { id: last });
    assert.deepEqual(await page({ before: { place, id: last } }), sent.slice(3));
    await bob.node.call('restoreMessage', { id: last });

    const people = await bob.node.call('people');
    const idOf = (extension: string) => people.find((one) => one.extension === extension)!.id;
    const [six, five, four, three, two, one, zero] = sent;
    assert.deepEqual(await page({ with: idOf('103') }), [five, four, one]);
    assert.deepEqual(await page({ with: idOf('101'), limit: 2 }), [six, three]);
    assert.deepEqual(await page({ with: idOf('101'), unheard: true }), [six, three, zero]);
    assert.deepEqual(await page({ unheard: true, limit: 2 }), [six, five]);
    assert.deepEqual(await page({ unheard: true, before: { place, id: last } }), [three, one, zero]);
    assert.equal((await bob.node.call('status')).unheard, 5);
    const { number } = (await bob.node.call('messages', { which: two! }))[0]!;
    assert.deepEqual(await page({ which: number }), [two]);
    assert.deepEqual(await page({ which: 'next' }), [zero]);
    assert.deepEqual(await page({ which: '9999999' }), []);
    for (const wrong of [{ limit: 0 }, { limit: 501 }, { before: { place: -1, id: last } }, { with: 'Ann' }])
      await assert.rejects(bob.node.call('messages', wrong), { code: 'bad-arguments' });
  });

  it('are found by what was typed, and by names, in parts', async (t) => {
    const office = officeFor(t);
    const ann = await office.add('101', { synthesiser: new Voices([]) });
    const bob = await office.add('102', { synthesiser: new Voices([]) });
    await office.settled();
    const typed: string[] = [];
    for (const text of ['The parcel is here', 'Über den Berg', 'A parcel for the third floor'])
      typed.unshift((await ann.node.call('talkText', { dial: '102', text })).id);
    for (const id of typed)
      await eventually(
        async () => (await bob.node.call('messages', { which: id }))[0]?.complete === true,
        'it is there',
      );
    const find = async (words: string, limit = 100) => {
      const found: string[] = [];
      let before: { place: number; id: string } | null = null;
      do {
        const asked = { words, limit, ...(before && { before }) };
        const part: Result<'findMessages'> = await bob.node.call('findMessages', asked);
        assert.ok(part.messages.length <= limit);
        found.push(...part.messages.map(({ id }) => id));
        before = part.before;
      } while (before !== null);
      return found;
    };
    assert.deepEqual(await find('PARCEL'), [typed[0], typed[2]]);
    assert.deepEqual(await find('parcel', 1), [typed[0], typed[2]]);
    assert.deepEqual(await find('berg uber'), [typed[1]]);
    assert.deepEqual(await find('person 101'), typed);
    assert.deepEqual(await find('parcel berg'), []);
  });
});

/** Sends a tone. Resolves with its id once `holder` has all of it. */
async function say(from: Member, to: Member, holder: Member): Promise<string> {
  const wavBase64 = toneWav(200);
  const { id } = await from.node.call('talkRecording', { dial: to.extension, wavBase64 });
  await eventually(
    async () => (await holder.node.call('messages', { which: id }))[0]?.complete === true,
    'all of it is there',
  );
  return id;
}
