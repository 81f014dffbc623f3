import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Admission } from './admission.ts';
import { BUDGETS } from './budgets.ts';

const MEMBER = '10.0.0.1';

/** A door that favours `MEMBER`; connections are numbers, in the order in which they come. */
function door() {
  const admission = new Admission<number>(BUDGETS.unproven, (address) => address === MEMBER);
  let next = 0;
  const come = (address: string, count = 1): (number | undefined)[] =>
    Array.from({ length: count }, () => admission.arrive((next += 1), address));
  return { admission, come };
}

/** From as many addresses as that, one each. */
const strangers = (come: (address: string) => (number | undefined)[], count: number) =>
  Array.from({ length: count }, (_, n) => come(`10.0.1.${n}`)[0]);

describe('connections that have proven nothing', () => {
  it('have 64 places for one address: then its oldest goes, and no other address loses one', () => {
    const { admission, come } = door();
    come('10.0.0.2');
    assert.ok(come('10.0.0.3', 64).every((goes) => goes === undefined));
    assert.deepEqual(come('10.0.0.3', 3), [2, 3, 4]);
    assert.ok(admission.has(1));
    assert.equal(admission.connections.length, 65);
  });

  it('have 96 places for strangers, of whom the oldest goes, however many come', () => {
    const { admission, come } = door();
    assert.ok(strangers(come, 96).every((goes) => goes === undefined));
    assert.deepEqual(
      strangers(come, 200),
      Array.from({ length: 200 }, (_, n) => n + 1),
    );
    assert.equal(admission.connections.length, 96);
  });

  it('have places kept for members: a flood of strangers displaces none of them', () => {
    const { admission, come } = door();
    strangers(come, 96);
    const [mine] = [admission.connections.length + 1];
    assert.deepEqual(come(MEMBER), [undefined]);
    strangers(come, 1000);
    assert.ok(admission.has(mine));
  });

  it('give a member the oldest stranger’s place when all are taken', () => {
    const { admission, come } = door();
    strangers(come, 96);
    assert.ok(come(MEMBER, 32).every((goes) => goes === undefined));
    assert.equal(admission.connections.length, 128);
    assert.deepEqual(come(MEMBER), [1]);
  });

  it('turn a stranger away only where members have all places, and a member never', () => {
    const admission = new Admission<number>(BUDGETS.unproven, (address) => address.startsWith(MEMBER));
    for (let n = 0; n < 128; n += 1) admission.arrive(n, `${MEMBER}${n}`);
    assert.equal(admission.arrive(128, '10.0.0.2'), 128);
    assert.equal(admission.has(128), false);
    assert.equal(admission.arrive(129, `${MEMBER}x`), 0);
  });

  it('free their place when they are proven or gone, once', () => {
    const { admission, come } = door();
    come('10.0.0.2', 64);
    assert.equal(admission.leave(1), true);
    assert.equal(admission.leave(1), false);
    assert.deepEqual(come('10.0.0.2'), [undefined]);
  });
});
