import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWav } from '../../native-audio/index.ts';
import { heardShare } from '../../test/support/correlate.ts';
import { startPulse, type Pulse } from '../../test/support/pulse.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { WorkerCommand } from './index.ts';
import { delaySpread, newKey, WorkerProcess } from './test-support.ts';

const SENTENCE = 'The quick brown fox jumps over the lazy dog, all of it.';
/** More than the loudspeaker still holds when the worker has given it the last sample. */
const SILENCE_MS = 100;
/** What a busy machine's virtual devices leave of speech; silence or another voice gives next to nothing. */
export const INTELLIGIBLE = 0.7;

type Command<T extends WorkerCommand['type']> = Extract<WorkerCommand, { type: T }>;

/** A message that A says to B, and the orders for it. */
interface TestTalk {
  readonly id: string;
  readonly ssrc: number;
  readonly key: ReturnType<typeof newKey>;
  readonly talk: Command<'talk'>;
  readonly receive: Command<'receive'>;
}

/** Two media workers on loopback with sound: A has a microphone, and what B plays can be recorded. */
export class TwoWorkers {
  readonly dir: string;
  readonly pulse: Pulse;
  /** The speech of `newTalk`, and the file that holds it. */
  readonly speech: Int16Array;
  readonly speechFile: string;
  readonly a: WorkerProcess;
  readonly b: WorkerProcess;
  #talks = 0;

  private constructor(dir: string, pulse: Pulse, speechFile: string, a: WorkerProcess, b: WorkerProcess) {
    this.dir = dir;
    this.pulse = pulse;
    this.speechFile = speechFile;
    this.speech = readWav(readFileSync(speechFile));
    this.a = a;
    this.b = b;
  }

  static async start(): Promise<TwoWorkers> {
    const dir = tempFolder('media');
    const speechFile = join(dir, 'speech.wav');
    execFileSync('espeak-ng', ['-w', speechFile, SENTENCE]);
    const pulse = await startPulse({ dir, names: ['ear'] });
    const started: WorkerProcess[] = [];
    try {
      await pulse.loadSink('ear');
      for (const sound of [{ microphone: 'mic', speaker: 'speaker' }, { speaker: 'ear' }])
        started.push(await WorkerProcess.start(pulse.env, { ...sound, ready: 'warm' }));
      const [a, b] = started as [WorkerProcess, WorkerProcess];
      await Promise.all([a.soundRuns(), b.soundRuns()]);
      const two = new TwoWorkers(dir, pulse, speechFile, a, b);
      // Three processes that have just started compile what they run: what is judged begins with the second message.
      await two.speakAndHear(two.newTalk());
      return two;
    } catch (error) {
      await Promise.all(started.map((worker) => worker.close()));
      await pulse.stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.a.close(), this.b.close()]);
    await this.pulse.stop();
  }

  newTalk(from = this.a.address, to = this.b.address): TestTalk {
    this.#talks += 1;
    const id = `message-${this.#talks}`;
    const ssrc = 1000 + this.#talks;
    const key = newKey();
    return {
      ...{ id, ssrc, key },
      talk: { type: 'talk', id, ssrc, key, targets: [to], pcm: this.speech, keyDownAt: 0 },
      receive: { type: 'receive', id, ssrc, key, play: true, talker: from },
    };
  }

  /** A says the message, which B does not expect: A alone holds it. Resolves with the number of fragments. */
  async speak({ id, talk }: TestTalk): Promise<number> {
    const ended = this.a.next('talk-ended', (event) => event.id === id);
    this.a.post(talk);
    return (await ended).count;
  }

  /** A says the message, and B plays it: what B's loudspeaker gave. */
  async speakAndHear(talk: TestTalk) {
    const { id } = talk;
    const recording = await this.pulse.record('ear.monitor');
    const heard = this.b.next('playback-ended', (event) => event.id === id);
    this.b.post(talk.receive);
    const count = await this.speak(talk);
    this.b.post({ type: 'receive-end', id, count });
    const { reason } = await heard;
    await recording.endsInSilence(SILENCE_MS);
    const sound = await recording.stop();
    return {
      ...{ count, reason },
      share: heardShare(this.speech, sound),
      spreadMs: delaySpread(this.speech, sound),
    };
  }
}
