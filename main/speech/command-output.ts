import * as v from 'valibot';
import type { SpokenWord, Transcript } from '../model/index.ts';
import { meanOf } from './confidence.ts';
import { engineGarbage, engineTooMuch } from './engine-errors.ts';

/** What engines print for sounds that are no words. */
export const NOISE = /^(<.*>|\[.*\]|\+\+.*\+\+)$/;
/** Ten minutes of speech are some 9,000 characters: a longer text is none that was spoken. */
const MAX_TEXT = 20_000;
/** A text with more unreadable characters than this part of it is no text. */
const MOST_UNREADABLE = 0.1;
/** What may be unreadable in a short text. */
const FEW_UNREADABLE = 2;

const partSchema = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** Seconds from the beginning of the file. */
const timeSchema = v.pipe(v.number(), v.minValue(0), v.maxValue(3600));
/** Vosk's names. */
const wordSchema = v.pipe(
  v.object({ word: v.string(), start: timeSchema, end: timeSchema, conf: v.optional(partSchema) }),
  v.transform(({ word, start, end, conf }) => [spokenWord(word, start, end, conf)]),
);
/** What `pocketsphinx single` (PocketSphinx 5) prints for each stretch of speech: b is the beginning, d the duration, p the probability. */
const stretchSchema = v.pipe(
  v.object({
    w: v.array(v.object({ t: v.string(), b: timeSchema, d: timeSchema, p: v.optional(partSchema) })),
  }),
  v.transform(({ w }) => w.map(({ t, b, d, p }) => spokenWord(t, b, b + d, p))),
);
const lineSchema = v.pipe(v.string(), v.parseJson(), v.union([wordSchema, stretchSchema]));

/**
 * What a recogniser's command has printed, as a transcript. It is UTF-8 text, or, where every line is a JSON object, words with times:
 * `{"word":"parcel","start":0.42,"end":0.8,"conf":0.93}` one a line (seconds; `conf`, 0 to 1, may be left out), or the lines of
 * `pocketsphinx single`.
 * @throws CorridorError where it is not readable, or too much
 */
export function readOutput(engine: string, output: Buffer): Transcript {
  const printed = new TextDecoder().decode(output);
  const lines = printed.split(/\r?\n|\r/).filter((line) => line.trim() !== '');
  const words = wordsIn(engine, lines);
  if (words) return transcriptOf(words);
  const text = lines.map(readable).filter(Boolean).join('\n');
  if (isGarbage(printed, text)) throw engineGarbage(engine);
  if (text.length > MAX_TEXT) throw engineTooMuch(engine);
  return { text, words: [], confidence: null };
}

/** A transcript of words alone. */
export function transcriptOf(words: readonly SpokenWord[]): Transcript {
  return {
    text: words.map(({ text }) => text).join(' '),
    words,
    confidence: meanOf(words.map(({ confidence }) => confidence)),
  };
}

/** The words where every line is a JSON object of a known form; undefined where the output is text. */
function wordsIn(engine: string, lines: readonly string[]): SpokenWord[] | undefined {
  if (lines.length === 0 || !lines.every((line) => line.trimStart().startsWith('{'))) return undefined;
  const words: SpokenWord[] = [];
  for (const line of lines) {
    const parsed = v.safeParse(lineSchema, line);
    if (!parsed.success) throw engineGarbage(engine);
    words.push(...parsed.output.filter(({ text }) => text !== '' && !NOISE.test(text)));
  }
  if (words.reduce((sum, { text }) => sum + text.length + 1, 0) > MAX_TEXT) throw engineTooMuch(engine);
  return words;
}

function spokenWord(word: string, start: number, end: number, confidence?: number): SpokenWord {
  const fromMs = Math.round(start * 1000);
  return {
    text: readable(word),
    fromMs,
    toMs: Math.max(fromMs, Math.round(end * 1000)),
    confidence: confidence ?? null,
  };
}

/** Control characters but line ends and tabs, what is not UTF-8, and characters that would reorder the text around. */
const UNREADABLE = /[^\P{C}\r\n\t\u200C\u200D]|\uFFFD/gu;

/** Whether too much of what was printed is no text. @param text what can be read of it */
export function isGarbage(printed: string, text: string): boolean {
  const unreadable = printed.match(UNREADABLE)?.length ?? 0;
  return unreadable > FEW_UNREADABLE && unreadable > text.length * MOST_UNREADABLE;
}

/** A line without what cannot be read, and with single spaces. */
export function readable(line: string): string {
  return line.replace(UNREADABLE, ' ').replace(/\s+/gu, ' ').trim();
}
