import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { systemVoices, Voices, WorkFolder } from '../../main/speech/index.ts';
import { writeWav } from '../../native-audio/index.ts';
import type { NodeEvent } from '../../preload/api.ts';
import { delay, eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import {
  LIVE_POCKETSPHINX,
  POCKETSPHINX as RECOGNISER,
  POCKETSPHINX_COMMAND as COMMAND,
} from '../support/pocketsphinx.ts';
import { childrenOf, stateOf } from '../support/process-state.ts';
import { speak, type Speech } from '../support/speech.ts';
import type { Measured } from './main.ts';
import {
  byTurns,
  calmOf,
  calmOnes,
  delays,
  ENOUGH,
  inRoom,
  MOST,
  SPOKEN,
  withPair,
  type Pair,
  type Room,
  type Sample,
} from './mouth-to-ear.ts';
import { measured, quantile } from './statistics.ts';

/** Eight words. */
const TYPED = 'The parcel for you is at the door';
const SAYINGS = 30;
/** The whole of these words has left the loudspeaker by then. */
const SAID_WITHIN_MS = 5000;
/** Until words that have been heard have left the loudspeaker, of which no event tells: else they were the first sound of the next ones. */
const SILENT_AGAIN_MS = 300;
const TRANSCRIPTS = 5;
const SPEECH_SECONDS = 10;
/** An engine of the lowest priority may have to wait for the processors. */
const PATIENCE_MS = 60_000;
/** How often each key goes down while an engine works, and for how long: long enough to be a message. */
const PRESSES = 10;
const PRESSED_MS = 700;

interface Office extends Room {
  readonly nodes: Pair;
  readonly say: (line: string) => void;
}

/** Text that becomes a voice, and a voice that becomes text: on virtual devices, in processes of their own. */
export function measureSpeech(dir: string, say: (line: string) => void): Promise<Measured[]> {
  return inRoom(join(dir, 'speech'), (room) =>
    withPair(room, (nodes) => measureBoth({ ...room, nodes, say })),
  );
}

async function measureBoth(office: Office): Promise<Measured[]> {
  const { dir, nodes, say } = office;
  const said = await measureSaying(office, new Voices(systemVoices(new WorkFolder(join(dir, 'voices')))));
  if (spawnSync(RECOGNISER, ['-argfile', '/dev/null'], { stdio: 'ignore' }).error) {
    say(`No transcript is measured: ${RECOGNISER} is not installed (Debian: pocketsphinx).`);
    return said;
  }
  await nodes.listener.api.call('setSettings', { recogniser: { command: COMMAND } });
  const { samples } = speak(dir, `${SPOKEN} ${SPOKEN}`);
  const wav = writeWav(samples.subarray(0, SPEECH_SECONDS * 48_000)).toString('base64');
  const transcripts = await measureTranscripts(nodes, wav);
  const pauses = await measurePauses(nodes);
  const speech = speak(dir, SPOKEN);
  const beside = [...(await measureBeside(office, speech)), ...(await measureCaptions(office, speech))];
  return [...said, ...transcripts, ...pauses, ...beside];
}

/** From sending typed words to their first sound at the other ear, less what the synthesiser takes for them by itself. */
async function measureSaying(office: Office, voices: Voices): Promise<Measured[]> {
  const { ears, nodes, neighbours, say } = office;
  const synthesised: number[] = [];
  const found: Sample[] = [];
  for (let n = 0; n < SAYINGS || (calmOf(found).length < ENOUGH && n < MOST * SAYINGS); n++) {
    const began = performance.now();
    await voices.speak(TYPED, { language: 'en' }, new AbortController().signal);
    synthesised.push(performance.now() - began);
    const sent = performance.now();
    const { id } = await nodes.talker.api.call('talkText', { dial: '102', text: TYPED, language: 'en' });
    await heard(nodes.listener, id);
    const sounded = ears.ear.firstSound(sent, SAID_WITHIN_MS, 0.003);
    const calm = neighbours.areCalm(sent, sounded ?? sent + SAID_WITHIN_MS);
    if (sounded !== undefined) found.push({ value: sounded - sent, calm });
    await delay(SILENT_AGAIN_MS);
    ears.mouth.forget();
    ears.ear.forget();
  }
  const alone = quantile(synthesised, 0.5);
  const beyond = found.map(({ value, calm }) => ({ value: value - alone, calm }));
  return [
    measured('say-synthesiser', 'ms', synthesised, 'measured: eSpeak NG alone, eight words'),
    measured('say-to-ear', 'ms', calmOnes(beyond, say, 'say-to-ear'), 'beyond it, p95 ≤ 400'),
  ];
}

/** From a message's being whole at its recipient until it is written down there. */
async function measureTranscripts({ talker, listener }: Pair, wavBase64: string): Promise<Measured[]> {
  const seconds: number[] = [];
  for (let n = 0; n < TRANSCRIPTS; n++) {
    const { id } = await talker.api.call('talkRecording', { dial: '102', wavBase64 });
    const whole = await listener.until(
      (event) => event.type === 'message' && event.message.id === id && event.message.complete,
    );
    const done = await writtenDown(listener, id);
    seconds.push((done - whole.heardAt) / 1000);
  }
  return [measured('transcript', 's', seconds, `≤ 5, of ${SPEECH_SECONDS} s with PocketSphinx`)];
}

/** From a key's going down, here or at a talker, until the kernel has stopped the engine that works here. */
async function measurePauses({ talker, listener }: Pair): Promise<Measured[]> {
  const id = await aTranscript(listener);
  const measurePress = async (presser: Headless, dial: string): Promise<number> => {
    const began = performance.now();
    await beginsToWork(listener, id);
    const pid = await engineOf(listener);
    const from = performance.now();
    const pressed = presser.api.call('talkPress', { dial });
    while (stateOf(pid) !== 'T') {
      assert.ok(stateOf(pid), 'the engine is stopped before it ends');
      await delay(1);
    }
    const took = performance.now() - from;
    const { id: talk } = await pressed;
    await delay(PRESSED_MS);
    await presser.api.call('talkRelease');
    await writtenDown(listener, id, began);
    if (presser === talker) await writtenDown(listener, talk);
    return took;
  };
  const [own, talkers]: [number[], number[]] = [[], []];
  for (let n = 0; n < PRESSES; n++) {
    own.push(await measurePress(listener, '101'));
    talkers.push(await measurePress(talker, '102'));
  }
  return [
    measured('transcript-pause-own-key', 'ms', own, 'p95 ≤ 100'),
    measured('transcript-pause-talkers-key', 'ms', talkers, 'p95 ≤ 100'),
  ];
}

/** The number of the process of the engine that the node has started. */
async function engineOf({ process: { pid: node } }: Headless): Promise<number> {
  let found: number | undefined;
  await eventually(() => {
    [found] = childrenOf(node!, RECOGNISER);
    return found !== undefined;
  }, 'the engine runs');
  return found!;
}

/** The id of a message that was written down. */
async function aTranscript({ api }: Headless): Promise<string> {
  return (await api.call('messages')).find(({ transcript }) => transcript !== null)!.id;
}

/** The same voice, live: an engine was at work at its recipient when the key went down, and in turn with that none was. */
async function measureBeside(office: Office, speech: Speech): Promise<Measured[]> {
  const { nodes } = office;
  const { listener } = nodes;
  const id = await aTranscript(listener);
  const of = await byTurns(
    office.say,
    ['live-without-transcribing', 'live-while-transcribing'],
    async (way) => {
      const from = performance.now();
      const isWorking = way === 'live-while-transcribing';
      if (isWorking) await beginsToWork(listener, id);
      const { talk, samples } = await talkLive(office, speech);
      // What was interrupted is done first, and then what was said meanwhile.
      if (isWorking) await writtenDown(listener, id, from);
      await writtenDown(listener, talk);
      return samples;
    },
  );
  return [
    measured(
      'live-without-transcribing',
      'ms',
      of('live-without-transcribing'),
      'measured: mouth to ear of a message',
    ),
    measured(
      'live-while-transcribing',
      'ms',
      of('live-while-transcribing'),
      '≤ live-without-transcribing + 5',
    ),
  ];
}

/** The same voice, live, with captions at its recipient, which are not held up by it, and in turn without. */
async function measureCaptions(office: Office, speech: Speech): Promise<Measured[]> {
  const { listener } = office.nodes;
  await listener.api.call('setSettings', { recogniser: null });
  const of = await byTurns(office.say, ['live-without-captions', 'live-with-captions'], async (way) => {
    const isOn = way === 'live-with-captions';
    await listener.api.call('setSettings', { captions: isOn ? { command: LIVE_POCKETSPHINX } : null });
    const from = performance.now();
    const { samples } = await talkLive(office, speech);
    // The engine has worked beside it: its last words come after the voice.
    if (isOn) await listener.until(({ type }) => type === 'caption', PATIENCE_MS, from);
    return samples;
  });
  return [
    measured(
      'live-without-captions',
      'ms',
      of('live-without-captions'),
      'measured: mouth to ear of a message',
    ),
    measured('live-with-captions', 'ms', of('live-with-captions'), '≤ live-without-captions + 5'),
  ];
}

/** A message that is spoken live: its id, and how late it was heard. */
async function talkLive({ pulse, ears, nodes, neighbours }: Office, speech: Speech) {
  const { id: talk } = await nodes.talker.api.call('talkPress', { dial: '102' });
  const samples = await delays(pulse, ears, speech, neighbours);
  await nodes.talker.api.call('talkRelease');
  return { talk, samples };
}

/** Resolves when the engine has the message, which is written down anew. */
async function beginsToWork(listener: Headless, id: string): Promise<void> {
  const from = performance.now();
  // It is refused with the reason that there is none yet.
  await listener.api.call('transcript', { which: id, again: true }).catch(() => undefined);
  await listener.until(isShown(id, 'working'), PATIENCE_MS, from);
}

/** When the transcript was there (performance.now). */
async function writtenDown(listener: Headless, id: string, from = 0): Promise<number> {
  return (await listener.until(isShown(id, 'done'), PATIENCE_MS, from)).heardAt;
}

async function heard(listener: Headless, id: string): Promise<void> {
  await listener.until((event) => event.type === 'message' && event.message.id === id && event.message.heard);
}

/** Whether an event shows that the transcript of that message is so far. */
function isShown(id: string, state: 'working' | 'done'): (event: NodeEvent) => boolean {
  return (event) =>
    event.type === 'message' && event.message.id === id && event.message.transcript?.state === state;
}
