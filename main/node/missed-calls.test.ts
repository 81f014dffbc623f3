import { test } from 'node:test';
import fc from 'fast-check';
import { HandTime } from '../../test/support/hand-time.ts';
import { assertMerges } from '../../test/support/merging.ts';
import type { NodeId } from '../model/index.ts';
import { MissedCalls } from './missed-calls.ts';
import type { ProfileSettings } from './profile-fields.ts';

const PEOPLE = ['A', 'Q', 'g'].map((letter) => letter.repeat(22) as NodeId);

/** A computer that missed a call of each, at 10, 20 and 30. */
function missed() {
  const settings = {
    missedCalls: PEOPLE.map((person, n) => ({
      person,
      name: 'Bo',
      extension: '102',
      at: 10 * (n + 1),
      times: 1,
    })),
  } as unknown as ProfileSettings;
  let current = settings;
  return new MissedCalls({
    profile: {
      get settings() {
        return current;
      },
      note: async (changes) => void (current = { ...current, ...changes }),
    },
    roster: { directory: { nodesOf: () => [] } },
    clock: new HandTime(),
    changed: () => undefined,
  });
}

void test('what the person saw at their other computers comes to the same in whatever order it is told', () => {
  assertMerges({
    words: fc.array(fc.record({ person: fc.constantFrom(...PEOPLE), until: fc.nat(40) }), { maxLength: 8 }),
    empty: missed,
    hear: (calls, { person, until }) => calls.seen(person, until),
    shown: ({ list }) => list,
  });
});
