import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertMerges, type Merging } from '../../test/support/merging.ts';
import type { Receipt, ReceiptState } from '../model/index.ts';
import { allReceipts, lacksReceipt, mergeReceipt, noReceipts } from './receipts.ts';
import type { Receipts } from './stored-message.ts';
import { EVE, FINN, nodeId, receiptOf, signed, speak } from './test-office.ts';

const { header } = speak(1, { recipients: [EVE, FINN] });
const STATES: readonly ReceiptState[] = ['stored', 'received', 'heard', 'lost'];

function receiptsOf(
  holders: number,
  words: { minLength?: number; maxLength: number },
): Merging<Receipts, Receipt> {
  const nodes = [EVE, FINN, ...Array.from({ length: holders }, (_, n) => nodeId(`holder ${n}`))];
  const word = fc
    .record({
      node: fc.nat(nodes.length - 1),
      state: fc.constantFrom(...STATES),
      n: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      at: fc.nat(2),
    })
    .map(({ node, state, n, at }) => {
      const receipt = { ...receiptOf(header.id, nodes[node]!, state), at };
      return n === undefined ? receipt : { ...receipt, n };
    });
  return {
    words: fc.array(word, words),
    empty: noReceipts,
    hear: (receipts, facts) => {
      const before = allReceipts(receipts);
      const isLacked = lacksReceipt(receipts, header, facts);
      assert.deepEqual(allReceipts(receipts), before, 'a look changes nothing');
      assert.equal(mergeReceipt(receipts, header, { signed: signed(facts), facts }), isLacked);
      if (!isLacked) assert.deepEqual(allReceipts(receipts), before);
      else assert.notDeepEqual(allReceipts(receipts), before);
      const state = receipts.reached.get(facts.node)?.facts.state ?? 'stored';
      assert.ok(header.recipients.includes(facts.node) || state === 'stored', 'only recipients hear');
    },
    told: (receipts) => allReceipts(receipts).map(({ facts }) => facts),
    shown: ({ reached, holding }) =>
      [reached, holding].map((some) => [...some.values()].map(({ signed: { payload } }) => payload).sort()),
  };
}

void test('receipts merge: any order, any repetition and any way leaves the very same ones', () => {
  assertMerges(receiptsOf(3, { maxLength: 14 }), 400);
});

void test('receipts merge also where more nodes hold a message than are remembered', () => {
  assertMerges(receiptsOf(80, { minLength: 80, maxLength: 160 }), 6);
});
