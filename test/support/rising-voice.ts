import { writeWav } from '../../native-audio/index.ts';
import { strengthAt } from './tone.ts';

const RATE_HZ = 48_000;
const SAMPLES_PER_MS = RATE_HZ / 1000;
const VOICES = 3;
const NOTES = 6;
const NOTE_MS = 250;
const FADE_MS = 10;
const AMPLITUDE = 9000;
/** Above every tone that Corridor itself plays. */
const LOWEST_HZ = 1160;
/** Between a note and the next one of any voice: a window tells them from each other. */
const APART_HZ = 80;
/** Short enough that some windows hold one note alone, also where a voice is hurried to one and a half times its speed. */
const WINDOW_MS = 50;
const STEP_MS = 25;
/** Hann's: where a note begins within it, nothing of that sounds like its neighbour. */
const WINDOW = Float64Array.from({ length: WINDOW_MS * SAMPLES_PER_MS }, (_, n) => {
  return (1 - Math.cos((2 * Math.PI * n) / (WINDOW_MS * SAMPLES_PER_MS))) / 2;
});
/** What `strengthAt` gives of a note in such a window. */
const SPOKEN = AMPLITUDE / 4;

/** A voice is heard where it is as loud as this, 1 being as loud as it was spoken. */
export const HEARD = 0.3;
/** The same of a voice that is softer beside another one. */
export const HEARD_SOFTLY = 0.08;

/**
 * Voices that are told from each other also while they sound at once. Each says six notes, rising, over and over: whoever hears the
 * notes in their order has missed nothing.
 */
export type Voice = 0 | 1 | 2;

/** What somebody with that voice says in this time, 48 kHz mono. */
export function spokenBy(voice: Voice, durationMs: number): Int16Array {
  return Int16Array.from({ length: durationMs * SAMPLES_PER_MS }, (_, n) => {
    const ms = n / SAMPLES_PER_MS;
    const within = ms % NOTE_MS;
    const edge = Math.min(1, within / FADE_MS, (NOTE_MS - within) / FADE_MS);
    const hz = hzOf(voice, Math.floor(ms / NOTE_MS) % NOTES);
    return AMPLITUDE * edge * Math.sin((2 * Math.PI * hz * n) / RATE_HZ);
  });
}

export function wavOf(voice: Voice, durationMs: number): Buffer {
  return writeWav(spokenBy(voice, durationMs));
}

function hzOf(voice: Voice, note: number): number {
  return LOWEST_HZ + APART_HZ * (VOICES * note + voice);
}

/** What of one voice a recording holds. */
export class VoiceHeard {
  /** How loud it is at each step: 1 is as loud as it was spoken. */
  readonly levels: readonly number[];
  /** Which of its notes is the loudest then. */
  readonly #notes: readonly number[];

  /** `recording`: 48 kHz mono. */
  constructor(voice: Voice, recording: Int16Array) {
    const steps = Math.max(0, Math.floor((recording.length / SAMPLES_PER_MS - WINDOW_MS) / STEP_MS) + 1);
    const loudest = Array.from({ length: steps }, (_, step) => loudestNote(voice, recording, step));
    this.levels = loudest.map(({ level }) => level);
    this.#notes = loudest.map(({ note }) => note);
  }

  /** For how long it is heard, ms. */
  get ms(): number {
    return this.levels.filter((level) => level >= HEARD).length * STEP_MS;
  }

  /** From when to when it is heard, ms of the recording; undefined: not at all. */
  get span(): { readonly from: number; readonly to: number } | undefined {
    const [first, last] = this.stepsHeard;
    return first < 0 ? undefined : { from: first * STEP_MS, to: last * STEP_MS + WINDOW_MS };
  }

  /** The first and the last step at which it is heard; -1: none. */
  get stepsHeard(): readonly [first: number, last: number] {
    const isHeard = (level: number): boolean => level >= HEARD;
    return [this.levels.findIndex(isHeard), this.levels.findLastIndex(isHeard)];
  }

  /**
   * The share (0..1) of the notes said in this many ms that are heard, in their order.
   * @param least how loud a note is that counts
   */
  share(spokenMs: number, least = HEARD): number {
    const said = Array.from({ length: Math.floor(spokenMs / NOTE_MS) }, (_, n) => n % NOTES);
    const heard = this.#notes.filter((_, step) => this.levels[step]! >= least);
    return (
      inOrder(
        said,
        heard.filter((note, n) => note !== heard[n - 1]),
      ) / said.length
    );
  }
}

/**
 * How loud one voice is before another one is heard in the same recording, beside it, and after it, by `levels`: where it is heard at
 * all, it is louder in a quarter of the time. A loudspeaker that waits for a busy processor makes gaps, which say nothing.
 */
export function besides(
  voice: VoiceHeard,
  other: VoiceHeard,
): { readonly before: number; readonly beside: number; readonly after: number } {
  const [first, last] = other.stepsHeard;
  const end = voice.stepsHeard[1] + 1;
  return {
    before: upperQuartile(voice.levels.slice(Math.max(0, voice.stepsHeard[0]), Math.max(0, first))),
    beside: upperQuartile(voice.levels.slice(Math.max(0, first), last + 1)),
    after: upperQuartile(voice.levels.slice(last + 1, end)),
  };
}

function loudestNote(voice: Voice, recording: Int16Array, step: number): { note: number; level: number } {
  const from = step * STEP_MS * SAMPLES_PER_MS;
  const window = WINDOW.map((share, n) => share * recording[from + n]!);
  const strengths = Array.from({ length: NOTES }, (_, note) => strengthAt(hzOf(voice, note), window));
  const most = Math.max(...strengths);
  return { note: strengths.indexOf(most), level: most / SPOKEN };
}

/** The length of the longest part of one sequence that the other one holds in the same order. */
function inOrder(said: readonly number[], heard: readonly number[]): number {
  let row = new Array<number>(heard.length + 1).fill(0);
  for (const one of said) {
    const next = [0];
    for (const [n, other] of heard.entries())
      next.push(one === other ? row[n]! + 1 : Math.max(row[n + 1]!, next[n]!));
    row = next;
  }
  return row.at(-1)!;
}

function upperQuartile(levels: readonly number[]): number {
  const audible = levels.filter((level) => level >= HEARD_SOFTLY).sort((one, other) => one - other);
  return audible[Math.floor((audible.length * 3) / 4)] ?? 0;
}
