import type { MediaAddress, WorkerCommand, WorkerEvent } from '../../main/media/index.ts';
import { KEEP_EARLY_MS } from '../../main/media/early-fragments.ts';
import { newFragments } from '../../main/messages/test-people.ts';
import { FRAME_MS, type Fragment } from '../../main/model/index.ts';
import { SimulatedPlayout, type PlayoutOrder } from './simulated-playout.ts';

const SAMPLES_PER_MS = 48;

interface ThreadParts {
  readonly now: () => number;
  readonly tell: (event: WorkerEvent) => void;
  readonly send: (fragments: readonly Fragment[], ssrc: number, to: readonly MediaAddress[]) => void;
  /** Without one nobody takes what is played, so no message goes on. */
  readonly hasLoudspeaker: () => boolean;
}

interface Talk {
  readonly id: string;
  readonly ssrc: number;
  targets: readonly MediaAddress[];
  count: number;
  /** How many fragments a recording has left. The microphone gives more and more. */
  left: number;
  isOver: boolean;
}

/**
 * The media worker's thread, as main sees it: it carries out the same orders and tells the same events, in a time of its own.
 * Nothing is encoded, sealed or sent, and a lost packet is not asked for: it comes over a link later, or never.
 */
export class SimulatedThread {
  readonly #parts: ThreadParts;
  readonly #talks = new Map<string, Talk>();
  readonly #receivers = new Map<number, string>();
  readonly #early = new Map<number, { readonly fragments: Fragment[]; readonly at: number }>();
  readonly #playouts = new Map<string, SimulatedPlayout>();
  /** Those that say words which a voice of this computer made: they are in no fragments. */
  readonly #words = new Set<string>();
  #chosen: string | undefined;
  #recording: { readonly id: string; samples: number; isOver: boolean } | undefined;

  constructor(parts: ThreadParts) {
    this.#parts = parts;
  }

