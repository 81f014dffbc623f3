import type { TestContext } from 'node:test';
import type { CallStatus, NodeEvent } from '../../preload/api.ts';
import { heardShare } from './correlate.ts';
import { eventually } from './eventually.ts';
import { melody, type Melody } from './melody.ts';
import { soundSoFar } from './messages.ts';
import { officeFor, type Member } from './office.ts';

const RATE_HZ = 48_000;
/** At least this share of a voice’s quarter seconds survives codec and jitter buffer; in another voice hardly any is found. */
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
 * The share of the voice that the member’s loudspeaker has played, once it has played most of the last second: a busy computer plays a
 * quarter of one faster or slower, which looks like nothing.
 */
export async function heardOf(member: Member, { samples }: Melody): Promise<number> {
  const end = samples.subarray(-RATE_HZ);
  await eventually(
    async () => heardShare(end, await soundSoFar(member)) >= 0.5,
    `${member.name} hears the end of what the other one says`,
  );
  return heardShare(samples, await soundSoFar(member));
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
