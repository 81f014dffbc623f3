import { join } from 'node:path';
import { BUDGETS } from '../../main/model/index.ts';
import { EchoingCall, loudestDb } from '../support/echoing-call.ts';
import { delay, eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { speak, type Speech } from '../support/speech.ts';
import { syntheticVoice } from '../support/synthetic-voice.ts';
import type { Measured } from './main.ts';
import { byTurns, calmOnes, delays, inRoom, SPOKEN, withPair } from './mouth-to-ear.ts';
import type { Pair, Room, Sample } from './mouth-to-ear.ts';
import { measured } from './statistics.ts';

const RINGS = 20;
const RING_SOUNDS_MS = 600;
/** Until a ring that was ended has left the loudspeaker, and what nobody took has been told. */
const SILENT_AGAIN_MS = 800;
const ECHO_ROUNDS = 4;
const ECHO_SECONDS = 6;

/** How the same voice is carried, in each round one after the other. */
const WAYS = ['message', 'call', 'call-cancelling'] as const;
type Way = (typeof WAYS)[number];

/** Calls, beside a message: on virtual devices, in processes of their own. */
export function measureCall(dir: string, say: (line: string) => void): Promise<Measured[]> {
  return inRoom(join(dir, 'call'), (room) =>
    withPair(room, async (nodes) => {
      const speech = speak(dir, SPOKEN);
      const of = await byTurns(say, WAYS, (way) => measureWay(way, room, nodes, speech));
      const ring = calmOnes(await measureRing(room, nodes), say, 'ring');
      const erle = await measureErle(join(dir, 'echo'));
      return [
        measured('message-beside', 'ms', of('message'), 'measured: mouth to ear of a message'),
        measured('call-mouth-to-ear', 'ms', of('call'), '≤ message-beside + 5'),
        measured('call-without-echo', 'ms', of('call-cancelling'), '≤ message-beside + 15'),
        measured('ring', 'ms', ring, 'p95 ≤ 150'),
        measured('erle', 'dB', erle, 'median ≥ 20'),
      ];
    }),
  );
}

async function measureWay(
  way: Way,
  { pulse, ears, neighbours }: Room,
  nodes: Pair,
  speech: Speech,
): Promise<Sample[]> {
  const stop = await begin(way, nodes);
  const found = await delays(pulse, ears, speech, neighbours);
  await stop();
  await delay(1000);
  return found;
}

/** The talker's microphone goes to the listener; the other way silence. Returns what ends it. */
async function begin(way: Way, { talker, listener }: Pair): Promise<() => Promise<unknown>> {
  if (way === 'message') {
    await talker.api.call('talkPress', { dial: '102' });
    return () => talker.api.call('talkRelease');
  }
  await talker.api.call('setSettings', { echoCancelling: way === 'call-cancelling' });
  await talker.api.call('startCall', { dial: '102' });
  await hasCall(listener, 'ringing');
  await listener.api.call('controlCall', { action: 'answer' });
  for (const one of [talker, listener]) await hasCall(one, 'active');
  await listener.api.call('controlCall', { action: 'mute' });
  return () => hangUp({ talker, listener });
}

/** From the caller's key to the first sound of the ring at the loudspeaker of who is called. */
async function measureRing({ ears: { ear }, neighbours }: Room, nodes: Pair): Promise<Sample[]> {
  const { atOnce, perSecond } = BUDGETS.newCalls.perPeer;
  const found: Sample[] = [];
  for (let n = 0; n < RINGS; n++) {
    const pressed = performance.now();
    await nodes.talker.api.call('startCall', { dial: '102' });
    await delay(RING_SOUNDS_MS);
    const rang = ear.firstSound(pressed, RING_SOUNDS_MS, 0.003);
    const calm = neighbours.areCalm(pressed, pressed + RING_SOUNDS_MS);
    if (rang !== undefined) found.push({ value: rang - pressed, calm });
    await hangUp(nodes);
    // No computer takes calls of another one more often.
    await delay(n + 1 < atOnce ? SILENT_AGAIN_MS : 1000 / perSecond);
    ear.forget();
  }
  return found;
}

/** How much softer a voice comes back where the echo is cancelled than where it is not: decibels, of each round. */
async function measureErle(dir: string): Promise<number[]> {
  const call = await EchoingCall.start(dir);
  try {
    await call.begin();
    // It would make the echo louder.
    await call.bo.api.call('setSettings', { gainControl: false });
    const voice = syntheticVoice(1, ECHO_SECONDS);
    const returned = async (echoCancelling: boolean): Promise<number> => {
      await call.bo.api.call('setSettings', { echoCancelling });
      // The first time the canceller learns the room.
      await call.hear({ ann: voice });
      return loudestDb((await call.hear({ ann: voice })).atAnn);
    };
    const found: number[] = [];
    for (let round = 0; round < ECHO_ROUNDS; round++)
      found.push((await returned(false)) - (await returned(true)));
    return found;
  } finally {
    await call.stop();
  }
}

async function hasCall({ api }: Headless, state: 'ringing' | 'active'): Promise<void> {
  await eventually(
    async () => (await api.call('status')).calls.some((call) => call.state === state),
    `a call is ${state}`,
  );
}

async function hangUp({ talker, listener }: Pair): Promise<void> {
  await talker.api.call('controlCall', { action: 'hang-up' });
  for (const { api } of [talker, listener])
    await eventually(async () => (await api.call('status')).calls.length === 0, 'the call is over');
}