  get playouts(): readonly SimulatedPlayout[] {
    return [...this.#playouts.values()];
  }

  arrive(fragments: readonly Fragment[], ssrc: number): void {
    const id = this.#receivers.get(ssrc);
    const { now, tell } = this.#parts;
    if (id === undefined) {
      const [first] = fragments;
      if (first && !this.#early.has(ssrc)) tell({ type: 'early', ssrc, n: first.n });
      const early = this.#early.get(ssrc) ?? { fragments: [], at: now() };
      this.#early.set(ssrc, early);
      early.fragments.push(...fragments);
    } else if (fragments.length > 0) {
      this.#put(id, fragments);
      tell({ type: 'received', id, fragments });
    }
  }

  /** `ms` go by: who talks is heard, and what plays goes on. */
  run(ms: number): void {
    for (const [ssrc, { at }] of this.#early)
      if (this.#parts.now() - at > KEEP_EARLY_MS) this.#early.delete(ssrc);
    for (const talk of [...this.#talks.values()]) this.#speak(talk, ms);
    this.#record(ms);
    for (const playout of this.playouts) this.#play(playout, ms);
  }

  execute(command: WorkerCommand): void {
    const { now, tell } = this.#parts;
    switch (command.type) {
      // Tones and the voices of calls are no message's sound.
      case 'ring':
      case 'call':
      case 'call-change':
      case 'call-end':
      case 'waiting-tone':
      case 'sound':
      case 'talk-announced':
        break;
      case 'talk': {
        const { id, ssrc, targets, pcm } = command;
        const left = pcm ? Math.floor(pcm.length / SAMPLES_PER_MS / FRAME_MS) : Infinity;
        this.#talks.set(id, { id, ssrc, targets, count: 0, left, isOver: false });
        tell({ type: 'capturing', id });
        break;
      }
      case 'talk-targets': {
        const talk = this.#talks.get(command.id);
        if (talk) talk.targets = command.targets;
        break;
      }
      case 'talk-stop': {
        const talk = this.#talks.get(command.id);
        if (talk) talk.isOver = true;
        break;
      }
      case 'record':
        this.#recording = { id: command.id, samples: 0, isOver: false };
        tell({ type: 'capturing', id: command.id });
        break;
      case 'record-stop':
        if (this.#recording?.id === command.id) this.#recording.isOver = true;
        break;
      case 'receive':
        if (command.play && !this.#playouts.has(command.id))
          this.#begin({ ...command, isLive: true, from: 0, count: null, speed: 1, gain: command.gain ?? 1 });
        this.#expect(command.id, command.ssrc);
        break;
      case 'receive-sealed':
        this.#expect(command.id, command.ssrc);
        break;
      case 'receive-end': {
        const playout = this.#playouts.get(command.id);
        if (playout) playout.count = command.count;
        break;
      }
      case 'forget':
        for (const [ssrc, id] of this.#receivers) if (id === command.id) this.#receivers.delete(ssrc);
        this.#stop(command.id);
        break;
      case 'play':
        if (this.#chosen !== undefined) this.#stop(this.#chosen);
        this.#begin({ ...command, isLive: false, gain: command.gain ?? 1 });
        this.#chosen = command.id;
        break;
      case 'speak': {
        const count = Math.floor(command.pcm.length / SAMPLES_PER_MS / FRAME_MS);
        const { id, gain = 1 } = command;
        this.#begin({ id, isLive: true, from: 0, count, speed: 1, gain });
        this.#words.add(id);
        this.#playouts.get(id)?.put([count - 1], now());
        break;
      }
      case 'play-fragments':
        this.#put(command.id, command.fragments);
        break;
      case 'gain': {
        const playout = this.#playouts.get(command.id);
        if (playout) playout.gain = command.gain;
        break;
      }
      case 'playback': {
        const playout = this.#chosenPlayout;
        if (command.action === 'stop') this.#stop(this.#chosen ?? '');
        else if (playout) {
          playout.setPaused(command.action === 'pause', now());
          this.#tellPosition(playout);
        }
        break;
      }
      case 'playback-seek':
        this.#chosenPlayout?.seek(command.from, now());
        break;
      case 'playback-speed': {
        const playout = this.#chosenPlayout;
        if (playout) playout.speed = command.speed;
        break;
      }
      case 'loudness': {
        const { job, fragments, lead } = command;
        tell({ type: 'loudness', job, powers: new Float32Array(fragments.length - lead) });
        break;
      }
      default:
        throw new Error(`no part of the simulation orders "${command.type}"`);
    }
  }

  get #chosenPlayout(): SimulatedPlayout | undefined {
    return this.#chosen === undefined ? undefined : this.#playouts.get(this.#chosen);
  }

  #begin(order: PlayoutOrder): void {
    this.#stop(order.id);
    this.#playouts.set(order.id, new SimulatedPlayout(order, this.#parts.now()));
  }

  #stop(id: string): void {
    this.#playouts.delete(id);
    this.#words.delete(id);
    if (this.#chosen === id) this.#chosen = undefined;
  }

  #expect(id: string, ssrc: number): void {
    this.#receivers.set(ssrc, id);
    const early = this.#early.get(ssrc);
    this.#early.delete(ssrc);
    if (early) this.arrive(early.fragments, ssrc);
  }

  #put(id: string, fragments: readonly Fragment[]): void {
    const numbers = fragments.map(({ n }) => n);
    this.#playouts.get(id)?.put(numbers, this.#parts.now());
  }

  #speak(talk: Talk, ms: number): void {
    const { tell, send } = this.#parts;
    const fragments = newFragments(Math.min(ms / FRAME_MS, talk.left), talk.count);
    talk.count += fragments.length;
    talk.left -= fragments.length;
    if (fragments.length > 0) tell({ type: 'talk-fragments', id: talk.id, fragments });
    send(fragments, talk.ssrc, talk.targets);
    if (!talk.isOver && talk.left > 0) return;
    this.#talks.delete(talk.id);
    tell({ type: 'talk-ended', id: talk.id, count: talk.count, failed: null });
  }

  #record(ms: number): void {
    const recording = this.#recording;
    if (!recording) return;
    recording.samples += ms * SAMPLES_PER_MS;
    if (!recording.isOver) return;
    this.#recording = undefined;
    const { id, samples } = recording;
    this.#parts.tell({ type: 'recorded', id, pcm: new Int16Array(samples), failed: null });
  }

  #play(playout: SimulatedPlayout, ms: number): void {
    const { tell, now, hasLoudspeaker } = this.#parts;
    playout.isSounding = false;
    if (!hasLoudspeaker()) return;
    const { id, isLive, hasSounded } = playout;
    const end = playout.run(ms, now());
    if (playout.hasSounded && !hasSounded) tell({ type: 'sounding', id, live: isLive });
    if (!this.#words.has(id)) this.#tellPosition(playout);
    if (end === undefined) return;
    this.#stop(id);
    tell({ type: 'playback-ended', id, reason: end });
  }

  #tellPosition({ id, state, position, speed }: SimulatedPlayout): void {
    this.#parts.tell({ type: 'playback', id, state, positionFragment: position, speed });
  }
}
