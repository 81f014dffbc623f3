import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { foundAnew, foundOffice, MOVE_AGAIN_AFTER_MS, Moves, moveText } from './founding.ts';
import type { JoiningFrameOf } from './frames.ts';
import { readJoinLink } from './join-link.ts';
import { readRecoveryCode, recoveryKeyOf } from './recovery-code.ts';
import { answerRedemption, Redeemer } from './redeem.ts';
import { ana, bo, cy, dana, letIn, NOW, officeOf } from './test-joining.ts';

function moved() {
  const { ledger } = officeOf();
  letIn(ledger, ana, cy);
  const secrets = { recovery: randomBytes(16), invitation: randomBytes(16) };
  const office = { name: 'Nord', admit: 'members' } as const;
  const anew = foundAnew(bo, ledger.standing, office, new Set([cy.nodeId]), secrets, NOW);
  return { old: ledger, anew };
}

void test('a founder is the admin of an office of one, and is shown the code that its charter names', () => {
  const { ledger, recoveryCode, charter } = foundOffice(
    ana,
    { name: 'Nord', admit: 'admins' },
    randomBytes(16),
  );
  const { members, admins, settings, recoveryKeys } = ledger.standing;
  assert.deepEqual([[...members.keys()], [...admins]], [[ana.nodeId], [ana.nodeId]]);
  assert.deepEqual([settings.get('name'), settings.get('admit')], ['Nord', 'admins']);
  const key = recoveryKeyOf(readRecoveryCode(recoveryCode));
  assert.deepEqual([...recoveryKeys.keys()], [key.nodeId]);
  assert.deepEqual(ledger.statements, [charter]);
  const again = foundOffice(ana, { name: 'Nord', admit: 'admins' }, randomBytes(16));
  assert.notEqual(again.ledger.office, ledger.office);
});

void test('founding anew: whoever is asked comes along by the link, and who is left behind is named', () => {
  const { old, anew } = moved();
  assert.notEqual(anew.ledger.office, old.office);
  assert.deepEqual(anew.move.without, [ana.nodeId]);
  const move = new Moves().take(anew.move, bo.nodeId, old, NOW) ?? assert.fail();
  const redeeming = new Redeemer(move.link, cy.card, { self: cy.nodeId, peer: bo.nodeId }, NOW);
  const { frames } = answerRedemption({ ...anew, self: bo }, redeeming.first, cy.nodeId, [], NOW);
  assert.equal(frames.map((frame) => redeeming.take(frame, NOW)).at(-1)?.kind, 'joined');
  const second = new Redeemer(move.link, dana.card, { self: dana.nodeId, peer: bo.nodeId }, NOW);
  const { frames: refused } = answerRedemption({ ...anew, self: bo }, second.first, dana.nodeId, [], NOW);
  assert.ok(refused[0]?.type === 'refused' && refused[0].why === 'used-up', 'for as many as were asked');
});

void test('each person is asked once: by a member, about another office, not over and over', () => {
  const { old, anew } = moved();
  const moves = new Moves();
  const ask = (frame: JoiningFrameOf<'move'>, from = bo.nodeId, nowMs = NOW) =>
    moves.take(frame, from, old, nowMs) !== undefined;
  assert.equal(ask(anew.move, dana.nodeId), false, 'no member');
  assert.equal(ask({ ...anew.move, link: anew.move.link.slice(0, -1) }), false);
  assert.equal(ask(anew.move), true);
  assert.equal(ask(anew.move), false);
  assert.equal(ask(anew.move, cy.nodeId), false, 'the same office');
  const another = moved().anew.move;
  assert.notEqual(readJoinLink(another.link).office, anew.ledger.office);
  assert.equal(ask(another, bo.nodeId, NOW + MOVE_AGAIN_AFTER_MS - 1), false);
  assert.equal(ask(another, bo.nodeId, NOW + MOVE_AGAIN_AFTER_MS), true);
  const here = { ...anew.move, link: officeOf().invitations.make(ana, randomBytes(16), NOW).link };
  assert.equal(ask(here, cy.nodeId), true);
});

void test('the question names who founded and who is left behind', () => {
  assert.equal(moveText('Bo', ['Ana']).sentence, 'Bo has founded the office anew without Ana. Move too?');
  assert.equal(moveText('Bo', []).sentence, 'Bo has founded the office anew. Move too?');
});
