import fc from 'fast-check';
import { deep, isMade, isObject, isSigned, long, many, raw, type Tree, type TreeObject } from './tree.ts';

/** One thing that is changed in a well-formed tree. `at` picks the place, of as many as there are. */
export interface Change {
  readonly at: number;
  /** `fit`: by something that is nearly right there, the one of this number; `replace`: by anything at all. */
  readonly how: 'fit' | 'replace' | 'drop' | 'add' | 'repeat';
  readonly fit: number;
  readonly value: Tree;
}

const base64url = (bytes: readonly number[]): string => Buffer.from(bytes).toString('base64url');
const filled = (length: number, first: number, rest: number): string =>
  base64url(Array.from({ length }, (_, n) => (n === 0 ? first : rest)));
/** SubjectPublicKeyInfo of P-256 up to the coordinates (RFC 5480 §2). */
const SPKI_START = [...Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex')];

/** Types that a reader may not expect where something else should be. */
const TYPES: readonly Tree[] = [null, true, false, 0, '', [], {}, [null], { length: 3 }];
/** Numbers at and beyond what a double, an integer of 32 bits, a date and JSON itself can hold. */
const NUMBERS: readonly Tree[] = [
  ...[-1, 1, 0.5, 2 ** 31, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER, 2 ** 53, 59_999, 60_000, 65_535],
  ...[raw('-0'), raw('1e999'), raw('-1e999'), raw('5e-324'), raw('9007199254740993'), raw('NaN')],
];
const TIMES: readonly Tree[] = [
  ...[0, 1, 8.64e15, 8.64e15 + 1, '§now:0', '§now:-86400000', '§now:86400000', '§now:3000000000000'],
];
const TEXTS: readonly Tree[] = [
  ...['\ud800', 'a\udfff', '\u0000', '\u202eannA', '\u200b', '\ufeff', '🦔'.repeat(32), 'é'.repeat(64)],
  ...['__proto__', 'constructor', 'toString', '../../etc/passwd', '%s%n', '<b>', '\u2028', ' ', '１０２'],
  ...[long('x', 300), long('\u0301', 5000), long('x', 100_000)],
];
const IDS: readonly Tree[] = [
  ...['§node:0', '§node:1', '§node:2', '§self', '§puppet:0', '§puppet:1', '§own:0', '§own:1', '§message:0'],
  ...['§message:1', '§id:0', '§bent:self', '§bent:node:0', '§bent:own:0', '§bent:message:0', '§bent:id:1'],
  ...['-'.repeat(22), 'A'.repeat(22), 'A'.repeat(21), 'A'.repeat(23), `${'A'.repeat(20)}==`],
];
/** Points that are none: infinity, not on the curve, a coordinate above the prime, compressed, the identity of another curve. */
const POINTS: readonly Tree[] = [
  ...[filled(65, 0, 0), filled(65, 4, 1), filled(65, 4, 255), filled(65, 2, 1), filled(65, 4, 0)],
  ...[filled(91, 0, 0), filled(91, 48, 1), base64url([...SPKI_START, ...Array<number>(64).fill(1)])],
  ...['§point:puppet:0', '§key:puppet:0', '§point:node:0', '§key:node:0'],
];
const NUMBERED: readonly Tree[] = [
  ...['§extension:node:0', '§extension:node:1', '§extension:node:2', '999999', '00', '１０２', '#101', '1'],
];
const NAMES: readonly Tree[] = ['Honest 101', 'Honest 102', 'Honest 101\u200b', 'Ｈonest 101'];
const ARRAYS: readonly Tree[] = [
  ...[many('§node:0', 2), many('§self', 500), many(0, 5000), many({}, 1000), many('§bent:self', 3)],
];
const SIZES: readonly Tree[] = [
  deep(100),
  deep(5000),
  long('y', 1000),
  long('y', 60_000),
  long('y', 240_000),
];
/** The signer of a statement, and how it signs: the values of the statement's own two fields. */
const AUTHORS: readonly Tree[] = ['self', 'puppet:0', 'puppet:1', 'puppet:2'];
const SIGNATURES: readonly Tree[] = ['right', 'bent', 'wrong', 'short'];

/** What is nearly right in place of this: of the same kind, and still not what it should be. */
function fitting(tree: Tree): readonly Tree[] {
  if (Array.isArray(tree))
    return [...ARRAYS, [], [...(tree as readonly Tree[]), ...(tree as readonly Tree[])]];
  if (typeof tree === 'number') return [...NUMBERS, ...TIMES];
  if (typeof tree === 'boolean') return TYPES;
  if (typeof tree !== 'string') return [...TYPES, ...SIZES];
  const [word = ''] = tree.slice(1).split(':');
  if (!tree.startsWith('§')) return tree.length > 60 ? POINTS : TEXTS;
  // Twice as it is, but bent: a reader that takes both for the same is fooled.
  if (['self', 'node', 'puppet', 'own', 'message', 'id'].includes(word)) {
    const twice = `§bent:${tree.slice(1)}`;
    return [twice, twice, twice, twice, ...IDS];
  }
  if (['key', 'point', 'enc', 'sealed', 'hash'].includes(word)) return POINTS;
  if (word === 'extension') return NUMBERED;
  if (word === 'name') return [...TEXTS, ...NAMES];
  return [...NUMBERS, ...TIMES];
}

const values = fc.oneof(
  ...[TYPES, NUMBERS, TIMES, TEXTS, IDS, POINTS, ARRAYS].map((of) => ({
    weight: of === SIZES ? 1 : 4,
    arbitrary: fc.constantFrom(...of),
  })),
  { weight: 1, arbitrary: fc.constantFrom(...SIZES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
  { weight: 2, arbitrary: fc.integer() },
);

export const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({
    at: fc.nat(10_000),
    how: fc.constantFrom('fit', 'fit', 'fit', 'fit', 'replace', 'replace', 'drop', 'add', 'repeat'),
    fit: fc.nat(10_000),
    value: values,
  }),
  { maxLength: 3 },
);

export function change(tree: Tree, all: readonly Change[]): Tree {
  return all.reduce(changeOnce, tree);
}

type Path = readonly (string | number)[];

/** Every place below the root. What a statement says comes three times: its frame is soon known, its meaning is what is believed. */
function placesOf(tree: Tree, path: Path = [], weight = 1): Path[] {
  const own = path.length === 0 ? [] : Array<Path>(weight).fill(path);
  if (isSigned(tree)) {
    const inside = placesOf(tree.payload, [...path, 'payload'], 3);
    return [...own, [...path, 'by'], [...path, 'signature'], ...inside];
  }
  if (typeof tree !== 'object' || tree === null || isMade(tree)) return own;
  const children = Array.isArray(tree) ? [...tree.entries()] : Object.entries(tree);
  return [
    ...own,
    ...children.flatMap(([key, child]: [string | number, Tree]) => placesOf(child, [...path, key], weight)),
  ];
}

function changeOnce(tree: Tree, { at, how, fit, value }: Change): Tree {
  const places = placesOf(tree);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return tree;
  if (how !== 'fit') return changeAt(tree, place, how, value, at);
  const all = fitting(valueAt(tree, place));
  return changeAt(tree, place, 'replace', all[fit % all.length]!, fit);
}

function valueAt(tree: Tree, path: Path): Tree {
  return path.reduce<Tree>((part, key) => (part as Record<string | number, Tree>)[key] ?? null, tree);
}

function changeAt(tree: Tree, [key, ...rest]: Path, how: Change['how'], value: Tree, at: number): Tree {
  if (key === undefined) return how === 'add' ? withExtra(tree, value) : value;
  if (isSigned(tree) && rest.length === 0 && key !== 'payload') {
    const of = key === 'by' ? AUTHORS : SIGNATURES;
    return { ...tree, [key]: of[at % of.length]! };
  }
  if (Array.isArray(tree)) {
    const items = tree as readonly Tree[];
    const n = Number(key);
    if (rest.length > 0) return items.with(n, changeAt(items[n]!, rest, how, value, at));
    if (how === 'drop') return items.filter((_, index) => index !== n);
    return how === 'repeat' ? [...items, items[n]!] : items.with(n, value);
  }
  if (!isObject(tree)) return tree;
  const child = tree[key] ?? null;
  if (rest.length > 0 || (how === 'add' && isObject(child)))
    return { ...tree, [key]: changeAt(child, rest, how, value, at) };
  if (how === 'drop') return Object.fromEntries(Object.entries(tree).filter(([name]) => name !== key));
  if (how === 'repeat') return { ...tree, [key]: [child, child] };
  return how === 'add' ? withExtra(tree, value) : { ...tree, [key]: value };
}

/** A field that no version knows. */
function withExtra(tree: Tree, value: Tree): Tree {
  return isObject(tree) && !isMade(tree) ? ({ ...tree, 'x-later': value } satisfies TreeObject) : value;
}
