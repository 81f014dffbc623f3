import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { recordingVoice, writeWav } from '../../native-audio/index.ts';
import { runCorridor } from '../../test/support/command-line.ts';
import { correlate, heardShare } from '../../test/support/correlate.ts';
import { eventually } from '../../test/support/eventually.ts';
import { melody, rounds } from '../../test/support/melody.ts';
import { soundSoFar } from '../../test/support/messages.ts';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';
import { playOgg, readOgg } from '../../test/support/ogg.ts';
import { SmallDisk } from '../../test/support/small-disk.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { CallRecording, CallStatus, NodeApi } from '../../preload/api.ts';
import { serveLocalSocket } from '../transports/index.ts';

/** Each says the same four seconds again and again: wherever a recording begins, what is in it is found in two rounds. */
const [ROUND_SECONDS, ROUNDS] = [4, 20];
const ROUND = {
  ann: melody(1, ROUND_SECONDS).samples,
  bob: melody(2, ROUND_SECONDS).samples,
  kim: melody(3, ROUND_SECONDS).samples,
};
/** The share of a recording’s quarter seconds in which a voice is found, where it speaks together with another one, and where not. */
const HEARD = 0.4;
const NOT_HEARD = 0.2;
/** A tone that sounds together with a voice as loud as itself. */
const CERTAIN = 0.5;
const SAMPLES_PER_MS = 48;
/** A busy machine writes and answers late. */
const PATIENCE_MS = 60_000;

/** What says first that a call is recorded. */
function tone(): Int16Array {
  const samples = new Int16Array(500 * SAMPLES_PER_MS);
  const voice = recordingVoice();
  for (let at = 0; at < samples.length; at += 480) voice.pull(samples.subarray(at, at + 480));
  return samples;
}

