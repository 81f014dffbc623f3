import { isDialString, readNumber } from '../model/index.ts';
import { resolveDial, type DialRule, type PlanFacts } from './dial.ts';

/** A suggestion: somebody's number, or a row of the dial plan. */
export type DialSuggestion =
  | { readonly kind: 'number'; readonly dialled: string; readonly name: string }
  /** `dialled`: the code that the row begins with. */
  | { readonly kind: 'row'; readonly dialled: string; readonly rule: DialRule };

interface DialSuggestions {
  /** What the string can become by further keys: the first suggestions, in the order of the plan. */
  readonly becomes: readonly DialSuggestion[];
  /** Similar numbers, codes and names, if the string means nothing and can become nothing. */
  readonly suggests: readonly DialSuggestion[];
}

export interface SuggestionFacts extends PlanFacts {
  /** Every number that reaches somebody, with their name. */
  readonly numbers: () => readonly { readonly number: string; readonly name: string }[];
}

/** The most suggestions at once. */
const MOST_BECOMES = 5;
const MOST_SUGGESTED = 3;
/** Shorter words are similar to too many others. */
const LEAST_NEAR = 3;

/** What a string that is being typed can become or, if nothing, what is similar to it. Pure; it depends on the dial plan alone. */
export function suggestDials(typed: string, facts: SuggestionFacts): DialSuggestions {
  const number = readNumber(typed);
  if (number.trim() === '') return { becomes: [], suggests: [] };
  if (!isDialString(number)) return { becomes: [], suggests: named(number, facts) };
  const becomes = first(MOST_BECOMES, becoming(number, facts));
  if (becomes.length > 0 || resolveDial(number, facts).kind !== 'nothing') return { becomes, suggests: [] };
  return { becomes, suggests: first(MOST_SUGGESTED, like(number, facts)) };
}

function* becoming(typed: string, facts: SuggestionFacts): Generator<DialSuggestion> {
  for (const rule of facts.plan) {
    const { code } = rule;
    if (code.length > typed.length && code.startsWith(typed)) yield { kind: 'row', dialled: code, rule };
    // The code is typed, but not what belongs after it.
    else if (code === typed && code !== '' && !rule.pattern.test(typed))
      yield { kind: 'row', dialled: code, rule };
    else if (typed.startsWith(code)) yield* withNumbers(typed, code, rule, facts);
  }
}

/** The row with each number that begins with the typed digits; of several numbers the last is still being typed. */
function* withNumbers(
  typed: string,
  code: string,
  rule: DialRule,
  facts: SuggestionFacts,
): Generator<DialSuggestion> {
  const before = /^.*[,+]/.exec(typed)?.[0] ?? code;
  if (before.length === typed.length && before === code) return;
  const others = new Set(before.split(/[,+]/));
  for (const { number, name } of facts.numbers()) {
    const dialled = before + number;
    if (others.has(number)) continue;
    if (dialled.length > typed.length && dialled.startsWith(typed) && isMeant(dialled, rule, facts))
      yield { kind: 'number', dialled, name };
  }
}

/** Numbers and codes that differ by one key: replaced, added, missing, or swapped with its neighbour. */
function* like(typed: string, facts: SuggestionFacts): Generator<DialSuggestion> {
  for (const rule of facts.plan) {
    const { code } = rule;
    if (rule.pattern.test(code) && isNear(code, typed)) yield { kind: 'row', dialled: code, rule };
    if (!typed.startsWith(code)) continue;
    for (const { number, name } of facts.numbers()) {
      const dialled = code + number;
      if (isNear(number, typed.slice(code.length)) && isMeant(dialled, rule, facts))
        yield { kind: 'number', dialled, name };
    }
  }
}

/** Whether the string has an effect by this row. An earlier row may match it instead. */
function isMeant(dialled: string, rule: DialRule, facts: SuggestionFacts): boolean {
  const taking = facts.plan.find(({ pattern }) => pattern.test(dialled));
  return taking === rule && resolveDial(dialled, facts).kind !== 'nothing';
}

/** People whose names contain these words, or similar ones. */
function named(typed: string, facts: SuggestionFacts): readonly DialSuggestion[] {
  const wanted = wordsOf(typed);
  if (wanted.length === 0) return [];
  const havingWords = (fits: (word: string, part: string) => boolean): readonly DialSuggestion[] =>
    facts
      .numbers()
      .filter(({ name }) => wanted.every((part) => wordsOf(name).some((word) => fits(word, part))))
      .filter(({ number }) => resolveDial(number, facts).kind !== 'nothing')
      .map(({ number, name }) => ({ kind: 'number', dialled: number, name }));
  const beginning = havingWords((word, part) => word.startsWith(part));
  const found =
    beginning.length > 0
      ? beginning
      : havingWords((word, part) => part.length >= LEAST_NEAR && isNear(word, part));
  return found.slice(0, MOST_SUGGESTED);
}

/** "Zoë Øst-Lee" → "zoe", "øst", "lee". */
function wordsOf(text: string): string[] {
  return text
    .slice(0, 256)
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .split(/[\s.\-_]+/u)
    .filter((word) => word !== '');
}

/** Whether one edit turns one into the other: a character inserted, deleted or replaced, or two neighbours swapped. */
function isNear(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  if (restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1)) return true;
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
}

/** The first `most` of them. Each string occurs once, with its earliest row. */
function first(most: number, all: Iterable<DialSuggestion>): readonly DialSuggestion[] {
  const found = new Map<string, DialSuggestion>();
  for (const one of all) {
    const key = one.kind === 'row' ? `${one.dialled} ${one.rule.name}` : one.dialled;
    if (!found.has(key)) found.set(key, one);
    if (found.size >= most) break;
  }
  return [...found.values()];
}
