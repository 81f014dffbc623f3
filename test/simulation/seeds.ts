import assert from 'node:assert/strict';
import { it } from 'node:test';
import { simulate } from './simulate.ts';

/** So many seeds in one test: several run beside each other, and none takes long. */
export const SEEDS_AT_ONCE = 35;

/** A test of seeds that follow each other. */
export function testSeeds(from: number): void {
  it(`holds in ${SEEDS_AT_ONCE} offices from seed ${from} on`, { timeout: 300_000 }, async () => {
    for (let seed = from; seed < from + SEEDS_AT_ONCE; seed += 1) {
      const { broken, story } = await simulate(seed);
      const told = [...story.slice(-40), ...broken, `npm run simulate -- --replay ${seed}`].join('\n');
      assert.ok(broken.length === 0, told);
    }
  });
}
