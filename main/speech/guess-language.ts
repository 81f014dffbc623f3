import { likelyParts } from './language.ts';
import { STOP_WORDS } from './stop-words.ts';

/** Scripts that one language alone, or one by far, is written in; the first that the letters belong to counts. */
const SCRIPTS: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Hangul}/u, 'ko'],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Han}/u, 'zh'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Thai}/u, 'th'],
  [/\p{Script=Armenian}/u, 'hy'],
  [/\p{Script=Georgian}/u, 'ka'],
  [/\p{Script=Bengali}/u, 'bn'],
  [/\p{Script=Tamil}/u, 'ta'],
  [/\p{Script=Telugu}/u, 'te'],
  [/\p{Script=Devanagari}/u, 'hi'],
  // Letters of Urdu and of Persian that Arabic does not have.
  [/[ٹڈڑںھہۓے]/u, 'ur'],
  [/[پچژگ]/u, 'fa'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/[ўЎ]/u, 'be'],
  [/[їєґЇЄҐ]/u, 'uk'],
  [/[ыэёЫЭЁ]/u, 'ru'],
  [/[љњћђџЉЊЋЂЏ]/u, 'sr'],
];
/** Letters that speak for a language of those with stop words, though they do not prove it. */
const LETTERS: readonly (readonly [string, RegExp])[] = [
  ['de', /[äöüß]/gu],
  ['fr', /[éèêàçœùâî]/gu],
  ['es', /[ñ¿¡áíóú]/gu],
  ['it', /[àèìòù]/gu],
  ['pl', /[ąćęłńśźż]/gu],
  ['pt', /[ãõçáéêó]/gu],
  ['sv', /[åäö]/gu],
  ['da', /[æøå]/gu],
  ['nb', /[æøå]/gu],
  ['fi', /[äö]/gu],
  ['cs', /[ěščřžůý]/gu],
  ['hu', /[őűáéíöüó]/gu],
  ['ro', /[ăâîșț]/gu],
  ['tr', /[ışğçöü]/gu],
  ['vi', /[ơưđạảấầậắằẹẻẽếềệỉịọỏốồộớờợụủứừựỳỵỷỹ]/gu],
  ['uk', /[іїєґ]/gu],
  ['bg', /[ъщ]/gu],
  ['ru', /[ыэё]/gu],
];
const A_STOP_WORD = 1;
const A_LETTER = 0.4;
/** Letters count as much as three words at most: names and foreign words have them too. */
const MOST_LETTERS = 1.2;
/** A language is believed from this score on, and if it is this much ahead of the next. */
const ENOUGH = 1.2;
const AHEAD = 0.5;
/** This much of a text says what language it is. */
const LOOKED_AT = 2000;

const WORDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(STOP_WORDS).map(([language, words]) => [language, new Set(words.split(/\s+/))]),
);

/**
 * The language that a text is probably in: a BCP 47 tag. From its script where that says it, else from its frequent words. Where the text is
 * too short or too mixed to tell it is `fallback`, as it is where `fallback` is of that language: it may name the region.
 */
export function guessLanguage(text: string, fallback: string): string {
  const looked = text.slice(0, LOOKED_AT).toLowerCase().normalize('NFC');
  const guess = byScript(looked) ?? byWords(looked);
  return guess === undefined || likelyParts(fallback).language === guess ? fallback : guess;
}

/** By the script of most letters. */
function byScript(text: string): string | undefined {
  const letters = text.match(/\p{L}/gu) ?? [];
  const foreign = letters.filter((letter) => !/\p{Script=Latin}/u.test(letter));
  if (foreign.length * 2 <= letters.length) return undefined;
  const joined = foreign.join('');
  return SCRIPTS.find(([script]) => script.test(joined))?.[1];
}

function byWords(text: string): string | undefined {
  const scores = new Map<string, number>();
  const add = (language: string, score: number): void => {
    if (score > 0) scores.set(language, (scores.get(language) ?? 0) + score);
  };
  const words = text.match(/\p{L}+/gu) ?? [];
  for (const [language, stopWords] of WORDS) {
    add(language, words.filter((word) => stopWords.has(word)).length * A_STOP_WORD);
  }
  for (const [language, letters] of LETTERS) {
    add(language, Math.min(MOST_LETTERS, (text.match(letters)?.length ?? 0) * A_LETTER));
  }
  const [first, second] = [...scores].sort(([, a], [, b]) => b - a);
  if (!first || first[1] < ENOUGH || first[1] - (second?.[1] ?? 0) < AHEAD) return undefined;
  return first[0];
}
