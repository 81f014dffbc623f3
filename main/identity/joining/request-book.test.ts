import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signRule } from '../ledger/author.ts';
import { computer, type Signer } from '../ledger/test-office.ts';
import { officeTagOf } from './office-proof.ts';
import { isShownRequests, MAX_FAILURES, MUTED_MS, OPEN_MS, RequestBook } from './request-book.ts';
import { ana, bo, cy, enter, HOUR, letIn, MINUTE, NOW, officeOf, putOut } from './test-joining.ts';

function started() {
  const { ledger } = officeOf();
  const book = new RequestBook(ledger);
  const tag = officeTagOf(ledger.office).toString('base64url');
  const ask = (who: Signer, address: string, nowMs = NOW) =>
    book.ask({ type: 'ask', tag, card: who.card }, { peer: who.nodeId, address }, nowMs);
  return { ledger, book, ask };
}

const asker = (n: number): Signer => computer(20 + n);

void test('a request stands for ten minutes, shows key and address alone, and can be compared', () => {
  const { book, ask } = started();
  const { nodeId } = asker(0);
  const request = ask(asker(0), '10.0.0.1');
  assert.deepEqual(request, {
    ...{ node: nodeId, address: '10.0.0.1', untilMs: NOW + OPEN_MS },
    ...{ isCompared: false, announcedBy: undefined },
  });
  assert.equal(book.isExpected({ node: nodeId }, NOW), false, 'nobody chose Compare yet');
  book.compare(nodeId, NOW);
  assert.equal(book.isExpected({ node: nodeId }, NOW), true);
  assert.equal(book.requests(NOW + OPEN_MS - 1).length, 1);
  assert.equal(book.isExpected({ node: nodeId }, NOW + OPEN_MS), false);
  assert.throws(() => book.compare(nodeId, NOW + OPEN_MS), { code: 'no-such-request' });
});

void test('one request for each address and each key', () => {
  const { book, ask } = started();
  ask(asker(0), '10.0.0.1');
  assert.equal(ask(asker(1), '10.0.0.1'), 'asked-already');
  assert.equal(ask(asker(0), '10.0.0.2'), 'asked-already');
  book.end(asker(0).nodeId);
  assert.equal(typeof ask(asker(1), '10.0.0.1'), 'object');
});

void test('four at a node, ten a minute', () => {
  const { book, ask } = started();
  for (let n = 0; n < 4; n += 1) assert.equal(typeof ask(asker(n), `10.0.0.${n}`), 'object');
  assert.equal(ask(asker(4), '10.0.0.4'), 'busy');
  for (let n = 4; n < 10; n += 1) {
    book.end(asker(n - 4).nodeId);
    assert.equal(typeof ask(asker(n), `10.0.0.${n}`), 'object', `${n}`);
  }
  book.end(asker(9).nodeId);
  assert.equal(ask(asker(10), '10.0.0.10'), 'busy');
  assert.equal(ask(asker(10), '10.0.0.10', NOW + MINUTE - 1), 'busy');
  assert.equal(typeof ask(asker(10), '10.0.0.10', NOW + MINUTE), 'object');
});

void test('a refusal mutes key and address for an hour', () => {
  const { book, ask } = started();
  ask(asker(0), '10.0.0.1');
  book.decline(asker(0).nodeId, NOW);
  const end = NOW + MUTED_MS;
  assert.deepEqual(book.requests(NOW), []);
  assert.equal(ask(asker(0), '10.0.0.2', end - 1), 'muted');
  assert.equal(ask(asker(1), '10.0.0.1', end - 1), 'muted');
  assert.equal(
    book.announced({ by: bo.nodeId, node: asker(0).nodeId, address: '10.0.0.3' }, MINUTE, end - 1),
    'muted',
  );
  assert.equal(typeof ask(asker(0), '10.0.0.1', end), 'object');
});

void test('a colleague’s refusal mutes the key alone', () => {
  const { book, ask } = started();
  ask(asker(0), '10.0.0.1');
  book.declinedElsewhere(asker(0).nodeId, NOW);
  assert.deepEqual(book.requests(NOW), []);
  assert.equal(ask(asker(0), '10.0.0.2'), 'muted');
  assert.equal(typeof ask(asker(1), '10.0.0.1'), 'object');
});

void test('a colleague’s node tells of one request, the newest; three of them leave a place to one heard here', () => {
  const { book, ask } = started();
  const tell = (by: Signer, n: number, nowMs = NOW) =>
    book.announced({ by: by.nodeId, node: asker(n).nodeId, address: `10.0.1.${n}` }, MINUTE, nowMs);
  const nodes = () => book.requests(NOW).map(({ node }) => node);
  assert.equal(typeof tell(bo, 0), 'object');
  assert.equal(typeof tell(bo, 1), 'object');
  assert.deepEqual(nodes(), [asker(1).nodeId]);
  assert.equal(typeof tell(ana, 2), 'object');
  assert.equal(typeof tell(cy, 3), 'object');
  assert.equal(tell(asker(9), 4), 'busy', 'a fourth');
  assert.equal(typeof ask(asker(5), '10.0.0.5'), 'object');
  assert.equal(ask(asker(6), '10.0.0.6'), 'busy');
  book.compare(asker(1).nodeId, NOW);
  assert.equal(tell(bo, 7), 'busy', 'what is compared does not make way');
  for (let n = 0; n < 8; n += 1) tell(ana, 20 + n);
  assert.equal(typeof tell(ana, 30), 'object');
  assert.equal(tell(ana, 31), 'busy', 'ten a minute');
  assert.equal(typeof tell(ana, 31, NOW + MINUTE), 'object');
});

