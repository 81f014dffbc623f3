import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { writeWav } from '../../native-audio/index.ts';
import type { MessageSummary } from '../../preload/api.ts';
import { commandLine } from '../../test/support/command-line.ts';
import { eventually } from '../../test/support/eventually.ts';
import { isPlaying, isSounding } from '../../test/support/messages.ts';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';

describe('the command line, with messages of real nodes', { timeout: 240_000 }, () => {
  const office = new LoopbackOffice();
  let ann: Member;
  let bob: Member;

  const { corridor, json } = commandLine(() => bob.profile);
  const say = async (seconds: number): Promise<MessageSummary> => {
    const tone = Int16Array.from({ length: 48_000 * seconds }, (_, n) => 6000 * Math.sin(n / 30));
    const { id } = await ann.node.call('talkRecording', {
      dial: '102',
      wavBase64: writeWav(tone).toString('base64'),
    });
    const event = await bob.untilSo(
      (each) => each.type === 'message' && each.message.id === id && each.message.complete,
    );
    assert.ok(event.type === 'message');
    return event.message;
  };

  before(async () => {
    ann = await office.add('101');
    bob = await office.add('102');
    await office.settled();
    await bob.node.call('setPresence', { presence: 'away' });
    await office.serve(bob);
  });
  after(() => office.stop());

  it('plays all that is unheard, one after the other, at the speed it is told', async () => {
    const [first, second] = [await say(1), await say(1)];
    assert.deepEqual(await json('play', 'all', '--speed', '2'), { ids: [first.id, second.id] });
    const speeds = bob.events.flatMap((event) =>
      event.type === 'playback' && event.playback ? [event.playback.speed] : [],
    );
    assert.deepEqual([...new Set(speeds)], [2]);
    assert.equal((await bob.node.call('status')).unheard, 0);
    const { exit, printed } = await corridor('play', 'all');
    assert.equal(exit, 1);
    assert.match(printed, /nothing unheard/);
  });

  it('deletes by number, brings back by id, and says so', async () => {
    const { id, number } = await say(0.3);
    const { exit, printed } = await corridor('delete', number);
    assert.equal(exit, 0);
    assert.ok(printed.includes(`corridor undo ${id}`), printed);
    assert.equal((await corridor('play', number)).exit, 1);
    assert.deepEqual(await json('undo', id), { restored: true });
    assert.match((await corridor('undo', id)).printed, /too late, or it was not deleted/);
    assert.deepEqual(await json('delete', `#${number}`), { deleted: true, id, undoMs: 10_000 });
    assert.equal((await corridor('delete', number)).exit, 2);
  });

  it('lists the latest ones, earlier ones, those of a colleague, and those that are unheard', async () => {
    const [one, two, three] = [await say(0.3), await say(0.3), await say(0.3)];
    const ids = async (...how: string[]) =>
      (await json<readonly MessageSummary[]>('messages', ...how)).map(({ id }) => id);
    assert.deepEqual(await ids('--limit', '2'), [three.id, two.id]);
    assert.deepEqual(await ids('--limit', '1', '--before', two.number), [one.id]);
    assert.deepEqual((await ids('--with', '101', '--unheard')).slice(0, 3), [three.id, two.id, one.id]);
    await bob.node.call('exportMessage', { which: three.id, format: 'ogg', heard: true });
    assert.equal((await ids('--unheard'))[0], two.id);
    assert.equal((await ids('--find', 'person 101', '--limit', '1'))[0], three.id);
    const { printed } = await corridor('messages', '--limit', '2');
    assert.match(printed, new RegExp(`older ones: --before ${two.number}`));
    assert.equal((await corridor('messages', '--limit', 'all')).exit, 2);
    assert.equal((await corridor('messages', '--with', '999')).exit, 2);
  });

  it('hands a message on, and shows who spoke it', async () => {
    const { id, number } = await say(0.3);
    const { exit, printed } = await corridor('forward', number, '101');
    assert.equal(exit, 0, printed);
    assert.match(printed, /handed on to Person 101 \(101\)/);
    assert.match((await corridor('messages')).printed, /to {3}Person 101 \(101\).*spoken by Person 101; /);
    const refused = await corridor('forward', id, '999');
    assert.equal(refused.exit, 1);
    assert.match(refused.printed, /Nobody has extension 999/);
  });

  it('leaves what waits for later, and plays the last words again', async () => {
    assert.match((await corridor('later')).printed, /^nobody waits\n/);
    const kim = await office.add('103');
    await office.settled();
    await bob.node.call('setPresence', { presence: 'available' });
    for (const { node } of [ann, kim])
      await eventually(
        async () =>
          (await node.call('people')).some(
            ({ extension, presence }) => extension === '102' && presence === 'available',
          ),
        'Bob is seen to be there',
      );
    const from = bob.events.length;
    const first = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(20_000) });
    await bob.untilAfter(from, isSounding(first.id));
    await kim.node.call('talkRecording', { dial: '102', wavBase64: toneWav(20_000) });
    await eventually(async () => (await bob.node.call('status')).waiting.length === 1, 'Kim waits');
    assert.match((await corridor('later')).printed, /^for later: Person 103\n/);
    assert.deepEqual((await bob.node.call('status')).waiting, []);
    assert.match((await corridor('skip')).printed, /^nobody else waits\n/);
    const { exit, printed } = await corridor('last-words');
    assert.equal(exit, 0, printed);
    assert.match(printed, /^plays the last [\d.]+ s that you heard\n/);
    await bob.untilAfter(
      from,
      isPlaying(first.id, () => true),
    );
    await bob.node.call('playback', { action: 'stop' });
  });
});
