import { attentionTone, turnTone } from '../../native-audio/index.ts';
import { assertNever, type Fragment } from '../model/index.ts';
import type { AudioPort } from './audio-port.ts';
import type { CaptionTap } from './caption-tap.ts';
import type { Codecs } from './codecs.ts';
import { Playout } from './playout.ts';
import type { MessageKey, WorkerCommand, WorkerEvent } from './protocol.ts';
import { SpokenWords } from './spoken-words.ts';
import { SrtpReceiver } from './srtp.ts';

interface PlayoutsParts {
  readonly audio: Pick<AudioPort, 'addVoice' | 'removeVoice'>;
  readonly codecs: Codecs;
  readonly captions: Pick<CaptionTap, 'put' | 'over'>;
  readonly emit: (event: WorkerEvent) => void;
  readonly clock: () => number;
}

interface PlayoutRequest {
  readonly id: string;
  readonly ssrc: number;
  readonly key: MessageKey;
  readonly from: number;
  readonly count: number | null;
  readonly speed: number;
  readonly gain?: number | undefined;
  readonly first?: 'page' | 'turn' | undefined;
}

/** The orders about what plays. */
type PlayoutCommand = Extract<
  WorkerCommand,
  {
    type: 'play' | 'play-fragments' | 'playback' | 'playback-seek' | 'playback-speed' | 'speak' | 'gain';
  }
>;

/** The messages that play now: any number of live ones and of words that are spoken here, and one that the person chose. */
export class Playouts {
  readonly #parts: PlayoutsParts;
  readonly #byId = new Map<string, Playout>();
  readonly #spoken = new Map<string, SpokenWords>();
  #chosen: Playout | undefined;

  /** Whether a page begins with the attention tone. */
  alerts = true;
  /** Whether another talker's turn begins with a soft tone. */
  tones = true;

  constructor(parts: PlayoutsParts) {
    this.#parts = parts;
  }

  get isActive(): boolean {
    return this.#byId.size > 0 || this.#spoken.size > 0;
  }

  get(id: string): Playout | undefined {
    return this.#byId.get(id);
  }

  execute(command: PlayoutCommand): void {
    switch (command.type) {
      case 'play':
        return this.play(command);
      case 'play-fragments':
        return this.putStored(command.id, command.fragments);
      case 'playback':
        return this.control(command.action);
      case 'playback-seek':
        return this.seek(command.from);
      case 'playback-speed':
        return this.setSpeed(command.speed);
      case 'speak':
        return this.speak(command);
      case 'gain':
        this.#byId.get(command.id)?.setGain(command.gain);
        this.#spoken.get(command.id)?.setGain(command.gain);
        return;
      default:
        assertNever(command);
    }
  }

  /** Plays the message as it arrives, unless it plays already. */
  live(request: Pick<PlayoutRequest, 'id' | 'ssrc' | 'key' | 'gain' | 'first'>): void {
    if (!this.#byId.has(request.id)) this.#begin({ ...request, from: 0, count: null, speed: 1 }, true);
  }

  /** Plays the message that the listener chose, instead of the one chosen before. */
  play(command: Extract<WorkerCommand, { type: 'play' }>): void {
    if (this.#chosen) this.stop(this.#chosen.id);
    this.stop(command.id);
    this.#chosen = this.#begin(command, false);
  }

  /** Plays words that a voice of this computer speaks, as if somebody spoke them now. */
  speak({ id, pcm, gain = 1, first }: Extract<WorkerCommand, { type: 'speak' }>): void {
    const { audio, emit } = this.#parts;
    this.stop(id);
    const words = new SpokenWords({
      ...{ pcm, gain, ...this.#toneBefore(first) },
      on: {
        sounding: () => emit({ type: 'sounding', id, live: true }),
        ended: () => {
          if (this.#spoken.get(id) === words) this.#spoken.delete(id);
          emit({ type: 'playback-ended', id, reason: 'end' });
        },
      },
    });
    this.#spoken.set(id, words);
    audio.addVoice(words);
  }

  putStored(id: string, fragments: readonly Fragment[]): void {
    const playout = this.#byId.get(id);
    for (const { n, bytes } of fragments) playout?.putStored(n, bytes);
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
    const words = this.#spoken.get(id);
    this.#spoken.delete(id);
    if (words) this.#parts.audio.removeVoice(words);
    const playout = this.#byId.get(id);
    if (!playout) return;
    playout.stop();
    this.#parts.audio.removeVoice(playout);
    this.#remove(playout);
  }

  close(): void {
    for (const id of [...this.#byId.keys(), ...this.#spoken.keys()]) this.stop(id);
  }

  #begin({ id, ssrc, key, from, count, speed, first, gain = 1 }: PlayoutRequest, live: boolean): Playout {
    const { audio, codecs, captions, emit, clock } = this.#parts;
    const receiver = new SrtpReceiver(key, ssrc);
    const playout = new Playout({
      id,
      live,
      from,
      count,
      speed,
      gain,
      clock,
      ...this.#toneBefore(first),
      open: (n, sealed) => receiver.openAt(n, sealed),
      on: {
        sounding: () => emit({ type: 'sounding', id, live }),
        played: (samples) => captions.put('message', id, samples),
        moved: (state, positionFragment, current) =>
          emit({ type: 'playback', id, state, positionFragment, speed: current }),
        ended: (reason) => {
          this.#remove(playout);
          emit({ type: 'playback-ended', id, reason });
        },
      },
    });
    this.#byId.set(id, playout);
    codecs.withDecoder(
      (decoder) => playout.setDecoder(decoder),
      () => playout.failed(),
    );
    audio.addVoice(playout);
    return playout;
  }

  #toneBefore(first?: 'page' | 'turn'): { readonly before?: Int16Array } {
    if (first === undefined || !this.alerts) return {};
    if (first === 'page') return { before: attentionTone() };
    return this.tones ? { before: turnTone() } : {};
  }

  #remove(playout: Playout): void {
    if (this.#byId.get(playout.id) === playout) this.#byId.delete(playout.id);
    if (this.#chosen === playout) this.#chosen = undefined;
    this.#parts.captions.over('message', playout.id);
  }
}