describe('the command line, recording calls of real nodes', { timeout: 300_000 }, () => {
  const office = new LoopbackOffice();
  const dir = tempFolder('record-command');
  const folder = join(dir, 'calls');
  const servers: Awaited<ReturnType<typeof serveLocalSocket>>[] = [];
  let [ann, bob, kim] = [] as unknown as [Member, Member, Member];

  before(async () => {
    [ann, bob, kim] = await office.people('101', '102', '103');
    for (const { profile, node } of [ann, bob, kim])
      servers.push(await serveLocalSocket({ profile, api: node }));
    for (const { node } of [ann, bob]) await node.call('setSettings', { recordingsFolder: folder });
  });
  beforeEach(async () => {
    for (const { node } of [ann, bob, kim]) {
      const calls = async () => (await node.call('status')).calls;
      for (const { id } of await calls()) await node.call('controlCall', { action: 'hang-up', id });
      await eventually(async () => (await calls()).every(({ state }) => state === 'ended'), 'no call');
      await node.call('forgetRecording');
    }
  });
  after(async () => {
    for (const server of servers) await server.close();
    await office.stop();
  });

  /** What the command printed, at this member’s computer. */
  const corridor = async (at: Member, ...words: readonly string[]): Promise<string> => {
    const { exit, printed } = await runCorridor(at.profile, ...words);
    return `${printed}${exit === 0 ? '' : `exit ${exit}`}`.trim();
  };
  const recordingOf = async ({ node }: Member): Promise<CallRecording | null> =>
    (await node.call('status')).recording;
  const has = ({ node, name }: Member, passes: (call: CallStatus) => boolean, what: string) =>
    eventually(async () => (await node.call('status')).calls.some(passes), `${name}: ${what}`, PATIENCE_MS);
  const wavOf = (who: keyof typeof ROUND) => writeWav(rounds(ROUND[who], ROUNDS)).toString('base64');
  /** Ann and Bob are in a call. */
  const talk = async (): Promise<string> => {
    const { id } = await ann.node.call('startCall', { dial: '102', wavBase64: wavOf('ann') });
    await has(bob, ({ state }) => state === 'ringing', 'it rings');
    await bob.node.call('controlCall', { action: 'answer', wavBase64: wavOf('bob') });
    for (const one of [ann, bob]) await has(one, ({ state }) => state === 'active', 'is in the call');
    return id;
  };
  /** As many packets are in the file. */
  const holds = (file: string, count: number) =>
    eventually(
      () => Promise.resolve(readOgg(wholePages(readFileSync(file))).packets.length > count),
      'it is on the disk while it goes on',
      PATIENCE_MS,
    );
  const isOver = (member: Member) =>
    eventually(async () => (await recordingOf(member))?.isOver === true, 'it is over', PATIENCE_MS);

  it('keeps both voices in a file, once the other side sees and hears it; both say so until it ends', async () => {
    assert.match(await corridor(ann, 'record', '--stop'), /You record no call\.\nexit 1$/);
    await talk();
    const before = await Promise.all([ann, bob].map(soundSoFar));
    const begun = await corridor(ann, 'record');
    assert.match(begun, new RegExp(`^Recording the call with ${bob.name}: ${folder}/.*${bob.name}\\.ogg\n`));
    assert.match(begun, /you record this call, and they know it$/);
    await has(bob, ({ isRecordedByThem }) => isRecordedByThem, 'is told');
    assert.match(await corridor(bob, 'status'), /they record this call/);
    assert.match(await corridor(ann, 'record'), /You record a call already\. Stop that first\.\nexit 1$/);
    const { file } = (await recordingOf(ann))!;
    await holds(file!, 400);
    for (const [n, member] of [ann, bob].entries()) {
      const since = (await soundSoFar(member)).subarray(before[n]!.length);
      assert.ok(correlate(tone(), since).peak > CERTAIN, `${member.name} hears that it is recorded`);
    }
    const printed = await corridor(ann, 'record', '--stop');
    const [, seconds = ''] = /^Recorded ([0-9]+\.[0-9]) s/.exec(printed) ?? [];
    assert.equal(printed, `Recorded ${seconds} s with ${bob.name}: ${file}`);
    await has(bob, ({ isRecordedByThem }) => !isRecordedByThem, 'sees that it is over');
    const bytes = readFileSync(file!);
    assert.equal(readOgg(bytes).isEnded, true);
    const sound = await playOgg(bytes);
    assert.ok(Math.abs(sound.length / 48_000 - Number(seconds)) < 0.1);
    const share = sharesIn(sound);
    assert.ok(share.ann > HEARD && share.bob > HEARD && share.kim < NOT_HEARD, JSON.stringify(share));
  });

  it('ends with the call, and where the person holds it, and says where it is', async () => {
    const id = await talk();
    await ann.node.call('controlCall', { action: 'record' });
    await has(ann, ({ recording }) => recording === 'on', 'records');
    await ann.node.call('controlCall', { action: 'hold' });
    await isOver(ann);
    assert.match(await corridor(ann, 'status'), /The call is held, which has ended its recording\.$/m);
    assert.match(await corridor(ann, 'record'), /A call that is held is not recorded\..*\nexit 1$/);
    await ann.node.call('controlCall', { action: 'resume' });
    await bob.node.call('controlCall', { action: 'record' });
    await has(ann, ({ isRecordedByThem }) => isRecordedByThem, 'is told');
    await holds((await recordingOf(bob))!.file!, 100);
    await ann.node.call('controlCall', { action: 'hang-up', id });
    await isOver(bob);
    const { file, sentence } = (await recordingOf(bob))!;
    assert.equal(sentence, null);
    assert.equal(readOgg(readFileSync(file!)).isEnded, true);
    await bob.node.call('forgetRecording');
    assert.equal(await recordingOf(bob), null);
  });

  it('keeps all voices of a call of several, who are all told', async () => {
    const into = await talk();
    await ann.node.call('startCall', { dial: '103', into, wavBase64: wavOf('ann') });
    await has(kim, ({ state }) => state === 'ringing', 'it rings');
    await kim.node.call('controlCall', { action: 'answer', wavBase64: wavOf('kim') });
    await has(bob, ({ name, state }) => name === kim.name && state === 'active', 'hears Kim');
    assert.match(await corridor(ann, 'record'), /^Recording the call with .*, .*:/);
    for (const one of [bob, kim]) await has(one, ({ isRecordedByThem }) => isRecordedByThem, 'is told');
    const { file } = (await recordingOf(ann))!;
    await holds(file!, 400);
    await ann.node.call('controlCall', { action: 'stop-recording' });
    await isOver(ann);
    // Of three equal voices each is correlated with all of them by 0.58; a busy machine leaves less.
    const share = sharesIn(await playOgg(readFileSync(file!)), 0.4);
    assert.ok(Math.min(share.ann, share.bob, share.kim) > NOT_HEARD, JSON.stringify(share));
  });

  it('stops the recording of the call that is named, and of no other', async () => {
    const withBob = await talk();
    const { id: withKim } = await ann.node.call('startCall', { dial: '103', wavBase64: wavOf('ann') });
    await has(kim, ({ state }) => state === 'ringing', 'it rings');
    await kim.node.call('controlCall', { action: 'answer', wavBase64: wavOf('kim') });
    await has(ann, ({ id, state }) => id === withKim && state === 'active', 'is in the second call');
    await corridor(ann, 'record', withKim);
    await has(ann, ({ id, recording }) => id === withKim && recording === 'on', 'records the second call');
    assert.match(await corridor(ann, 'record', withBob, '--stop'), /You do not record that call\.\nexit 1$/);
    assert.equal((await recordingOf(ann))?.isOver, false);
    assert.match(await corridor(ann, 'record', '--forget', '--stop'), /--forget goes alone/);
    await holds((await recordingOf(ann))!.file!, 100);
    assert.match(await corridor(ann, 'record', withKim, '--stop'), /^Recorded [0-9.]+ s with /);
    assert.match(await corridor(ann, 'status'), /^recording {3}Recorded/m);
    assert.equal(await corridor(ann, 'record', '--forget'), 'No recording is shown any more.');
    assert.doesNotMatch(await corridor(ann, 'status'), /^recording/m);
  });

  it('fails where the call ends before anybody is told', async (t) => {
    await talk();
    const { profile, node } = ann;
    await servers.shift()!.close();
    /** Ann hangs up in the moment in which the recording begins. */
    const call: NodeApi['call'] = async (method, args) => {
      const result = await node.call(method, args);
      if (method === 'controlCall') await node.call('controlCall', { action: 'hang-up' });
      return result;
    };
    const server = await serveLocalSocket({ profile, api: { call, onEvent: (seen) => node.onEvent(seen) } });
    t.after(async () => {
      await server.close();
      servers.unshift(await serveLocalSocket({ profile, api: node }));
    });
    assert.equal(await corridor(ann, 'record'), 'corridor: Nothing was recorded.\nexit 1');
  });

  it('says that the disk is full, and keeps what came before; where there is no room at all it is refused', async (t) => {
    const disk = SmallDisk.mount('64k');
    if (typeof disk === 'string') return t.skip(disk);
    t.after(() => disk.unmount());
    await ann.node.call('setSettings', { recordingsFolder: disk.path });
    await talk();
    await ann.node.call('controlCall', { action: 'record' });
    await isOver(ann);
    const { file, sentence, durationMs } = (await recordingOf(ann))!;
    assert.match(sentence!, /^The recording has ended, and what came before is kept\. The disk is full/);
    assert.equal(readOgg(readFileSync(file!)).packets.length * 10, durationMs);
    assert.ok(durationMs > 1000);
    disk.fill();
    assert.match(await corridor(ann, 'record'), /Nothing is recorded\. The disk is full: make room/);
    assert.equal(readdirSync(disk.path).filter((name) => name.endsWith('.ogg')).length, 1);
    await has(ann, ({ state }) => state === 'active', 'the call goes on');
  });

  /** In how much of three seconds of a recording each voice is found. */
  function sharesIn(sound: Int16Array, pieceHeard = 0.5): Record<keyof typeof ROUND, number> {
    const part = sound.subarray(24_000, 24_000 + 144_000);
    const shareOf = (voice: Int16Array): number => heardShare(part, rounds(voice, 2), pieceHeard);
    return { ann: shareOf(ROUND.ann), bob: shareOf(ROUND.bob), kim: shareOf(ROUND.kim) };
  }
});

/** Without a page that is being written. */
function wholePages(bytes: Buffer): Buffer {
  const last = bytes.lastIndexOf('OggS');
  return bytes.subarray(0, last);
}
