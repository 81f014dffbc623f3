import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Signed } from '../../model/index.ts';
import { signRule } from '../ledger/author.ts';
import { Ledger } from '../ledger/ledger.ts';
import { readCard } from '../ledger/statement.ts';
import { computer, type Signer } from '../ledger/test-office.ts';
import { foundOffice } from './founding.ts';
import type { JoiningFrame } from './frames.ts';
import { Invitations } from './invitations.ts';
import { invitationKey, readJoinLink, writeJoinLink } from './join-link.ts';
import { answerRedemption, REDEEM_WITHIN_MS, Redeemer, signRedemption, type JoinAnswer } from './redeem.ts';
import { ana, bo, cy, dana, DAY, enter, letIn, MINUTE, NOW, officeOf, putOut } from './test-joining.ts';
import { welcomeFrames, type NewcomerStep } from './welcome.ts';

const [eve, newcomer] = [computer(8), computer(9)];
const OTHERS = [{ address: '10.0.0.7', port: 47021 }];

/** Ana’s office in which Bo, a plain member, has made a link. */
function invited(uses?: number) {
  const office = officeOf();
  const { link, record } = office.invitations.make(
    bo,
    randomBytes(16),
    NOW,
    uses === undefined ? {} : { uses },
  );
  return { ...office, link, record };
}
type Invited = ReturnType<typeof invited>;

function redeemer(link: string, peer: Signer = bo, who: Signer = newcomer) {
  return new Redeemer(readJoinLink(link), who.card, { self: who.nodeId, peer: peer.nodeId }, NOW);
}

function answer(
  { ledger, invitations }: Pick<Invited, 'ledger' | 'invitations'>,
  frame: Redeemer['first'],
  by = bo,
  nowMs = NOW,
  peer = readCard(frame.card)?.node ?? newcomer.nodeId,
) {
  return answerRedemption({ self: by, ledger, invitations }, frame, peer, OTHERS, nowMs);
}

/** Why the newcomer was refused. */
function why({ frames, admission }: JoinAnswer): string | undefined {
  const [only] = frames;
  if (only?.type !== 'refused') return undefined;
  assert.equal(admission, undefined);
  assert.deepEqual(only.addresses, OTHERS);
  return only.why;
}

function takeAll(redeeming: Redeemer, frames: readonly JoiningFrame[]): NewcomerStep {
  let step: NewcomerStep = { kind: 'wait' };
  for (const frame of frames) {
    assert.equal(step.kind, 'wait');
    step = redeeming.take(frame, NOW);
  }
  return step;
}

void test('by a link a newcomer is a member, and holds the ledger that says so', () => {
  const office = invited();
  const redeeming = redeemer(office.link);
  const { admission, frames } = answer(office, redeeming.first);
  assert.ok(admission);
  const step = takeAll(redeeming, frames);
  assert.ok(step.kind === 'joined');
  assert.ok(step.joined.ledger.standing.members.has(newcomer.nodeId));
  assert.equal(step.joined.ledger.standing.digest, office.ledger.standing.digest);
  assert.deepEqual(step.joined.invitation, office.record);
  assert.equal(office.invitations.list(NOW)[0]?.used, 1);
});

void test('a welcome that was lost comes again, and takes no further use', () => {
  const office = invited(1);
  const { frames } = answer(office, redeemer(office.link).first);
  assert.ok(frames.length > 0);
  const again = redeemer(office.link);
  const second = answer(office, again.first);
  assert.equal(second.admission, undefined);
  assert.equal(takeAll(again, second.frames).kind, 'joined');
  assert.equal(office.ledger.standing.invited.size, 1);
});

void test('whoever knows a link and brings a member’s card is refused: a welcome is for the card’s own computer', () => {
  const office = invited();
  const stolen = redeemer(office.link, bo, ana);
  assert.equal(why(answer(office, stolen.first, bo, NOW, eve.nodeId)), 'bad-card');
  assert.equal(why(answer(office, stolen.first, bo, NOW, ana.nodeId)), undefined, 'Ana herself is welcomed');
});

