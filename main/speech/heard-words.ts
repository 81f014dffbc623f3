import type { Transcript } from '../model/index.ts';
import type { Heard } from './child-protocol.ts';
import { readable } from './command-output.ts';
import { meanOf } from './confidence.ts';

/** A token that begins a word: sherpa-onnx gives SentencePiece's mark as it is, or as a space. */
const BEGINS = /^[▁\s]/;
/** Scripts that part no words: each token is one. */
const UNPARTED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** A piece of a character in UTF-8, or a mark of the model's own. */
const NO_TEXT = /^<.*>$/;

/** Only the beginnings of tokens are known: the last of a word is taken to be over after this time at most. */
const TOKEN_MS = 600;

/** What a model heard in a stretch of sound, as words with their times. @param fromMs where the stretch begins, and `toMs` where it ends */
export function heardWords(heard: Heard, fromMs: number, toMs: number): Transcript {
  const { tokens, timestamps } = heard;
  const probabilities = heard.ys_log_probs.map((log) => Math.min(1, Math.exp(log)));
  const confidence = meanOf(probabilities);
  const text = readable(heard.text);
  const hasTimes = tokens.length > 0 && tokens.length === timestamps.length;
  if (!hasTimes || tokens.some((token) => NO_TEXT.test(token))) return { text, words: [], confidence };
  const words: { text: string; fromMs: number; lastMs: number; probabilities: number[] }[] = [];
  tokens.forEach((token, i) => {
    const letters = token.replace(/^[▁\s]+/, '');
    const last = words.at(-1);
    const isNew = !last || BEGINS.test(token) || (UNPARTED.test(letters) && /\p{L}/u.test(letters));
    const at = fromMs + (timestamps[i] ?? 0) * 1000;
    const probability = probabilities[i];
    const probable = probability === undefined ? [] : [probability];
    if (isNew) words.push({ text: letters, fromMs: at, lastMs: at, probabilities: probable });
    else {
      last.text += letters;
      last.lastMs = at;
      last.probabilities.push(...probable);
    }
  });
  return {
    text,
    words: words.map((word, i) => ({
      text: readable(word.text),
      fromMs: Math.round(word.fromMs),
      toMs: Math.round(Math.max(word.fromMs, Math.min(word.lastMs + TOKEN_MS, words[i + 1]?.fromMs ?? toMs))),
      confidence: meanOf(word.probabilities),
    })),
    confidence,
  };
}

/** The stretches of a sound as one transcript. */
export function joined(parts: readonly Transcript[]): Transcript {
  const heard = parts.filter(({ text }) => text !== '');
  return {
    text: heard.map(({ text }) => text).join(' '),
    // Times of a part would show the others as silence.
    words: heard.every(({ words }) => words.length > 0) ? heard.flatMap(({ words }) => words) : [],
    confidence: meanOf(heard.map(({ confidence }) => confidence)),
  };
}
