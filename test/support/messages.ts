import { readFile } from 'node:fs/promises';
import { readWav } from '../../native-audio/index.ts';
import type { MessageSummary, NodeEvent, PlaybackStatus } from '../../preload/api.ts';
import { eventually } from './eventually.ts';
import type { Member } from './office.ts';

const RATE_HZ = 48_000;
/** How loud a sample of speech is at least, of 32768: what a tone of `toneWav` passes in each of its swings. */
const LOUD = 1000;
/** A loudspeaker that was silent for so long plays nothing more. */
const SILENT_SAMPLES = (300 * RATE_HZ) / 1000;

export const isMessage =
  (id: string, holds: (message: MessageSummary) => boolean) =>
  (event: NodeEvent): boolean =>
    event.type === 'message' && event.message.id === id && holds(event.message);

/** All of it is there. */
export const isComplete = (id: string) => isMessage(id, ({ complete }) => complete);

export const isNotified = (id: string) => (event: NodeEvent) =>
  event.type === 'notification' && event.id === id;

/** The member sees that whoever has this extension is offline. An event may not tell of it: one tells of the last of several changes. */
export async function untilOffline(member: Member, extension: string): Promise<void> {
  await eventually(async () => {
    const people = await member.node.call('people');
    return people.some((person) => person.extension === extension && person.presence === 'offline');
  }, `${member.name} sees that ${extension} is offline`);
}

export const isPlaying = (id: string, holds: (playback: PlaybackStatus) => boolean) => (event: NodeEvent) =>
  event.type === 'playback' && event.playback?.id === id && holds(event.playback);

export const isStopped = (event: NodeEvent) => event.type === 'playback' && event.playback === null;

/** Says it to somebody. Resolves with the message's id once all of it has arrived. */
export async function say(from: Member, to: Member, wavBase64: string): Promise<string> {
  const { id } = await from.node.call('talkRecording', { dial: to.extension, wavBase64 });
  await to.untilSo(isComplete(id));
  return id;
}

/** Every state of playing that the member's node has told of. */
export function playbacksOf({ events }: Member): PlaybackStatus[] {
  return events.flatMap((event) => (event.type === 'playback' && event.playback ? [event.playback] : []));
}

export async function messageOf({ node }: Member, id: string): Promise<MessageSummary | undefined> {
  return (await node.call('messages')).find((message) => message.id === id);
}

/** What the message holds, as it is exported. */
export async function samplesOf({ node }: Member, which: string): Promise<Int16Array> {
  const { base64 } = await node.call('exportMessage', { which, format: 'wav' });
  return readWav(Buffer.from(base64, 'base64'));
}

/** Resolves once the loudspeaker of a member has given out something. */
export async function soundsAt(member: Member): Promise<void> {
  const file = await speakerFile(member);
  await eventually(async () => (await soundIn(file)).some(isLoud), `${member.name} hears something`);
}

async function speakerFile({ node }: Member): Promise<string> {
  const { speaker } = await node.call('settings');
  return (speaker ?? '').replace(/^file:/, '');
}

/** What a WAV file has before its samples. */
const WAV_HEADER_BYTES = 44;

/** What is in the file; none where the loudspeaker was not opened yet, or is being opened. */
async function soundIn(file: string): Promise<Int16Array> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  return bytes && bytes.length >= WAV_HEADER_BYTES ? readWav(bytes) : new Int16Array(0);
}

/** All that the loudspeaker of a member has given out so far. */
export async function soundSoFar(member: Member): Promise<Int16Array> {
  return soundIn(await speakerFile(member));
}

/** What the loudspeaker of a member has given out so far, without the silence around it, once it is silent. */
export async function heardBy(member: Member): Promise<Int16Array> {
  const file = await speakerFile(member);
  let heard: Int16Array | undefined;
  await eventually(async () => {
    const all = await soundIn(file);
    const end = all.findLastIndex(isLoud) + 1;
    if (end > 0 && all.length - end >= SILENT_SAMPLES) heard = all.subarray(all.findIndex(isLoud), end);
    return heard !== undefined;
  }, `${member.name} hears something, and then nothing`);
  return heard ?? new Int16Array(0);
}

const isLoud = (sample: number): boolean => Math.abs(sample) > LOUD;

/** For how long something sounded, ms. */
export function durationOf(samples: Int16Array): number {
  return (samples.length * 1000) / RATE_HZ;
}

/** How often a second it swings, in its first second or as long as it is: Hz. */
export function pitchOf(samples: Int16Array): number {
  const part = samples.subarray(0, RATE_HZ);
  const upward = part.filter((sample, n) => n > 0 && part[n - 1]! < 0 && sample >= 0).length;
  return (upward * RATE_HZ) / part.length;
}