void test('a large office is welcomed to in several frames of a bounded size', () => {
  const office = invited();
  for (let n = 0; n < 60; n += 1) letIn(office.ledger, ana, computer(100 + n));
  for (let n = 0; n < 90; n += 1) {
    enter(office.ledger, signRule(ana, office.ledger, 'setting', { key: 'name', value: 'x'.repeat(n) }));
  }
  const redeeming = redeemer(office.link);
  const { frames } = answer(office, redeeming.first);
  assert.ok(frames.length >= 3, `${frames.length}`);
  for (const frame of frames) assert.ok(JSON.stringify(frame).length < 256 * 1024);
  assert.equal(takeAll(redeeming, frames).kind, 'joined');
});

void test('invitation used up: of two who redeem the last use, one comes in', () => {
  const office = invited(1);
  const [first, second] = [redeemer(office.link), redeemer(office.link, bo, cy)];
  assert.equal(why(answer(office, first.first)), undefined);
  assert.equal(why(answer(office, second.first)), 'used-up');
});

void test('withdrawn, over by the clock, and an old link after a removal are refused, each by its name', () => {
  const withdrawn = invited();
  const [{ id } = assert.fail()] = withdrawn.invitations.list(NOW);
  withdrawn.invitations.withdraw(bo, id, NOW);
  assert.equal(why(answer(withdrawn, redeemer(withdrawn.link).first)), 'withdrawn');

  const over = invited();
  const late = NOW + 7 * DAY;
  assert.equal(why(answer(over, redeemer(over.link).first, bo, late)), 'over');
  assert.equal(why(answer(over, redeemer(over.link).first, bo, late - 1)), undefined);

  const old = invited();
  letIn(old.ledger, ana, cy);
  putOut(old.ledger, ana, cy);
  assert.equal(why(answer(old, redeemer(old.link).first)), 'removal-since');
});

void test('maker removed: neither its link nor a node that never knew the invitation lets anybody in', () => {
  const office = invited();
  putOut(office.ledger, ana, bo);
  assert.equal(why(answer(office, redeemer(office.link, ana).first, ana)), 'maker-out');
  const unaware = { ledger: office.ledger, invitations: new Invitations(office.ledger) };
  unaware.invitations.add(office.record, NOW);
  assert.equal(why(answer(unaware, redeemer(office.link, ana).first, ana)), 'unknown-invitation');
});

void test('a node redeems only if it may admit, and names others that may', () => {
  const office = officeOf('admins');
  const { link } = office.invitations.make(ana, randomBytes(16), NOW);
  assert.equal(why(answer(office, redeemer(link).first, bo)), 'cannot-admit');
  assert.equal(why(answer(office, redeemer(link).first, dana)), 'cannot-admit', 'no member at all');
  assert.equal(why(answer(office, redeemer(link).first, ana)), undefined);
});

void test('a plain member answers for 64 people, and then says that an admin must let the next one in', () => {
  const office = invited(100);
  for (let n = 0; n < 64; n += 1) letIn(office.ledger, bo, computer(100 + n));
  assert.equal(why(answer(office, redeemer(office.link).first)), 'full');
  // Those who were removed keep their places, which only the ledger itself counts.
  putOut(office.ledger, ana, computer(100));
  const { link } = office.invitations.make(ana, randomBytes(16), NOW);
  const { admission, frames } = answer(office, redeemer(link).first);
  assert.ok(admission);
  assert.deepEqual(frames, [{ type: 'refused', why: 'full', addresses: OTHERS }]);
  assert.equal(office.ledger.standing.members.has(newcomer.nodeId), false);
});

void test('a removed computer does not come in again with its old keys', () => {
  const office = officeOf();
  letIn(office.ledger, ana, cy);
  putOut(office.ledger, ana, cy);
  const { link } = office.invitations.make(bo, randomBytes(16), NOW);
  assert.equal(why(answer(office, redeemer(link, bo, cy).first)), 'removed');
});

void test('whoever knows the public key alone, or redeems for another card or another office, has proven nothing', () => {
  const office = invited();
  const { office: id, secret } = readJoinLink(office.link);
  const good = redeemer(office.link).first;
  const guessed = invitationKey({ office: id, secret: randomBytes(16) });
  const forged = { ...signRedemption(guessed, id, newcomer.card), key: good.key };
  assert.equal(why(answer(office, forged)), 'bad-proof');
  assert.equal(why(answer(office, { ...good, card: eve.card })), 'bad-proof', 'swapped card');
  const elsewhere = officeOf();
  const key = invitationKey({ office: id, secret });
  assert.equal(why(answer(office, signRedemption(key, elsewhere.ledger.office, newcomer.card))), 'bad-proof');
  assert.equal(why(answer(office, signRedemption(guessed, id, newcomer.card))), 'unknown-invitation');
  const noCard: Signed = { ...newcomer.card, signature: eve.card.signature };
  assert.equal(why(answer(office, { ...good, card: noCard })), 'bad-card');
  const noPoint = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]).toString('base64url');
  assert.equal(why(answer(office, { ...good, key: noPoint })), 'bad-proof');
});

