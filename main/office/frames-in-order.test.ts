import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import type { Identity } from '../identity/index.ts';
import { faults } from '../model/index.ts';
import type { ControlMessage } from '../signalling/index.ts';
import { HandLink } from './test-network.ts';
import { admitInto, plainLedger } from './test-office.ts';
import { anaAndBo } from './test-sides.ts';

const farewell = { type: 'bye', reason: 'quit' } as const;
const longWords = (length: number) =>
  ({ type: 'refuse', code: 'x', re: 'hello', text: 'x'.repeat(length) }) as const;

test('frames that come before their sender is known as a member are handled afterwards, in order', async (t) => {
  const { ana, bo, sideOf } = await anaAndBo(t);
  const a = await sideOf(ana);
  const link = new HandLink(bo.nodeId);
  a.sync.up(link.asLink);
  const handled: number[] = [];
  for (const n of [1, 2, 3])
    a.sync.inOrder(link.asLink, { message: farewell, handle: () => handled.push(n) });
  assert.deepEqual(handled, []);
  a.sync.ledger(link.asLink, { type: 'ledger', digest: a.digest });
  assert.deepEqual(handled, [1, 2, 3]);
});

test('an outsider’s frames fill little memory: at 256, or 64 KiB, its link ends, and that is logged', async (t) => {
  const { ana, dee, sideOf } = await anaAndBo(t);
  const a = await sideOf(ana);
  const bring = (message: ControlMessage, count: number) => {
    const link = new HandLink(dee.nodeId);
    a.sync.up(link.asLink);
    for (let n = 0; n < count; n += 1)
      a.sync.inOrder(link.asLink, { message, handle: () => assert.fail('a stranger is heard') });
    return link;
  };
  assert.equal(bring(farewell, 256).isClosed, false);
  assert.equal(bring(longWords(60_000), 1).isClosed, false);
  assert.deepEqual(a.over, []);
  assert.ok(bring(farewell, 257).isClosed);
  assert.ok(bring(longWords(65_536), 1).isClosed);
  assert.ok(bring(longWords(30_000), 3).isClosed, 'together');
  assert.deepEqual(a.over, ['heldFrames', 'heldBytes', 'heldBytes']);
});

test('frames that wait behind statements have a limit as well, a higher one for a member', async (t) => {
  const { ana, bo, cy, dee, statements, sideOf } = await anaAndBo(t);
  const a = await sideOf(ana);
  const bring = (from: Identity, isMember: boolean, count: number) => {
    const link = new HandLink(from.nodeId);
    a.sync.up(link.asLink);
    if (isMember) a.sync.ledger(link.asLink, { type: 'ledger', digest: a.digest });
    const signed = admitInto(plainLedger(statements), ana, cy);
    a.sync.statements(link.asLink, { type: 'statements', statements: [signed], more: true });
    for (let n = 0; n < count; n += 1)
      a.sync.inOrder(link.asLink, { message: longWords(30_000), handle: () => undefined });
    return link.isClosed;
  };
  assert.deepEqual([bring(bo, true, 100), bring(dee, false, 2), bring(dee, false, 3)], [false, false, true]);
  assert.deepEqual(a.over, ['heldBytes']);
  assert.equal(bring(bo, true, 150), true);
});

/** A clock that fails, as nothing should. */
class BrokenTime extends HandTime {
  isBroken = false;

  override monotonic(): number {
    if (this.isBroken) throw new Error('the clock is broken');
    return super.monotonic();
  }
}

test('if statements cannot be taken in the link ends, so that no frame behind them is lost unnoticed', async (t) => {
  const { ana, bo, cy, statements, sideOf } = await anaAndBo(t);
  const time = new BrokenTime();
  const a = await sideOf(ana, statements, time);
  const link = new HandLink(bo.nodeId);
  a.sync.up(link.asLink);
  a.sync.ledger(link.asLink, { type: 'ledger', digest: a.digest });
  const said: string[] = [];
  t.after(faults.onLogged(({ where }) => said.push(where)));
  time.isBroken = true;
  const signed = admitInto(plainLedger(statements), ana, cy);
  a.sync.statements(link.asLink, { type: 'statements', statements: [signed], more: false });
  a.sync.inOrder(link.asLink, { message: farewell, handle: () => assert.fail('it is judged by half') });
  await until(() => link.isClosed, 'the end');
  time.isBroken = false;
  assert.deepEqual(said, ['statements']);
});
