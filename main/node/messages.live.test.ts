import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readWav, writeWav } from '../../native-audio/index.ts';
import type { MessageSummary, NodeEvent, PlaybackStatus } from '../../preload/api.ts';
import { delay, eventually } from '../../test/support/eventually.ts';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';

const RATE = 48_000;

/** Speech-like sound: a tone of a pitch whose loudness changes, after some silence. Seconds. */
function recording({ silent = 0, loud = 1, pitch = 220 }): string {
  const samples = Int16Array.from({ length: Math.round(RATE * (silent + loud)) }, (_, n) => {
    if (n < silent * RATE) return 0;
    return 5000 * Math.sin((2 * Math.PI * pitch * n) / RATE) * (1 + 0.5 * Math.sin((6 * Math.PI * n) / RATE));
  });
  return writeWav(samples).toString('base64');
}

type MessageEvent = Extract<NodeEvent, { type: 'message' }>;
const isMessage =
  (id: string, holds: (message: MessageSummary) => boolean) =>
  (event: NodeEvent): boolean =>
    event.type === 'message' && event.message.id === id && holds(event.message);
const isGone = (id: string) => (event: NodeEvent) => event.type === 'message-gone' && event.id === id;

/** Every state of playing that the member's node has told of a message. */
const playbacks = (member: Member, from = 0): PlaybackStatus[] =>
  member.events
    .slice(from)
    .flatMap((event) => (event.type === 'playback' && event.playback ? [event.playback] : []));

async function samplesOf({ node }: Member, which: string): Promise<Int16Array> {
  const { base64 } = await node.call('exportMessage', { which, format: 'wav' });
  return readWav(Buffer.from(base64, 'base64'));
}

/** How often a second it swings, where it is loud: Hz. */
function pitchOf(samples: Int16Array): number {
  const loud = (n: number) => Math.abs(samples[n] ?? 0) > 2000;
  const first = samples.findIndex((_, n) => loud(n)) + RATE / 10;
  let upward = 0;
  for (let n = first; n < first + RATE; n++)
    if ((samples[n - 1] ?? 0) < 0 && (samples[n] ?? 0) >= 0) upward++;
  return upward;
}