void test('false office: a charter that does not give the office id of the link is refused', () => {
  const office = invited();
  const { ledger } = foundOffice(eve, { name: 'Nord', admit: 'members' }, randomBytes(16));
  letIn(ledger, eve, newcomer);
  const step = takeAll(redeemer(office.link, eve), welcomeFrames(ledger, office.record));
  assert.deepEqual(step, { kind: 'ended', why: 'false-office' });
});

void test('old ledger for a newcomer: a removed node cannot show the office as it was before', () => {
  const office = officeOf();
  letIn(office.ledger, ana, eve);
  const old = new Ledger(office.charter);
  for (const statement of office.ledger.statements) old.add(statement);
  putOut(office.ledger, ana, eve);
  const { link, record } = office.invitations.make(bo, randomBytes(16), NOW);
  letIn(old, eve, newcomer);
  assert.ok(old.standing.members.has(newcomer.nodeId));
  const ending = (invitation?: Signed) => takeAll(redeemer(link, eve), welcomeFrames(old, invitation));
  assert.deepEqual(ending(record), { kind: 'ended', why: 'old-ledger' });
  assert.deepEqual(ending(), { kind: 'ended', why: 'old-ledger' });
  const own = new Invitations(old).make(bo, randomBytes(16), NOW);
  assert.deepEqual(ending(own.record), { kind: 'ended', why: 'false-office' }, 'another invitation');
});

void test('an office without the newcomer, or without the node that welcomes, is none to be in', () => {
  const office = invited();
  const without = takeAll(redeemer(office.link), welcomeFrames(office.ledger, office.record));
  assert.deepEqual(without, { kind: 'ended', why: 'not-admitted' });
  const { frames } = answer(office, redeemer(office.link).first);
  assert.deepEqual(takeAll(redeemer(office.link, eve), frames), { kind: 'ended', why: 'not-admitted' });
});

void test('the first statement that is not right ends it, and nothing after an end is believed', () => {
  const office = invited();
  const { frames } = answer(office, redeemer(office.link).first);
  const [welcome] = frames;
  assert.ok(welcome?.type === 'welcome');
  const last = welcome.statements.length - 1;
  const forged = welcome.statements.map((signed, at) =>
    at === last ? { ...signed, signature: randomBytes(64).toString('base64url') } : signed,
  );
  const strange: JoiningFrame[] = [
    { ...welcome, statements: forged },
    { ...welcome, statements: [] },
    { ...welcome, statements: welcome.statements.slice(1) },
    { ...welcome, statements: [...welcome.statements].reverse() },
    { type: 'agree' },
    { type: 'go' },
  ];
  for (const frame of strange) {
    const redeeming = redeemer(office.link);
    assert.equal(redeeming.take(frame, NOW).kind, 'ended', JSON.stringify(frame).slice(0, 80));
    assert.equal(redeeming.take(welcome, NOW).kind, 'ended');
  }
});

void test('a redemption ends after two minutes', () => {
  const office = invited();
  const redeeming = redeemer(office.link);
  assert.equal(redeeming.tick(NOW + MINUTE).kind, 'wait');
  assert.deepEqual(redeeming.tick(NOW + REDEEM_WITHIN_MS), { kind: 'ended', why: 'too-late' });
  assert.equal(redeeming.take({ type: 'refused', why: 'over', addresses: [] }, NOW).kind, 'ended');
});

void test('a refusal tells the newcomer why, and whom to ask', () => {
  const { link } = invited();
  assert.equal(writeJoinLink(readJoinLink(link)), link);
  const step = redeemer(link).take({ type: 'refused', why: 'cannot-admit', addresses: OTHERS }, NOW);
  assert.deepEqual(step, { kind: 'refused', why: 'cannot-admit', addresses: OTHERS });
});
