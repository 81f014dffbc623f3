import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { FuzzedOffice } from './fuzzed-office.ts';
import { OFFICE_SIZE } from './seeds.ts';
import { readKept } from './kept.ts';
import { storm } from './storm.ts';
import { sendTo } from './smallest.ts';

/** A minute of what `npm run fuzz` does for as long as it is told: this many packets, however long they take. */
const PACKETS = 50_000;
const PER_SECOND = 1000;
const SEED = 2026;
/** Inputs that once broke a build, each alone. */
const FOUND = join(import.meta.dirname, 'found');

describe(
  'an office of five that a member sends well-signed nonsense, and strangers anything',
  { timeout: 900_000 },
  () => {
    it(
      'goes on: no message is lost, no node ends, stumbles, grows, or believes what is not so',
      { timeout: 900_000 },
      async (t) => {
        const office = await FuzzedOffice.start(OFFICE_SIZE);
        t.after(() => office.stop());
        const result = await storm(office, { seed: SEED, packets: PACKETS, rate: PER_SECOND });
        const suspects = result.suspects.slice(0, 3).map(({ input }) => JSON.stringify(input));
        assert.equal(
          result.problem?.sentence,
          undefined,
          `${result.problem?.sentence}\nhandled last: ${suspects.join('\n')}\nfind it by: npm run fuzz -- --seed ${SEED}`,
        );
        assert.ok(result.messages.arrived >= 50, `${result.messages.arrived} messages arrived`);
        for (const [what, count] of Object.entries(result.strangers))
          assert.ok(count > 0, `no ${what} of strangers`);
        t.diagnostic(
          `${result.sent} packets, ${result.perSecond.toFixed(0)} a second, the slowest took ${result.slowestMs.toFixed(1)} ms`,
        );
      },
    );
  },
);

describe('an input that once broke a build', { timeout: 900_000 }, () => {
  let office: FuzzedOffice | undefined;
  after(() => office?.stop());

  for (const name of readdirSync(FOUND).sort()) {
    const { problem, inputs } = readKept(readFileSync(join(FOUND, name), 'utf8'));
    it(problem, async () => {
      office ??= await FuzzedOffice.start(OFFICE_SIZE);
      const found = await sendTo(office, inputs);
      if (!found) return;
      // What is broken is no office for the next input.
      await office.stop();
      office = undefined;
      assert.fail(found.sentence);
    });
  }
});
