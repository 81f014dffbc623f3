import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeId } from '../model/index.ts';
import { LedgerRepair } from './ledger-repair.ts';

const [ana, bo] = ['A'.repeat(22) as NodeId, `${'B'.repeat(21)}A` as NodeId];

test('a node whose beats show another ledger for a second is asked, and again only after five seconds', () => {
  const repair = new LedgerRepair();
  const asked = [0, 500, 999, 1000, 1500, 3000, 5999, 6000, 6500].filter((now) => repair.differs(ana, now));
  assert.deepEqual(asked, [1000, 6000]);
});

test('a difference that has ended is forgotten', () => {
  const repair = new LedgerRepair();
  assert.equal(repair.differs(ana, 0), false);
  assert.equal(repair.differs(bo, 5001), false);
  assert.equal(repair.differs(ana, 5002), false, 'it begins anew');
  assert.equal(repair.differs(ana, 6002), true);
});

test('eight nodes at most are asked at once', () => {
  const repair = new LedgerRepair();
  const nodes = Array.from({ length: 12 }, (_, n) => `${String(n).padStart(21, 'C')}A` as NodeId);
  for (const node of nodes) repair.differs(node, 0);
  assert.equal(nodes.filter((node) => repair.differs(node, 1000)).length, 8);
  for (const node of nodes) repair.differs(node, 3000);
  assert.equal(nodes.filter((node) => repair.differs(node, 6100)).length, 8);
});
