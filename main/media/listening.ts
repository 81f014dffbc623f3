import type { SoundEngine } from '../../native-audio/index.ts';
import type { Fragment } from '../model/index.ts';
import type { Codecs } from './codecs.ts';
import { Playback } from './playback.ts';
import type { MessageKey, WorkerCommand, WorkerEvent } from './protocol.ts';
import { SrtpReceiver } from './srtp.ts';

export interface ListeningParts {
  readonly engine: SoundEngine;
  readonly codecs: Codecs;
  readonly emit: (event: WorkerEvent) => void;
  readonly clock: () => number;
}

interface Beginning {
  readonly id: string;
  readonly ssrc: number;
  readonly key: MessageKey;
  readonly from: number;
  readonly count: number | null;
  readonly speed: number;
}

/** The messages being heard: any number as they are spoken, and one that the listener chose. */
export class Listening {
  readonly #parts: ListeningParts;
  readonly #playbacks = new Map<string, Playback>();
  #chosen: Playback | undefined;

  constructor(parts: ListeningParts) {
    this.#parts = parts;
  }

  get isActive(): boolean {
    return this.#playbacks.size > 0;
  }

  get(id: string): Playback | undefined {
    return this.#playbacks.get(id);
  }

  /** A message sounds as it arrives, unless it is being heard already. */
  live(id: string, ssrc: number, key: MessageKey): void {
    if (!this.#playbacks.has(id)) this.#begin({ id, ssrc, key, from: 0, count: null, speed: 1 }, true);
  }

  /** The listener's choice takes the place of the one before. */
  play(command: Extract<WorkerCommand, { type: 'play' }>): void {
    if (this.#chosen) this.stop(this.#chosen.id);
    this.stop(command.id);
    this.#chosen = this.#begin(command, false);
  }

  feed(id: string, fragments: readonly Fragment[]): void {
    const playback = this.#playbacks.get(id);
    for (const { n, bytes } of fragments) playback?.feed(n, bytes);
  }

  control(action: 'pause' | 'resume' | 'stop'): void {
    if (action === 'stop') {
      if (this.#chosen) this.stop(this.#chosen.id);
    } else {
      this.#chosen?.setPaused(action === 'pause');
    }
  }

  seek(from: number): void {
    this.#chosen?.seek(from);
  }

  setSpeed(speed: number): void {
    this.#chosen?.setSpeed(speed);
  }

  stop(id: string): void {
    const playback = this.#playbacks.get(id);
    if (!playback) return;
    playback.stop();
    this.#parts.engine.removeVoice(playback);
    this.#remove(playback);
  }

  close(): void {
    for (const id of [...this.#playbacks.keys()]) this.stop(id);
  }

  #begin({ id, ssrc, key, from, count, speed }: Beginning, live: boolean): Playback {
    const { engine, codecs, emit, clock } = this.#parts;
    const receiver = new SrtpReceiver(key, ssrc);
    const playback = new Playback({
      id,
      live,
      from,
      count,
      speed,
      clock,
      open: (n, sealed) => receiver.openAt(n, sealed),
      on: {
        sounding: () => emit({ type: 'sounding', id, live }),
        moved: (state, positionFragment, current) =>
          emit({ type: 'playback', id, state, positionFragment, speed: current }),
        ended: (reason) => {
          this.#remove(playback);
          emit({ type: 'playback-ended', id, reason });
        },
      },
    });
    this.#playbacks.set(id, playback);
    codecs.withDecoder(
      (decoder) => playback.setDecoder(decoder),
      () => playback.failed(),
    );
    engine.addVoice(playback);
    return playback;
  }

  #remove(playback: Playback): void {
    if (this.#playbacks.get(playback.id) === playback) this.#playbacks.delete(playback.id);
    if (this.#chosen === playback) this.#chosen = undefined;
  }
}
