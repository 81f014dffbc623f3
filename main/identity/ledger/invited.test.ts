import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Ledger } from './ledger.ts';
import { computer, Office, type SignedStatement, type Signer } from './test-office.ts';

const [ana, bo, cy, dana] = [computer(0), computer(1), computer(2), computer(3)];
const invitation = randomBytes(16).toString('base64url');

function started() {
  const office = new Office();
  const admitted = [bo, dana].map((who) => office.admit(ana, [office.charter], who));
  const invite = (by: Signer, after: readonly SignedStatement[], who: Signer) =>
    office.say(by, after, 'admit', { card: who.card, person: who.nodeId, invitation });
  return { office, admitted, invite };
}

void test('the computers that came in by an invitation are counted once, and also when they are removed', () => {
  const { office, admitted, invite } = started();
  const [first, again] = [invite(bo, admitted, cy), invite(bo, admitted, cy)];
  const removal = office.remove(ana, [first], cy);
  const { invited } = office.ledger(...admitted, first, again, removal).standing;
  assert.deepEqual(
    [...invited].map(([id, nodes]) => [id, [...nodes]]),
    [[invitation, [cy.nodeId]]],
  );
  assert.equal(office.ledger(...admitted, office.admit(bo, admitted, cy)).standing.invited.size, 0);
});

void test('let in by an invitation in one half while the other removed somebody: admins are asked to look', () => {
  const { office, admitted, invite } = started();
  const admission = invite(bo, admitted, cy);
  const removal = office.remove(ana, admitted, dana);
  const unsettled = (...more: SignedStatement[]) => [
    ...office.ledger(...admitted, ...more).standing.unsettled,
  ];
  assert.deepEqual(unsettled(admission), []);
  assert.deepEqual(unsettled(admission, removal), [cy.nodeId]);
  assert.deepEqual(unsettled(removal, invite(bo, [removal], cy)), [], 'it knew of the removal');
  assert.deepEqual(
    unsettled(admission, office.remove(ana, [admission], dana)),
    [],
    'the removal came afterwards',
  );
  assert.deepEqual(unsettled(removal, office.admit(bo, admitted, cy)), [], 'a person let them in');
  const settled = office.admit(ana, [admission, removal], cy);
  assert.deepEqual(unsettled(admission, removal, settled), [], 'an admin has looked');
});

void test('the founder is a member since the charter was signed, where that says when', () => {
  const { office } = started();
  const at = office.ledger().standing.admittedAt.get(ana.nodeId) ?? assert.fail();
  assert.ok(Math.abs(Date.now() - at) < 600_000);
  const { at: _, ...undated } = JSON.parse(office.charter.payload) as { at: number };
  for (const charter of [undated, { ...undated, at: 'yesterday' }]) {
    const { admittedAt, members } = new Ledger(ana.sign(charter)).standing;
    assert.deepEqual([admittedAt.size, members.size], [0, 1], 'a charter of before, or a malformed time');
  }
});

void test('each member is known with the computer that let it in first', () => {
  const { office, admitted } = started();
  const guest = office.admit(bo, admitted, cy);
  const ledger = office.ledger(...admitted, guest, office.admit(ana, [guest], cy));
  assert.deepEqual(ledger.standing.admittedBy.get(cy.nodeId), bo.nodeId);
  assert.deepEqual(ledger.standing.admittedBy.get(bo.nodeId), ana.nodeId);
  assert.equal(ledger.standing.admittedBy.has(ana.nodeId), false);
});
