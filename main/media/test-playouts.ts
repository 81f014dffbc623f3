import { Mixer, OpusEncoder, peakOf } from '../../native-audio/index.ts';
import { FRAME_MS, FRAME_SAMPLES, type Fragment } from '../model/index.ts';
import { CaptionTap } from './caption-tap.ts';
import { Codecs } from './codecs.ts';
import { Playouts } from './playouts.ts';
import type { WorkerCommand, WorkerEvent } from './protocol.ts';
import { SrtpSender } from './srtp.ts';

export const KEY = { masterKey: Buffer.alloc(16, 1), masterSalt: Buffer.alloc(12, 2) };
const SSRC = 7;
export const COUNT = 40;

/** A tone of 100 Hz as Opus frames of 10 ms: every frame continues the one before. */
export async function toneFrames(): Promise<Uint8Array[]> {
  const encoder = await OpusEncoder.create();
  const tone = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => 8000 * Math.sin((i * Math.PI) / 240));
  const frames = Array.from({ length: COUNT }, () => encoder.encode(tone));
  encoder.free();
  return frames;
}

export async function sealedTone(): Promise<Fragment[]> {
  const sender = new SrtpSender(KEY, SSRC);
  return (await toneFrames()).map((frame, n) => ({ n, bytes: sender.seal(n, frame) }));
}

/** The playouts of a worker, with a loudspeaker and a clock that the test moves. */
export class Desk {
  readonly events: WorkerEvent[] = [];
  readonly codecs = new Codecs();
  readonly captions = new CaptionTap((event) => this.events.push(event));
  readonly mixer = new Mixer(() => undefined);
  readonly playouts: Playouts;
  readonly #out = new Int16Array(FRAME_SAMPLES);
  #now = 0;
  /** Since the beginning, 0 to 1. */
  loudestHeard = 0;

  constructor() {
    this.playouts = new Playouts({
      audio: {
        addVoice: (voice) => this.mixer.add(voice),
        removeVoice: (voice) => this.mixer.remove(voice),
      },
      ...{ codecs: this.codecs, captions: this.captions },
      emit: (event) => this.events.push(event),
      clock: () => this.#now,
    });
  }

  /** Chooses a stored message. Its decoder is there when this resolves. */
  async play(id: string, parts: Partial<Extract<WorkerCommand, { type: 'play' }>> = {}): Promise<void> {
    await this.codecs.prepare();
    this.playouts.play({ type: 'play', id, ssrc: SSRC, key: KEY, from: 0, speed: 1, count: COUNT, ...parts });
  }

  /** A message sounds as it arrives. Its decoder is there when this resolves. */
  async live(id: string, { gain, first }: { gain?: number; first?: 'page' | 'turn' } = {}): Promise<void> {
    await this.codecs.prepare();
    this.playouts.live({ id, ssrc: SSRC, key: KEY, gain, first });
  }

  /** The loudspeaker takes this many frames, one every 10 ms. Returns how many of them are audible. */
  hear(frames: number): number {
    let audible = 0;
    for (let n = 0; n < frames; n++) {
      this.mixer.fill(this.#out);
      const peak = peakOf(this.#out);
      this.loudestHeard = Math.max(this.loudestHeard, peak);
      if (peak > 0.01) audible += 1;
      this.#now += FRAME_MS;
    }
    return audible;
  }

  /** A live message’s frames come from the network, one every 10 ms, while the loudspeaker plays. */
  hearLive(id: string, frames: readonly Uint8Array[]): number {
    let audible = 0;
    frames.forEach((frame, n) => {
      this.playouts.get(id)?.putReceived(n, frame, this.#now);
      audible += this.hear(1);
    });
    return audible;
  }

  /** How loud the loudspeaker is at most within this many frames, 0 to 1. */
  loudest(frames: number): number {
    this.loudestHeard = 0;
    this.hear(frames);
    return this.loudestHeard;
  }

  /** The names of the events about one message, without the positions. */
  about(id: string): string[] {
    return this.events.flatMap((event) => {
      if (!('id' in event) || event.id !== id || event.type === 'playback') return [];
      return event.type === 'playback-ended' ? [`ended: ${event.reason}`] : [event.type];
    });
  }

  /** The latest position of one message. */
  position(id: string) {
    return this.events.findLast((event) => event.type === 'playback' && event.id === id);
  }
}