describe('messages in an office of three', { timeout: 90_000 }, () => {
  const office = new LoopbackOffice();
  let ann: Member;
  let bob: Member;
  let cleo: Member;

  /** Ann says it to who is away, until all of it has arrived. */
  const say = async (to: Member, sound: Parameters<typeof recording>[0]): Promise<string> => {
    const { id } = await ann.node.call('talkRecording', {
      dial: to.extension,
      wavBase64: recording(sound),
    });
    await to.untilSo(isMessage(id, ({ complete }) => complete));
    return id;
  };
  const unheard = async ({ node }: Member) => (await node.call('status')).unheard;
  const stopped = (member: Member, from: number) =>
    member.untilSo(
      (event) => member.events.indexOf(event) >= from && event.type === 'playback' && !event.playback,
      15_000,
    );

  before(async () => {
    ann = await office.add('101');
    bob = await office.add('102');
    cleo = await office.add('103');
    await office.settled();
    for (const { node } of [bob, cleo]) await node.call('setPresence', { presence: 'away' });
  });
  after(() => office.stop());

  it('draws a waveform that follows the loudness, on both sides, and keeps it', async () => {
    const id = await say(bob, { silent: 0.6, loud: 0.6 });
    for (const { node } of [ann, bob]) {
      const { peaks, durationMs } = await node.call('waveform', { id });
      assert.ok(durationMs >= 1200 && durationMs < 1300, String(durationMs));
      assert.ok(peaks.length >= 100 && peaks.length <= 200, String(peaks.length));
      const part = (from: number, to: number) =>
        peaks.slice(Math.ceil(peaks.length * from), Math.floor(peaks.length * to));
      assert.ok(Math.max(...part(0, 0.45)) < 10, `silence: ${Math.max(...part(0, 0.45))}`);
      assert.ok(Math.min(...part(0.6, 0.95)) > 80, `sound: ${Math.min(...part(0.6, 0.95))}`);
      assert.ok(Math.max(...peaks) > 230);
      assert.deepEqual(await node.call('waveform', { id }), { peaks, durationMs });
    }
    await assert.rejects(bob.node.call('waveform', { id: 'A'.repeat(22) }), /no message/);
  });

  it('draws what somebody waits for also while something else is heard', async () => {
    const long = await say(bob, { loud: 2 });
    await bob.node.call('play', { which: long });
    const id = await say(bob, { loud: 0.3 });
    const { peaks } = await bob.node.call('waveform', { id });
    assert.equal((await bob.node.call('status')).playing?.id, long, 'it is heard all the while');
    assert.ok(peaks.length > 20 && Math.max(...peaks) > 200);
    await bob.node.call('playback', { action: 'stop' });
  });

  it('lets a message grow while it is spoken, plays it from its beginning, and catches up', async () => {
    const { id } = await ann.node.call('talkRecording', { dial: '103', wavBase64: recording({ loud: 3 }) });
    await cleo.untilSo(isMessage(id, ({ live, durationMs }) => live && durationMs > 800));
    const half = await cleo.node.call('waveform', { id });
    assert.ok(half.durationMs > 700 && half.durationMs < 3000 && half.peaks.length > 50);
    const from = cleo.events.length;
    await cleo.node.call('play', { which: id });
    await cleo.untilSo(isMessage(id, ({ live }) => !live));
    const lengths = cleo.events
      .filter((event): event is MessageEvent => isMessage(id, ({ live }) => live)(event))
      .map(({ at, message }) => ({ at, durationMs: message.durationMs }));
    assert.ok(lengths.length >= 6 && lengths.length <= 16, `${lengths.length} events in 3 s`);
    assert.deepEqual(
      lengths.map(({ durationMs }) => durationMs),
      lengths.map(({ durationMs }) => durationMs).sort((a, b) => a - b),
    );
    await stopped(cleo, from);
    const seen = playbacks(cleo).filter((playback) => playback.id === id);
    assert.ok((seen[0]?.positionMs ?? 1e9) < 300, 'it began at its beginning');
    assert.ok(seen.some(({ state, speed }) => state === 'catching-up' && speed > 1));
    assert.ok((await cleo.node.call('messages')).find((message) => message.id === id)?.heard);
  });

  it('goes back in a message that is still being spoken, and catches up once more', async () => {
    const { id } = await ann.node.call('talkRecording', { dial: '103', wavBase64: recording({ loud: 5 }) });
    await cleo.untilSo(isMessage(id, ({ live, durationMs }) => live && durationMs > 600));
    const from = cleo.events.length;
    await cleo.node.call('play', { which: id, speed: 2 });
    const isAt = (state: PlaybackStatus['state']) => (event: NodeEvent) =>
      event.type === 'playback' && event.playback?.id === id && event.playback.state === state;
    await cleo.untilSo(isAt('live'));
    const sought = await cleo.node.call('playback', { action: 'seek', positionMs: 100 });
    assert.equal(sought?.positionMs, 100);
    const soughtAt = cleo.events.length;
    await cleo.untilSo((event) => cleo.events.indexOf(event) >= soughtAt && isAt('catching-up')(event));
    await stopped(cleo, from);
    assert.ok((await cleo.node.call('messages')).find((message) => message.id === id)?.heard);
  });

  it('falls silent when what sounds by itself is deleted, and loses nothing of it', async () => {
    await bob.node.call('setPresence', { presence: 'available' });
    const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: recording({ loud: 2 }) });
    await bob.untilSo((event) => event.type === 'sounding' && event.id === id);
    assert.deepEqual(await bob.node.call('deleteMessage', { id }), { deleted: true });
    assert.ok((await bob.node.call('people')).every(({ speaking }) => !speaking));
    await bob.node.call('restoreMessage', { id });
    await bob.untilSo(isMessage(id, ({ complete, heard }) => complete && !heard));
    assert.equal((await samplesOf(bob, id)).length, (await samplesOf(ann, id)).length);
    await bob.node.call('deleteMessage', { id });
    await bob.node.call('setPresence', { presence: 'away' });
  });

  it('plays all that is unheard, oldest first, at the speed that was chosen, and skips', async () => {
    const ids: string[] = [];
    for (const loud of [0.8, 2, 0.8]) ids.push(await say(bob, { loud }));
    const before = await unheard(bob);
    const waiting = (await bob.node.call('messages')).filter(
      ({ heard, direction }) => !heard && direction === 'in',
    );
    const order = waiting.reverse().map(({ id }) => id);
    assert.equal(order.length, before);
    const from = bob.events.length;
    await bob.node.call('play', { which: 'next', all: true });
    await bob.node.call('playback', { action: 'speed', speed: 2 });
    await bob.untilSo((event) => event.type === 'playback' && event.playback?.id === ids[1]);
    const skipped = await bob.node.call('playback', { action: 'skip' });
    assert.equal(skipped?.id, ids[2]);
    assert.equal(skipped?.speed, 2, 'the speed stays');
    assert.equal(skipped?.following, 0);
    await stopped(bob, from);
    const told = playbacks(bob, from);
    const played = [...new Set(told.map(({ id }) => id))].filter((id) => order.includes(id));
    assert.deepEqual(played, order);
    assert.equal(told.find(({ id }) => id === order[0])?.following, before - 1);
    assert.equal(await unheard(bob), 1, 'what was skipped is still unheard');
    await bob.node.call('play', { which: 'next' });
    await bob.node.call('playback', { action: 'stop' });
  });

  it('plays at twice the speed in half the time, from where it is told, also while it is paused', async () => {
    const id = await say(bob, { loud: 3, pitch: 300 });
    const { speaker } = await bob.node.call('settings');
    const file = (speaker ?? '').replace('file:', '');
    const soundsFrom = readWav(await readFile(file)).length;
    let from = bob.events.length;
    let startedAt = performance.now();
    await bob.node.call('play', { which: id, speed: 2 });
    await stopped(bob, from);
    const took = performance.now() - startedAt;
    assert.ok(took > 1350 && took < 2500, `${took} ms for 3.2 s at twice the speed`);
    await delay(150);
    const pitch = pitchOf(readWav(await readFile(file)).subarray(soundsFrom));
    assert.ok(pitch > 290 && pitch < 310, `300 Hz sound as ${pitch} Hz`);
    from = bob.events.length;
    startedAt = performance.now();
    await bob.node.call('play', { which: id, positionMs: 2500 });
    await stopped(bob, from);
    assert.ok(performance.now() - startedAt < 1800, 'it began near its end');
    from = bob.events.length;
    await bob.node.call('play', { which: id });
    await bob.node.call('playback', { action: 'pause' });
    const sought = await bob.node.call('playback', { action: 'seek', positionMs: 1500 });
    assert.deepEqual([sought?.state, sought?.positionMs], ['paused', 1500]);
    await delay(400);
    assert.equal((await bob.node.call('status')).playing?.positionMs, 1500, 'it stays paused');
    const beyond = await bob.node.call('playback', { action: 'seek', positionMs: 1e7 });
    assert.ok((beyond?.positionMs ?? 0) < 3300, 'not beyond its end');
    await bob.node.call('playback', { action: 'seek', positionMs: 2800 });
    await bob.node.call('playback', { action: 'resume' });
    await stopped(bob, from);
    assert.equal(await bob.node.call('playback', { action: 'skip' }), null);
  });

  it('deletes at once, for ever after a while, and brings back whole what is asked back', async () => {
    const id = await say(cleo, { loud: 1 });
    const before = (await cleo.node.call('messages')).find((message) => message.id === id);
    const count = await unheard(cleo);
    await cleo.node.call('play', { which: id });
    assert.deepEqual(await cleo.node.call('deleteMessage', { id }), { deleted: true });
    assert.equal((await cleo.node.call('status')).playing, null, 'what was playing stopped');
    await cleo.untilSo(isGone(id));
    await cleo.untilSo((event) => event.type === 'notification-done' && event.id === id);
    assert.equal(await unheard(cleo), count - 1);
    await assert.rejects(cleo.node.call('play', { which: `#${before?.number}` }), /no message/);
    await assert.rejects(cleo.node.call('exportMessage', { which: id, format: 'ogg' }), /no message/);
    assert.deepEqual(await cleo.node.call('deleteMessage', { id }), { deleted: false });
    const from = cleo.events.length;
    assert.deepEqual(await cleo.node.call('restoreMessage', { id }), { restored: true });
    await cleo.untilSo((event) => cleo.events.indexOf(event) >= from && isMessage(id, () => true)(event));
    const again = (await cleo.node.call('messages')).find((message) => message.id === id);
    assert.deepEqual(again, before);
    assert.equal(await unheard(cleo), count);
    assert.deepEqual(await cleo.node.call('restoreMessage', { id }), { restored: false });
  });

  it('undoes a deletion also after a restart', async () => {
    const id = await say(cleo, { loud: 0.5 });
    await cleo.node.call('deleteMessage', { id });
    await office.close(cleo);
    cleo = await office.add('103', { profile: cleo.profile });
    assert.ok(!(await cleo.node.call('messages')).some((message) => message.id === id));
    assert.deepEqual(await cleo.node.call('restoreMessage', { id }), { restored: true });
    assert.ok((await cleo.node.call('messages')).some((message) => message.id === id));
    assert.ok((await samplesOf(cleo, id)).length > 0);
    await office.settled();
  });

  it('hands a message on with the talker’s name: the very same speech, under a key of its own', async () => {
    const id = await say(bob, { silent: 0.2, loud: 1, pitch: 330 });
    const forwarded = await bob.node.call('forwardMessage', { id, dial: '103' });
    assert.deepEqual([forwarded.to, forwarded.names], ['103', ['Person 103']]);
    assert.notEqual(forwarded.id, id);
    await cleo.untilSo(isMessage(forwarded.id, ({ complete }) => complete));
    const [message] = (await cleo.node.call('messages')).filter((each) => each.id === forwarded.id);
    assert.equal(message?.name, 'Person 102');
    assert.equal(message?.forwardedFrom, 'Person 101');
    assert.equal(message?.live, false);
    assert.deepEqual(await samplesOf(cleo, forwarded.id), await samplesOf(ann, id));
    assert.ok(cleo.events.some((event) => event.type === 'notification' && event.id === forwarded.id));
    await bob.untilSo(isMessage(forwarded.id, ({ storedOn }) => storedOn >= 1));
    await bob.untilSo(isMessage(forwarded.id, ({ recipients }) => recipients[0]?.state === 'notified'));
    // Handed on once more, it is still Ann who spoke.
    const further = await cleo.node.call('forwardMessage', { id: forwarded.id, dial: '101' });
    await ann.untilSo(
      isMessage(further.id, ({ complete, forwardedFrom }) => complete && forwardedFrom === 'Person 101'),
    );
  });

  it('hands on only what is whole, and only to somebody', async () => {
    const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: recording({ loud: 1 }) });
    await bob.untilSo(isMessage(id, () => true));
    await assert.rejects(bob.node.call('forwardMessage', { id, dial: '103' }), /whole message/);
    await assert.rejects(ann.node.call('deleteMessage', { id }), /still saying/);
    await bob.untilSo(isMessage(id, ({ complete }) => complete));
    await assert.rejects(bob.node.call('forwardMessage', { id, dial: '999' }), /Nobody has extension/);
    await assert.rejects(bob.node.call('forwardMessage', { id, dial: '102' }), /your own/);
  });

  it('hands a message on to who is offline: it waits, and is there on return', async () => {
    const id = await say(bob, { loud: 0.5 });
    const { profile } = cleo;
    await office.close(cleo);
    await bob.untilSo(
      (event) =>
        event.type === 'people' &&
        event.people.some(({ extension, presence }) => extension === '103' && presence === 'offline'),
      15_000,
    );
    const forwarded = await bob.node.call('forwardMessage', { id, dial: '103' });
    await bob.untilSo(isMessage(forwarded.id, ({ complete }) => complete));
    cleo = await office.add('103', { profile });
    await cleo.untilSo(
      isMessage(forwarded.id, ({ complete }) => complete),
      15_000,
    );
    assert.deepEqual(await samplesOf(cleo, forwarded.id), await samplesOf(bob, id));
  });

  it('erases a deleted message from the disk when it cannot be undone any more', async () => {
    const id = await say(bob, { loud: 0.3 });
    const file = `${Buffer.from(id, 'base64url').toString('hex')}.crm`;
    const folder = join(bob.profile, 'store', 'messages');
    await bob.node.call('deleteMessage', { id });
    assert.ok((await readdir(folder)).includes(file));
    // The switch keeps it until everybody it is for has it, which is so here.
    await eventually(async () => !(await readdir(folder)).includes(file), 'it is gone from the disk', 30_000);
    assert.deepEqual(await bob.node.call('restoreMessage', { id }), { restored: false });
    assert.ok(
      !(await readFile(join(bob.profile, 'store', 'index', '000001.json'), 'utf8')).includes('"deletedAt"'),
    );
  });
});
