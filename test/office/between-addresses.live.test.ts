import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readWav } from '../../native-audio/index.ts';
import type { NodeApi, NodeEvent, PlaybackStatus } from '../../preload/api.ts';
import { headlessOnLan } from '../support/headless-on-lan.ts';
import type { Headless } from '../support/headless.ts';
import { createLan, whyNoLan, type Lan } from '../support/lan.ts';
import { isMessage } from '../support/messages.ts';
import { LoopbackOffice, type Member } from '../support/office.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const OTHER_ADDRESS = '10.77.1.77';
const FRAME_MS = 10;
const SAMPLES_PER_MS = 48;
const KEPT_MS = 1000;
const SAID_MS = 600;
/** Long enough that it still plays when the new address is in use: a change is noticed within two looks of 3 s each. */
const LONG_MS = 12_000;
/** Buffers and clocks of sound devices: by this much the end of a message can be reported before it would be due, ms. */
const ENDS_EARLY_MS = 500;

/** A node and its events. */
interface Watched {
  readonly api: Pick<NodeApi, 'call'>;
  /** The first event that passes, a past one too. */
  readonly until: (passes: (event: NodeEvent) => boolean, withinMs?: number) => Promise<unknown>;
  /** The first that comes from now on. */
  readonly next: (passes: (event: NodeEvent) => boolean, withinMs?: number) => Promise<NodeEvent>;
}

const watched = (member: Member): Watched => ({
  api: member.node,
  until: (passes, withinMs) => member.untilSo(passes, withinMs),
  next: (passes, withinMs) => {
    const from = member.events.length;
    return member.untilSo((event) => member.events.indexOf(event) >= from && passes(event), withinMs);
  },
});

const watchedProcess = (node: Headless): Watched => ({
  api: node.api,
  until: (passes, withinMs) => node.until(passes, withinMs),
  next: async (passes, withinMs) => (await node.until(passes, withinMs, performance.now())).event,
});

const isPlayback = (passes: (playback: PlaybackStatus | null) => boolean) => (event: NodeEvent) =>
  event.type === 'playback' && passes(event.playback);
const isStatus =
  (passes: (status: Extract<NodeEvent, { type: 'status' }>['status']) => boolean) => (event: NodeEvent) =>
    event.type === 'status' && passes(event.status);

/** A message that is kept whole at `to`, and waits there: its person is away. */
async function leaveMessage(from: Watched, to: Watched, dial: string, durationMs: number): Promise<string> {
  await to.api.call('setPresence', { presence: 'away' });
  const { id } = await from.api.call('talkRecording', { dial, wavBase64: toneWav(durationMs) });
  await to.until(
    isMessage(id, ({ complete }) => complete),
    durationMs + 8000,
  );
  return id;
}

/** All that a person does with a kept message and the talk key without an office. Returns the new message's id. */
async function worksAlone(node: Watched, kept: string, dial: string): Promise<string> {
  await playsToItsEnd(node, kept);
  await seeks(node, kept);
  await exports(node, kept);
  await playsByItsNumber(node, kept);
  return records(node, dial);
}

async function playsToItsEnd({ api, next }: Watched, id: string): Promise<void> {
  const sounds = next((event) => event.type === 'sounding' && event.id === id);
  const ended = next(isPlayback((playback) => playback === null));
  await api.call('play', { which: id });
  await Promise.all([sounds, ended]);
  const message = (await api.call('messages')).find((one) => one.id === id);
  assert.ok(message?.heard, 'it counts as heard: it came to its end');
}

async function seeks({ api, next }: Watched, id: string): Promise<void> {
  await api.call('play', { which: id, positionMs: 0 });
  await api.call('playback', { action: 'pause' });
  const playback = await api.call('playback', { action: 'seek', positionMs: 700 });
  assert.equal(playback?.positionMs, 700);
  const ended = next(isPlayback((now) => now === null));
  const further = next(isPlayback((now) => (now?.positionMs ?? 0) > 700));
  await api.call('playback', { action: 'resume' });
  await Promise.all([further, ended]);
}

async function exports({ api }: Watched, id: string): Promise<void> {
  const { base64, durationMs } = await api.call('exportMessage', { which: id, format: 'wav' });
  const samples = readWav(Buffer.from(base64, 'base64'));
  assert.ok(Math.abs(durationMs - KEPT_MS) <= 2 * FRAME_MS, `${durationMs} ms`);
  assert.ok(Math.abs(samples.length / SAMPLES_PER_MS - KEPT_MS) <= 2 * FRAME_MS, `${samples.length} samples`);
  assert.ok(
    samples.some((sample) => Math.abs(sample) > 3000),
    'it holds the sound',
  );
}

async function playsByItsNumber({ api, next }: Watched, id: string): Promise<void> {
  const number = (await api.call('messages')).find((one) => one.id === id)?.number;
  assert.ok(number, 'it has a retrieval number');
  const ended = next(isPlayback((playback) => playback === null));
  assert.deepEqual(await api.call('play', { which: number }), { id });
  await ended;
}

