import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import type { Budget } from './budget.ts';
import { BUDGETS } from './budgets.ts';
import { FRAME_BUDGETS } from './frame-budgets.ts';

const main = fileURLToPath(new URL('..', import.meta.url));

/** The program without its tests, and without the table itself. */
function program(): string {
  return readdirSync(main, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.(test|bench)\.ts$|(^|\/)(test-|budgets\.ts)/.test(path))
    .map((path) => readFileSync(join(main, path), 'utf8'))
    .join('\n');
}

describe('the table of budgets', () => {
  const source = program();

  for (const name of Object.keys(BUDGETS)) {
    it(`the code reads ${name} from it`, () => {
      assert.match(source, new RegExp(`BUDGETS\\.${name}\\b`));
    });
  }

  for (const [name, budget] of Object.entries<Budget>({ ...BUDGETS, ...FRAME_BUDGETS })) {
    it(`${name} has a limit that can be kept, and a reason`, () => {
      const limits = [budget.perPeer, budget.inAll].filter((limit) => limit !== undefined);
      assert.ok(limits.length > 0);
      for (const { atOnce, perSecond } of limits) {
        assert.ok(atOnce >= 1);
        assert.ok(perSecond === undefined || (perSecond > 0 && perSecond <= atOnce));
      }
      if (budget.perPeer && budget.inAll) assert.ok(budget.perPeer.atOnce <= budget.inAll.atOnce);
      assert.ok(budget.of.length > 0 && budget.reason.length > 0);
    });
  }
});
