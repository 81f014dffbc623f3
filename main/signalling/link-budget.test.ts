import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BUDGETS, FRAME_BUDGETS, type Budget, type FrameBudgetName } from '../model/index.ts';
import { LinkBudget } from './link-budget.ts';
import { controlMessageSchema } from './schemas.ts';

const names = Object.keys(FRAME_BUDGETS) as FrameBudgetName[];

describe('what a peer may send', () => {
  it('has a budget for each type of frame', () => {
    const types = controlMessageSchema.options.map((option) => option.entries.type.literal);
    assert.deepEqual([...types, 'ping', 'unknown'].sort(), [...names].sort());
  });

  for (const name of names) {
    const { perPeer, over }: Budget = FRAME_BUDGETS[name];
    it(`${name}: its burst, then its rate, and what is over it is ${over}`, () => {
      const budget = new LinkBudget();
      const { atOnce, perSecond } = perPeer;
      for (let n = 0; n < atOnce; n += 1) assert.equal(budget.takeFrame(name, 0), 0);
      const verdict = budget.takeFrame(name, 0);
      const wait = 1000 / perSecond!;
      if (over === 'dropped') assert.equal(verdict, 'dropped');
      else assert.ok(Math.abs((verdict as number) - wait) < 1e-6, String(verdict));
      assert.equal(budget.takeFrame(name, wait + 1), 0);
      for (const other of names) if (other !== name) assert.equal(budget.takeFrame(other, 0), 0);
    });
  }

  it('is read only as fast as a link may bring bytes, and text more slowly', () => {
    const budget = new LinkBudget();
    const { atOnce, perSecond } = BUDGETS.textBytes.perPeer;
    assert.equal(budget.takeBytes(atOnce, true, 0), 0);
    assert.equal(budget.takeBytes(perSecond, true, 0), 1000);
    assert.equal(budget.takeBytes(perSecond, false, 0), 0, 'fragments do not wait for text');
    assert.equal(budget.takeBytes(BUDGETS.linkBytes.perPeer.atOnce, false, 0) > 0, true);
  });
});
