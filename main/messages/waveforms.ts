import type { Identity } from '../identity/index.ts';
import { peaksOf, type MessageKey } from '../media/index.ts';
import { FRAME_MS, NewestMap, type Fragment, type MessageId, type Schedule } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import { keyOf } from './message-key.ts';
import type { MediaPort } from './ports.ts';

/** A measuring step: one second of speech. */
const FRAGMENTS_AT_ONCE = 100;
/** This many fragments are decoded before the measured ones, to bring the decoder into the right state. */
const LEAD = 3;
/** A busy worker is asked again after this time, ms, which doubles, or at once when a person begins to wait. */
const LATER_MS = 500;
const MUCH_LATER_MS = 16_000;
/** How long one answer may take, ms. */
const PATIENCE_MS = 10_000;
/** After this many refusals a waiting person gets the part that has been measured. */
const MAX_REFUSALS = 3;
/** The measured parts of this many incomplete messages are kept. */
const MAX_GROWING = 8;

/** Loudness over time: peaks from 0 to 255, evenly spread over the duration. */
export interface Waveform {
  readonly peaks: readonly number[];
  readonly durationMs: number;
}

interface WaveformParts {
  readonly identity: Identity;
  readonly archive: Archive;
  readonly media: MediaPort;
  readonly schedule: Schedule;
  readonly log: (line: string) => void;
}

interface Measuring {
  /** A person waits for it. */
  hurry: boolean;
  /** Ends a pause at once. */
  wake: () => void;
  readonly done: Promise<number[]>;
}

/**
 * Measures the loudness over time of each message that this node can open, when the message is whole, and keeps it with the message.
 * Measuring never disturbs live sound; while something sounds, a person who waits for it gets it more slowly.
 */
export class Waveforms {
  readonly #parts: WaveformParts;
  readonly #measuring = new Map<MessageId, Measuring>();
  readonly #growing = new NewestMap<MessageId, number[]>(MAX_GROWING);
  readonly #answers = new Map<number, (powers: Float32Array | null) => void>();
  readonly #stops: (() => void)[];
  /** Messages that no person waits for are measured one after the other. */
  #background: Promise<void> = Promise.resolve();
  #jobs = 0;
  #closed = false;

  constructor(parts: WaveformParts) {
    this.#parts = parts;
    this.#stops = [
      parts.archive.read.on('complete', (id) => this.#completed(id)),
      parts.media.on('loudness', ({ job, powers }) => this.#answers.get(job)?.(powers)),
      parts.media.on('crashed', () => {
        for (const answer of [...this.#answers.values()]) answer(null);
      }),
    ];
  }

  /** The stored waveform, or one that is measured now; of an incomplete message, the part that is here. */
  async of(message: StoredMessage): Promise<Waveform> {
    const { local, manifest } = message;
    if (local.peaks !== undefined && manifest) {
      return { peaks: [...Buffer.from(local.peaks, 'base64')], durationMs: manifest.facts.durationMs };
    }
    const powers = await this.#measure(message, true);
    return { peaks: peaksOf(powers), durationMs: powers.length * FRAME_MS };
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stops) stop();
    for (const answer of [...this.#answers.values()]) answer(null);
    for (const { wake } of this.#measuring.values()) wake();
  }

  #completed(id: MessageId): void {
    this.#background = this.#background
      .then(async () => {
        // The first measurement may have begun before the last fragment was here.
        for (let times = 0; times < 2; times++) {
          const message = this.#closed ? undefined : this.#parts.archive.read.get(id);
          if (message?.roles.mine && message.local.peaks === undefined) await this.#measure(message, false);
        }
      })
      .catch((error: Error) =>
        this.#parts.log(`The waveform of message ${id} is not there: ${error.message}`),
      );
  }

  /** One measurement for each message, shared by all who wait for it. */
  #measure(message: StoredMessage, hurry: boolean): Promise<number[]> {
    const { id } = message;
    const running = this.#measuring.get(id);
    if (running) {
      running.hurry ||= hurry;
      running.wake();
      return running.done;
    }
    let begin: (measuring: Measuring) => void = () => undefined;
    const begun = new Promise<Measuring>((resolve) => (begin = resolve));
    const done = begun
      .then((measuring) => this.#measureAll(message, measuring))
      .finally(() => this.#measuring.delete(id));
    const measuring: Measuring = { hurry, wake: () => undefined, done };
    this.#measuring.set(id, measuring);
    begin(measuring);
    return done;
  }

  async #measureAll(message: StoredMessage, measuring: Measuring): Promise<number[]> {
    const { archive, identity } = this.#parts;
    const { id, header } = message;
    const key = await keyOf(identity, message);
    const powers = this.#growing.get(id) ?? [];
    let refusals = 0;
    let pauseMs = LATER_MS;
    while (!this.#closed && refusals < MAX_REFUSALS) {
      const lead = Math.min(LEAD, powers.length);
      const fragments = await archive.read.read(id, powers.length - lead, FRAGMENTS_AT_ONCE + lead);
      if (fragments.length <= lead) break;
      const measured = await this.#ask(header.facts.ssrc, key, fragments, lead, measuring.hurry);
      if (measured) powers.push(...measured);
      else if (measuring.hurry) refusals += 1;
      else {
        await this.#pause(measuring, pauseMs);
        pauseMs = Math.min(MUCH_LATER_MS, pauseMs * 2);
      }
    }
    this.#keep(id, powers);
    return powers;
  }

  #keep(id: MessageId, powers: number[]): void {
    const { archive } = this.#parts;
    const message = this.#closed ? undefined : archive.read.get(id);
    this.#growing.delete(id);
    if (!message) return;
    if (message.state === 'complete' && message.manifest?.facts.count === powers.length) {
      archive.keepPeaks(id, Uint8Array.from(peaksOf(powers)));
    } else {
      this.#growing.set(id, powers);
    }
  }

  #ask(
    ssrc: number,
    key: MessageKey,
    fragments: readonly Fragment[],
    lead: number,
    hurry: boolean,
  ): Promise<Float32Array | null> {
    this.#jobs += 1;
    const job = this.#jobs;
    return new Promise((resolve) => {
      const answer = (powers: Float32Array | null) => {
        cancel();
        this.#answers.delete(job);
        resolve(powers);
      };
      const cancel = this.#parts.schedule(() => answer(null), PATIENCE_MS);
      this.#answers.set(job, answer);
      this.#parts.media.post({ type: 'loudness', job, ssrc, key, fragments, lead, hurry });
    });
  }

  #pause(measuring: Measuring, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#parts.schedule(resolve, ms);
      measuring.wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
