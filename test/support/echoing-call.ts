import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWav } from '../../native-audio/index.ts';
import { eventually } from './eventually.ts';
import { Headless } from './headless.ts';
import { levelDb } from './level.ts';
import { startPulse, type Pulse } from './pulse.ts';

/** How much softer Bo's microphone hears his loudspeaker, and how much later. */
const ECHO_DB = -10;
const ECHO_DELAY_MS = 60;
const WINDOW = 24_000;
/** After this much silence all sound has come, also the echo. */
const SILENCE_MS = 1000;

/** Ann and Bo, with microphones and loudspeakers of their own. Bo's microphone hears his loudspeaker. */
export class EchoingCall {
  readonly pulse: Pulse;
  readonly ann: Headless;
  readonly bo: Headless;
  readonly #dir: string;

  private constructor(dir: string, pulse: Pulse, ann: Headless, bo: Headless) {
    this.#dir = dir;
    this.pulse = pulse;
    this.ann = ann;
    this.bo = bo;
  }

  static async start(dir: string): Promise<EchoingCall> {
    const pulse = await startPulse({ dir, names: ['ann-ear', 'bo-ear', 'bo-mic'] });
    for (const sink of ['ann-ear', 'bo-ear', 'bo-voice']) await pulse.loadSink(sink);
    await pulse.load('module-remap-source', 'source_name=bo-mic', 'master=bo-voice.monitor');
    const on = { interface: '127.0.0.1', ready: 'warm', env: pulse.env } as const;
    const ann = await Headless.start({
      ...{ ...on, microphone: 'mic', speaker: 'ann-ear', name: 'Ann', extension: '101', office: 'new' },
    });
    const { link } = await ann.api.call('joinLink');
    const bo = await Headless.start({
      ...{ ...on, microphone: 'bo-mic', speaker: 'bo-ear', name: 'Bo', extension: '102', office: link },
    });
    await eventually(
      async () => (await ann.api.call('people')).some(({ presence }) => presence === 'available'),
      'Ann sees Bo',
    );
    const call = new EchoingCall(dir, pulse, ann, bo);
    await call.#loop();
    return call;
  }

  /** Ann calls, Bo answers. */
  async begin(): Promise<void> {
    await this.ann.api.call('startCall', { dial: '102' });
    await this.#are('ringing', this.bo);
    await this.bo.api.call('controlCall', { action: 'answer' });
    await this.#are('active', this.ann, this.bo);
  }

  /**
   * What each of them hears while these are spoken into the microphones; a missing one is silent.
   * @param spoken.comesBack Ann hears herself loudly enough that the end of it is awaited
   */
  async hear(spoken: { readonly ann: Int16Array; readonly bo?: Int16Array; readonly comesBack?: boolean }) {
    const ears = await Promise.all(['ann-ear', 'bo-ear'].map((ear) => this.pulse.record(`${ear}.monitor`)));
    const file = (name: string, samples: Int16Array): string => {
      const path = join(this.#dir, `${name}.wav`);
      writeFileSync(path, writeWav(samples));
      return path;
    };
    await Promise.all([
      this.pulse.play(file('ann', spoken.ann)).done,
      spoken.bo && this.pulse.play(file('bo', spoken.bo), 'bo-voice').done,
    ]);
    // Ann may hear nothing at all, Bo always hears her.
    const annHears = spoken.bo !== undefined || spoken.comesBack;
    await Promise.all(ears.slice(annHears ? 0 : 1).map((ear) => ear.endsInSilence(SILENCE_MS)));
    const [atAnn, atBo] = await Promise.all(ears.map((ear) => ear.stop()));
    return { atAnn: atAnn!, atBo: atBo! };
  }

  async stop(): Promise<void> {
    await Promise.all([this.ann.stop(), this.bo.stop()]);
    await this.pulse.stop();
  }

  async #loop(): Promise<void> {
    const before = new Set((await this.pulse.control('list', 'short', 'sink-inputs')).split('\n'));
    await this.pulse.load(
      ...['module-loopback', 'source=bo-ear.monitor', 'sink=bo-voice', `latency_msec=${ECHO_DELAY_MS}`],
    );
    const inputs = (await this.pulse.control('list', 'short', 'sink-inputs')).split('\n');
    const [loop] = inputs.find((line) => !before.has(line))!.split('\t');
    await this.pulse.control('set-sink-input-volume', loop!, `${ECHO_DB}dB`);
  }

  async #are(state: 'ringing' | 'active', ...who: Headless[]): Promise<void> {
    for (const { api } of who)
      await eventually(
        async () => (await api.call('status')).calls.some((call) => call.state === state),
        `the call is ${state}`,
      );
  }
}

/**
 * The level of the second loudest half second, dB: the loudest one may be a fault of a device. Pauses and gaps of a busy machine do not
 * matter.
 */
export function loudestDb(samples: Int16Array): number {
  const [, second] = windows(samples)
    .map(levelDb)
    .sort((one, other) => other - one);
  return second ?? -Infinity;
}

function windows(samples: Int16Array): Int16Array[] {
  const count = Math.floor(samples.length / WINDOW);
  return Array.from({ length: count }, (_, n) => samples.subarray(n * WINDOW, (n + 1) * WINDOW));
}
