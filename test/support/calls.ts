import type { TestContext } from 'node:test';
import type { CallStatus, NodeEvent } from '../../preload/api.ts';
import { eventually } from './eventually.ts';
import { END_NOTES, melody, notesHeard, type Melody } from './melody.ts';
import { silentMs, soundSoFar } from './messages.ts';
import { officeFor, type Member } from './office.ts';

/** At least this share of a voice’s notes survives codec and jitter buffer; in another voice hardly any is found. */
export const HEARD = 0.6;
export const NOT_HEARD = 0.3;

export const calls = (event: NodeEvent): readonly CallStatus[] =>
  event.type === 'status' ? event.status.calls : [];
export const isIn = (state: CallStatus['state']) => (event: NodeEvent) =>
  calls(event).some((call) => call.state === state);
export const now = async ({ node }: Member) => (await node.call('status')).calls;
export const missed = async ({ node }: Member) => (await node.call('status')).missedCalls;
export const control = (
  { node }: Member,
  action: 'answer' | 'hang-up' | 'hold' | 'resume' | 'mute' | 'unmute',
) => node.call('controlCall', { action });

/**
 * The share of the voice that the member’s loudspeaker has played, once it has played its end, two of the last three notes, or a second of
 * silence after some of it: a busy computer can lose the end like any other part.
 */
export async function heardOf(member: Member, voice: Melody): Promise<number> {
  const end = { ...voice, notes: voice.notes.slice(-END_NOTES) };
  let sound: Int16Array = new Int16Array();
  await eventually(async () => {
    sound = await soundSoFar(member);
    return notesHeard(end, sound) > 0.5 || (silentMs(sound) >= 1000 && notesHeard(voice, sound) > NOT_HEARD);
  }, `${member.name} hears the end of what the other one says`);
  return notesHeard(voice, sound);
}

export async function noCall(...members: readonly Member[]): Promise<void> {
  for (const member of members)
    await eventually(async () => (await now(member)).length === 0, `${member.name} is in no call`);
}

/** Ann calls Bo, who answers; each speaks a recording. */
export async function talking(t: TestContext, seconds = 3) {
  const [ann, bo] = await officeFor(t).people('101', '102');
  const voices = [melody(1, seconds), melody(2, seconds)] as const;
  const { id } = await ann.node.call('startCall', {
    dial: '102',
    wavBase64: voices[0].wav.toString('base64'),
  });
  await bo.untilSo(isIn('ringing'));
  await bo.node.call('controlCall', { action: 'answer', wavBase64: voices[1].wav.toString('base64') });
  await Promise.all([ann.untilSo(isIn('active')), bo.untilSo(isIn('active'))]);
  return { ann, bo, voices, id };
}
