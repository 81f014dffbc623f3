import { readFile } from 'node:fs/promises';
import { readWav } from '../../native-audio/index.ts';
import type { MessageSummary, NodeEvent, PlaybackStatus } from '../../preload/api.ts';
import { eventually } from './eventually.ts';
import type { Member, NamedNode } from './office.ts';

const RATE_HZ = 48_000;
/** Samples above this, of 32768, count as sound: a tone of `toneWav` exceeds it in each period. */
const LOUD = 1000;
/** After this much silence a loudspeaker has finished. */
const SILENT_SAMPLES = (300 * RATE_HZ) / 1000;

export const isMessage =
  (id: string, holds: (message: MessageSummary) => boolean) =>
  (event: NodeEvent): boolean =>
    event.type === 'message' && event.message.id === id && holds(event.message);

/** The states of the recipients by extension, as the talker sees them. */
export const statesOf = (message: MessageSummary | undefined) =>
  Object.fromEntries((message?.recipients ?? []).map(({ extension, state }) => [extension, state]));

/** Matches an event by which that message is complete. */
export const isComplete = (id: string) => isMessage(id, ({ complete }) => complete);

export const isSounding = (id: string) => (event: NodeEvent) => event.type === 'sounding' && event.id === id;

export const isNotified = (id: string) => (event: NodeEvent) =>
  event.type === 'notification' && event.id === id;

/** Matches an event by which the talker knows that this recipient is notified of the message. */
export const isKnownNotified = (id: string, extension: string) =>
  isMessage(id, ({ recipients }) => recipients.some((one) => one.extension === extension && one.isNotified));

/** Waits until a member sees that the person with this extension is offline. Polls, since one event may stand for several changes. */
export async function untilOffline({ node, name }: NamedNode, extension: string): Promise<void> {
  await eventually(async () => {
    const people = await node.call('people');
    return people.some((person) => person.extension === extension && person.presence === 'offline');
  }, `${name} sees that ${extension} is offline`);
}

export const isPlaying = (id: string, holds: (playback: PlaybackStatus) => boolean) => (event: NodeEvent) =>
  event.type === 'playback' && event.playback?.id === id && holds(event.playback);

export const isStopped = (event: NodeEvent) => event.type === 'playback' && event.playback === null;

/** Sends a recording to somebody. Resolves with the message's id once all of it has arrived. */
export async function say(from: Member, to: Member, wavBase64: string): Promise<string> {
  const { id } = await from.node.call('talkRecording', { dial: to.extension, wavBase64 });
  await to.untilSo(isComplete(id));
  return id;
}

/** Every playback state in the events of the member's node. */
export function playbacksOf({ events }: Member): PlaybackStatus[] {
  return events.flatMap((event) => (event.type === 'playback' && event.playback ? [event.playback] : []));
}

export async function messageOf({ node }: Member, id: string): Promise<MessageSummary | undefined> {
  return (await node.call('messages', { which: id }))[0];
}

/** The samples of a message, as exported. */
export async function samplesOf({ node }: Member, which: string): Promise<Int16Array> {
  const { base64 } = await node.call('exportMessage', { which, format: 'wav' });
  return readWav(Buffer.from(base64, 'base64'));
}

/** Resolves once a member's loudspeaker has played something. */
export async function soundsAt(member: Member): Promise<void> {
  const file = await speakerFile(member);
  await eventually(async () => (await soundIn(file)).some(isLoud), `${member.name} hears something`);
}

async function speakerFile({ node }: Member): Promise<string> {
  const { speaker } = await node.call('settings');
  return (speaker ?? '').replace(/^file:/, '');
}

/** The size of a WAV file's header. */
const WAV_HEADER_BYTES = 44;

/** The samples that a loudspeaker has written so far; none if it is not open yet, or was given nothing. */
export async function soundIn(file: string): Promise<Int16Array> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  return bytes && bytes.length > WAV_HEADER_BYTES ? readWav(bytes) : new Int16Array(0);
}

/** Everything that a member's loudspeaker has played so far. */
export async function soundSoFar(member: Member): Promise<Int16Array> {
  return soundIn(await speakerFile(member));
}

/** For how long it has been silent at its end, ms. */
export function silentMs(sound: Int16Array): number {
  return ((sound.length - 1 - sound.findLastIndex(isLoud)) * 1000) / RATE_HZ;
}

/** Everything that a member's loudspeaker has played, without the silence around it, once it is silent. */
export async function heardBy(member: Member): Promise<Int16Array> {
  return heardIn(await speakerFile(member), member.name);
}

/** The same of a loudspeaker's file; `whose`: for a sentence. */
export async function heardIn(file: string, whose: string): Promise<Int16Array> {
  let heard: Int16Array | undefined;
  await eventually(async () => {
    const all = await soundIn(file);
    const end = all.findLastIndex(isLoud) + 1;
    if (end > 0 && all.length - end >= SILENT_SAMPLES) heard = all.subarray(all.findIndex(isLoud), end);
    return heard !== undefined;
  }, `${whose} hears something, and then nothing`);
  return heard ?? new Int16Array(0);
}

const isLoud = (sample: number): boolean => Math.abs(sample) > LOUD;

/** The duration of the sound, ms. */
export function durationOf(samples: Int16Array): number {
  return (samples.length * 1000) / RATE_HZ;
}

/** The pitch of the first second, or of the whole if it is shorter, Hz. */
export function pitchOf(samples: Int16Array): number {
  const part = samples.subarray(0, RATE_HZ);
  const upward = part.filter((sample, n) => n > 0 && part[n - 1]! < 0 && sample >= 0).length;
  return (upward * RATE_HZ) / part.length;
}
