import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { computer, Office } from '../ledger/test-office.ts';
import { vouchFor } from './vouching.ts';

const [ana, bo, cy, dana] = [computer(0), computer(1), computer(2), computer(3)];

/** Bo let Cy in by an invitation while Ana removed Dana: Cy is to be checked. */
function unsettledCy() {
  const office = new Office();
  const admitted = [bo, dana].map((who) => office.admit(ana, [office.charter], who));
  const invitation = randomBytes(16).toString('base64url');
  const fields = { card: cy.card, person: cy.nodeId, invitation, extension: '103' };
  const admission = office.say(bo, admitted, 'admit', fields);
  return office.ledger(...admitted, admission, office.remove(ana, admitted, dana));
}

void test('an admin says that somebody belongs here: they are not to be checked any more, and keep their number', () => {
  const ledger = unsettledCy();
  assert.deepEqual([...ledger.standing.unsettled], [cy.nodeId]);
  for (const signed of vouchFor(ledger, ana, cy.nodeId)) assert.equal(ledger.add(signed), 'added');
  const { unsettled, members, extensions, admittedBy } = ledger.standing;
  assert.equal(unsettled.size, 0);
  assert.equal(extensions.get('103'), cy.nodeId);
  assert.equal(admittedBy.get(cy.nodeId), bo.nodeId, 'it stays known who let them in first');
  assert.equal(members.get(cy.nodeId)?.sponsor, undefined, 'an admin answers for them');
  assert.deepEqual([...vouchFor(ledger, ana, cy.nodeId)], [], 'once is enough');
});

void test('no plain member settles it, and nothing is said of those who are not to be checked', () => {
  const ledger = unsettledCy();
  assert.throws(() => [...vouchFor(ledger, bo, cy.nodeId)], { code: 'admins-only' });
  assert.deepEqual([...vouchFor(ledger, ana, bo.nodeId)], []);
});
