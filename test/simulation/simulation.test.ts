import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FINDS } from './kept.ts';
import { MUTANTS, type MutantName } from './mutants.ts';
import { simulate } from './simulate.ts';

/** So many seeds are tried from the one that is kept. */
const TRIES = 20;

describe('the simulation of whole offices', { timeout: 300_000 }, () => {
  for (const crypto of ['quick', 'real'] as const)
    it(`has the same story for the same seed, with ${crypto} signatures`, async () => {
      const [one, other] = [await simulate(3, { crypto }), await simulate(3, { crypto })];
      assert.deepEqual(one.story, other.story);
      assert.deepEqual(one.counts, other.counts);
      assert.notDeepEqual(one.story, (await simulate(4, { crypto })).story);
    });

  for (const [name, kept] of Object.entries(FINDS) as [MutantName, number][])
    it(`finds it if ${name}`, async () => {
      // What a seed leads to changes with the nodes. Then one of the next seeds finds it.
      for (let seed = kept; seed < kept + TRIES; seed += 1)
        if ((await simulate(seed, { variation: MUTANTS[name] })).broken.length > 0) return;
      assert.fail(
        `none of ${TRIES} seeds from ${kept} on finds it: npm run simulate -- --mutant "${name}" --mutants`,
      );
    });
});