void test('somebody who is here is heard, whatever colleagues’ nodes tell of the same key or address', () => {
  const { book, ask } = started();
  const told = { by: bo.nodeId, node: asker(1).nodeId, address: '10.0.0.1' };
  book.announced(told, MINUTE, NOW);
  assert.equal(typeof ask(asker(0), '10.0.0.1'), 'object', 'the address of a made-up one');
  assert.deepEqual(
    book.requests(NOW).map(({ node }) => node),
    [asker(0).nodeId],
  );
  assert.equal(book.announced(told, MINUTE, NOW), 'asked-already');
  book.announced({ ...told, address: '10.0.0.2' }, MINUTE, NOW);
  book.compare(asker(1).nodeId, NOW);
  assert.equal(ask(asker(1), '10.0.0.3'), 'asked-already', 'it is expected here');
});

void test('nobody asks with another’s card', () => {
  const { ledger, book } = started();
  const tag = officeTagOf(ledger.office).toString('base64url');
  const frame = { type: 'ask', tag, card: asker(0).card } as const;
  assert.equal(book.ask(frame, { peer: asker(1).nodeId, address: '10.0.0.1' }, NOW), 'bad-card');
});

void test('after five failures in an hour a person must open asking again', () => {
  const { book, ask } = started();
  ask(asker(9), '10.0.1.9');
  book.compare(asker(9).nodeId, NOW);
  for (let n = 0; n < MAX_FAILURES; n += 1) {
    assert.equal(book.isClosed(NOW), false);
    assert.equal(typeof ask(asker(n), `10.0.0.${n}`), 'object');
    book.failed(asker(n).nodeId, NOW + n);
  }
  assert.equal(ask(asker(6), '10.0.0.6'), 'closed');
  assert.equal(
    book.isExpected({ node: asker(9).nodeId }, NOW),
    false,
    'nor does one that was expected begin',
  );
  assert.equal(book.isClosed(NOW + HOUR - 1), true);
  book.open(NOW);
  assert.equal(typeof ask(asker(6), '10.0.0.6'), 'object');
  assert.equal(book.isExpected({ node: asker(9).nodeId }, NOW), true);
});

void test('failures of more than an hour ago are forgotten', () => {
  const { book, ask } = started();
  for (let n = 0; n < MAX_FAILURES; n += 1) book.failed(asker(n).nodeId, NOW + n * MINUTE);
  assert.equal(ask(asker(6), '10.0.0.6', NOW + HOUR - 1), 'closed');
  assert.equal(typeof ask(asker(6), '10.0.0.6', NOW + HOUR), 'object');
});

void test('other office’s tag, a forged card and a removed computer are no requests', () => {
  const { ledger, book, ask } = started();
  const frame = { type: 'ask', tag: officeTagOf(officeOf().ledger.office).toString('base64url') } as const;
  assert.equal(
    book.ask({ ...frame, card: cy.card }, { peer: cy.nodeId, address: '10.0.0.1' }, NOW),
    'other-office',
  );
  const forged = { ...asker(0), card: { ...asker(0).card, signature: asker(1).card.signature } };
  assert.equal(ask(forged, '10.0.0.1'), 'bad-card');
  letIn(ledger, ana, cy);
  putOut(ledger, ana, cy);
  assert.equal(ask(cy, '10.0.0.1'), 'removed');
  assert.deepEqual(book.requests(NOW), []);
});

void test('requests are shown at admins, and at whoever opened for ten minutes and may admit', () => {
  const { ledger, book } = started();
  const shown = (who: Signer, nowMs: number) =>
    isShownRequests(ledger.standing, who.nodeId, book.openUntilMs(nowMs) !== undefined);
  assert.deepEqual([shown(ana, NOW), shown(bo, NOW)], [true, false]);
  book.open(NOW);
  assert.deepEqual(
    [shown(bo, NOW), shown(bo, NOW + OPEN_MS - 1), shown(bo, NOW + OPEN_MS)],
    [true, true, false],
  );
  assert.equal(shown(cy, NOW), false, 'no member');
  enter(ledger, signRule(ana, ledger, 'setting', { key: 'admit', value: 'admins' }));
  assert.deepEqual([shown(ana, NOW), shown(bo, NOW)], [true, false]);
  book.close();
  assert.equal(book.openUntilMs(NOW), undefined);
});