async function records({ api, until }: Watched, dial: string): Promise<string> {
  const { id } = await api.call('talkRecording', { dial, wavBase64: toneWav(SAID_MS) });
  await until(isMessage(id, ({ complete, live }) => complete && !live));
  const message = (await api.call('messages')).find((one) => one.id === id);
  assert.ok(message?.complete, 'it is whole in the own store');
  assert.ok(Math.abs(message.durationMs - SAID_MS) <= 2 * FRAME_MS, `${message.durationMs} ms`);
  return id;
}

describe('a node that sleeps', { timeout: 60_000 }, () => {
  const office = new LoopbackOffice();
  after(() => office.stop());

  it('does all that needs no office, and its new message reaches the colleague once it is back', async () => {
    const [ann, bob] = [await office.add('101'), await office.add('102')];
    await office.settled();
    const kept = await leaveMessage(watched(ann), watched(bob), '102', KEPT_MS);
    await bob.node.call('computer', { event: 'sleep' });
    assert.equal((await bob.node.call('status')).switch, null, 'it is in no office');
    const said = await worksAlone(watched(bob), kept, '101');
    assert.ok(!ann.events.some(isMessage(said, () => true)), 'nothing of it has left the computer');
    await bob.node.call('computer', { event: 'wake' });
    await ann.untilSo(isMessage(said, ({ complete }) => complete));
    const there = (await ann.node.call('messages')).find(({ id }) => id === said);
    assert.ok(there && Math.abs(there.durationMs - SAID_MS) <= 2 * FRAME_MS);
  });
});

describe('a node whose address changes', { skip: whyNoLan() ?? false, timeout: 120_000 }, () => {
  const dir = tempFolder('between');
  let lan: Lan;
  let desk: Headless;
  let laptop: Headless;

  const start = (host: string, extension: string, office: string) =>
    headlessOnLan(lan, dir, { host, extension, office });

  before(async () => {
    lan = createLan({ hosts: ['desk', 'laptop'] });
    desk = await start('desk', '101', 'new');
    const { link } = await desk.api.call('joinLink');
    laptop = await start('laptop', '102', link);
    await laptop.until(
      (event) => event.type === 'people' && event.people.some(({ presence }) => presence === 'available'),
    );
  });

  after(async () => {
    await Promise.all([laptop?.stop(), desk?.stop()]);
    await lan?.stop();
  });

  it('goes on playing meanwhile, without starting the message again', async () => {
    const node = watchedProcess(laptop);
    const id = await leaveMessage(watchedProcess(desk), node, '102', LONG_MS);
    const from = laptop.events.length;
    const sounds = node.next((event) => event.type === 'sounding' && event.id === id);
    const isOver = isPlayback((playback) => playback === null);
    const ended = node.next(isOver, LONG_MS + 10_000);
    const askedAt = performance.now();
    await laptop.api.call('play', { which: id });
    await sounds;
    const moved = node.next(
      isStatus(({ endpoints }) => endpoints?.address === OTHER_ADDRESS),
      15_000,
    );
    lan.readdress('laptop', OTHER_ADDRESS);
    await moved;
    assert.equal((await laptop.api.call('status')).playing?.id, id, 'it still plays at the new address');
    await ended;
    const since = laptop.events.slice(from).map(({ event }) => event);
    assert.equal(since.filter((event) => event.type === 'sounding').length, 1, 'it began to sound once');
    const positions = since.flatMap((event) =>
      event.type === 'playback' && event.playback ? [event.playback.positionMs] : [],
    );
    assert.deepEqual(
      positions,
      [...positions].sort((a, b) => a - b),
    );
    // However late a slow computer reports: what is left out makes the whole shorter, and nothing makes it shorter besides.
    const tookMs = laptop.events.findLast(({ event }) => isOver(event))!.heardAt - askedAt;
    assert.ok(tookMs > LONG_MS - ENDS_EARLY_MS, `nothing was left out: it took ${tookMs} ms`);
    assert.ok((await laptop.api.call('messages')).find((one) => one.id === id)?.heard);
  });

  it('that cannot use its new address yet does all that needs no office', async () => {
    const node = watchedProcess(laptop);
    const kept = await leaveMessage(watchedProcess(desk), node, '102', KEPT_MS);
    const stranded = node.next(
      isStatus(({ troubles }) => troubles.some(({ sentence }) => sentence.includes('what you say is kept'))),
      15_000,
    );
    await lan.run('laptop', 'ip', ['address', 'flush', 'dev', 'eth0', 'scope', 'global']);
    await laptop.api.call('computer', { event: 'sleep' });
    await laptop.api.call('computer', { event: 'wake' });
    await stranded;
    const said = await worksAlone(node, kept, '101');
    lan.readdress('laptop', OTHER_ADDRESS);
    await desk.until(
      isMessage(said, ({ complete }) => complete),
      20_000,
    );
  });
});
