import assert from 'node:assert/strict';
import fc from 'fast-check';
import { seededRandom } from './seeded-random.ts';

/** Something that nodes learn separately and merge when they meet. */
export interface Merging<State, Word> {
  /** What is said of it, by anybody. */
  readonly words: fc.Arbitrary<readonly Word[]>;
  readonly empty: () => State;
  readonly hear: (state: State, word: Word) => void;
  /** What a node that holds this tells another; undefined: it only ever hears the words themselves. */
  readonly told?: (state: State) => readonly Word[];
  /** What must be the same everywhere in the end. */
  readonly shown: (state: State) => unknown;
}

/**
 * Checks that words come to the same in any order (commutative), any number of times (idempotent), and through any nodes that merged
 * before (associative). The same words at every run, unless another seed is asked for: CORRIDOR_SEED=7.
 */
export function assertMerges<State, Word>(
  { words, empty, hear, told, shown }: Merging<State, Word>,
  numRuns = 100,
): void {
  const of = (some: readonly Word[]): State => {
    const state = empty();
    for (const word of some) hear(state, word);
    return state;
  };
  const merged = (into: State, from: State): State => {
    for (const word of told?.(from) ?? []) hear(into, word);
    return into;
  };
  fc.assert(
    fc.property(words, fc.nat(), (said, seed) => {
      const random = seededRandom(seed);
      const expected = shown(of(said));
      const again = said.filter(() => random() < 0.3);
      const shuffled = [...said, ...again]
        .map((word) => ({ word, key: random() }))
        .sort((a, b) => a.key - b.key)
        .map(({ word }) => word);
      assert.deepEqual(shown(of(shuffled)), expected, 'in another order, some twice');
      if (!told) return;
      const thirds: Word[][] = [[], [], []];
      for (const word of shuffled) thirds[Math.floor(random() * 3) % 3]!.push(word);
      const [a, b, c] = thirds as [Word[], Word[], Word[]];
      assert.deepEqual(shown(merged(merged(of(a), of(b)), of(c))), expected, '(a + b) + c');
      assert.deepEqual(shown(merged(of(a), merged(of(b), of(c)))), expected, 'a + (b + c)');
      assert.deepEqual(shown(merged(of(c), merged(of(b), of(a)))), expected, 'c + (b + a)');
      const whole = of(said);
      assert.deepEqual(shown(merged(whole, whole)), expected, 'with itself');
    }),
    { numRuns, seed: Number(process.env['CORRIDOR_SEED'] ?? 1) },
  );
}
