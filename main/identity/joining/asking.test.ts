import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { signCard } from '../ledger/author.ts';
import { computer, type Signer } from '../ledger/test-office.ts';
import { Asker, COMPARE_WITHIN_MS } from './asking.ts';
import { Comparison } from './comparing.ts';
import { digitsOf } from './digits.ts';
import { foundOffice } from './founding.ts';
import type { JoiningFrame, JoiningFrameOf } from './frames.ts';
import { officeTagOf } from './office-proof.ts';
import { ana, bo, letIn, MINUTE, NOW, officeOf, putOut } from './test-joining.ts';
import { welcomeFrames } from './welcome.ts';

const [eve, newcomer] = [computer(8), computer(9)];
const EXPORTED = Buffer.alloc(32, 3);

/** Both ends of a link between the newcomer and Bo, who is expected to compare. */
function bothSides(more: { host?: Signer; isExpected?: boolean; tag?: Uint8Array } = {}) {
  const { host = bo, isExpected = true } = more;
  const { ledger } = officeOf();
  const tag = more.tag ?? officeTagOf(ledger.office);
  const asker = askerOf(tag, host);
  return { ledger, tag, asker, comparison: comparisonOf(ledger, newcomer, host, isExpected) };
}

function askerOf(
  tag: Uint8Array,
  peer: Signer,
  exported: Uint8Array = EXPORTED,
  nonce: Uint8Array = randomBytes(16),
): Asker {
  const asking = { tag, card: newcomer.card, nonce };
  return new Asker(asking, { exported, peerKey: peer.signingKeySpki }, NOW);
}

function comparisonOf(
  ledger: ReturnType<typeof officeOf>['ledger'],
  peer: Signer,
  host = bo,
  isExpected = true,
  exported: Uint8Array = EXPORTED,
): Comparison {
  const comparing = {
    self: host,
    card: host.card,
    ledger,
    nonce: randomBytes(16),
    isExpected: () => isExpected,
  };
  return new Comparison(comparing, { exported, peerKey: peer.signingKeySpki }, NOW);
}

/** Up to the digits on both screens. */
function compared(asker: Asker, comparison: Comparison) {
  const nonce = comparison.take(asker.first, NOW);
  assert.ok(nonce.kind === 'send', nonce.kind);
  const reveal = asker.take(nonce.frame, NOW);
  assert.ok(reveal.kind === 'send', reveal.kind);
  const shown = comparison.take(reveal.frame, NOW);
  assert.ok(shown.kind === 'compare', shown.kind);
  return { nonce: nonce.frame, reveal: reveal.frame, theirs: reveal.digits, ours: shown.digits };
}

function agreed(asker: Asker): JoiningFrameOf<'agree'> {
  return asker.agree(NOW) ?? assert.fail('nothing to agree to');
}

void test('both screens show the same six digits, both people click, and the newcomer is a member', () => {
  const { ledger, asker, comparison } = bothSides();
  const { theirs, ours } = compared(asker, comparison);
  assert.match(ours, /^\d{6}$/);
  assert.equal(theirs, ours);
  assert.deepEqual(comparison.take(agreed(asker), NOW), { kind: 'agreed' });
  const { admission, frames } = comparison.letIn(NOW);
  assert.ok(admission);
  const steps = frames.map((frame) => asker.take(frame, NOW));
  const last = steps.at(-1);
  assert.ok(last?.kind === 'joined');
  assert.equal(last.joined.ledger.standing.digest, ledger.standing.digest);
  assert.ok(ledger.standing.members.has(newcomer.nodeId));
});

void test('the digits are those of the bytes in their order, and never change from one version to the next', () => {
  const fill = (length: number, value: number) => Buffer.alloc(length, value);
  const parts = [4, 32, 91, 65, 91, 65, 32, 16, 16].map((length, at) => fill(length, at + 1));
  const [tag, exported, spkiN, hpkeN, spkiB, hpkeB, commitment, nonceN, nonceB] = parts;
  assert.ok(tag && exported && spkiN && hpkeN && spkiB && hpkeB && commitment && nonceN && nonceB);
  const hash = createHash('sha256')
    .update(Buffer.concat([Buffer.from('corridor join digits v1'), ...parts]))
    .digest();
  let value = 0n;
  for (const byte of hash.subarray(0, 8)) value = value * 256n + BigInt(byte);
  const digits = digitsOf({
    ...{ tag, exported, commitment, newcomerNonce: nonceN, hostNonce: nonceB },
    newcomer: { signingKey: spkiN, hpkeKey: hpkeN },
    host: { signingKey: spkiB, hpkeKey: hpkeB },
  });
  assert.equal(digits, String(value % 1_000_000n).padStart(6, '0'));
  assert.equal(digits, '300145');
});

void test('swapped card: a relay that puts in its own is seen by its certificate, or by the digits', () => {
  const { ledger, tag, asker, comparison } = bothSides();
  const begin = { ...asker.first, card: eve.card };
  assert.deepEqual(comparison.take(begin, NOW), { kind: 'ended', why: 'other-keys' });
  const other = askerOf(tag, bo);
  const nonce: JoiningFrame = { type: 'nonce', card: eve.card, nonce: randomBytes(16).toString('base64url') };
  assert.deepEqual(other.take(nonce, NOW), { kind: 'ended', why: 'other-keys' });
  // Eve speaks as herself to both, and even guesses the newcomer’s nonce: then the digits differ by her card.
  const nonceOfBoth = randomBytes(16);
  const toEve = askerOf(tag, eve, EXPORTED, nonceOfBoth);
  const asEve = { tag, card: eve.card, nonce: nonceOfBoth };
  const hers = new Asker(asEve, { exported: EXPORTED, peerKey: bo.signingKeySpki }, NOW);
  const atBo = compared(hers, comparisonOf(ledger, eve));
  const atNewcomer = toEve.take({ ...atBo.nonce, card: eve.card }, NOW);
  assert.ok(atNewcomer.kind === 'send');
  assert.notEqual(atNewcomer.digits, atBo.ours);
});

void test('swapped client certificate: the same frames by another key, or over another connection, do not pass', () => {
  const { ledger, asker } = bothSides();
  assert.deepEqual(comparisonOf(ledger, eve).take(asker.first, NOW), { kind: 'ended', why: 'other-keys' });
  const relayed = comparisonOf(ledger, newcomer, bo, true, Buffer.alloc(32, 4));
  const { theirs, ours } = compared(asker, relayed);
  assert.notEqual(theirs, ours, 'two connections have two exporters');
});

void test('swapped key for messages: another card of the same signing key changes the digits', () => {
  const { asker, comparison } = bothSides();
  const twin = { ...newcomer, hpkePublicKey: eve.hpkePublicKey };
  const begin = { ...asker.first, card: signCard(twin) };
  const nonce = comparison.take(begin, NOW);
  assert.ok(nonce.kind === 'send');
  const reveal = asker.take(nonce.frame, NOW);
  assert.ok(reveal.kind === 'send');
  assert.deepEqual(comparison.take(reveal.frame, NOW), { kind: 'ended', why: 'other-commitment' });
  const second = bothSides();
  const sent = second.comparison.take(second.asker.first, NOW);
  assert.ok(sent.kind === 'send');
  const card = signCard({ ...bo, hpkePublicKey: eve.hpkePublicKey });
  const answered = second.asker.take({ ...sent.frame, card }, NOW);
  assert.ok(answered.kind === 'send');
  const shown = second.comparison.take(answered.frame, NOW);
  assert.ok(shown.kind === 'compare' && shown.digits !== answered.digits);
});

void test('swapped nonce: neither side can choose the digits after it has seen the other’s', () => {
  const { ledger, tag, asker, comparison } = bothSides();
  const nonce = comparison.take(asker.first, NOW);
  assert.ok(nonce.kind === 'send');
  const other: JoiningFrame = { type: 'reveal', nonce: randomBytes(16).toString('base64url') };
  assert.deepEqual(comparison.take(other, NOW), { kind: 'ended', why: 'other-commitment' });
  const second = askerOf(tag, bo);
  const third = comparisonOf(ledger, newcomer);
  const sent = third.take(second.first, NOW);
  assert.ok(sent.kind === 'send');
  const reveal = second.take({ ...sent.frame, nonce: randomBytes(16).toString('base64url') }, NOW);
  assert.ok(reveal.kind === 'send');
  const shown = third.take(reveal.frame, NOW);
  assert.ok(shown.kind === 'compare' && shown.digits !== reveal.digits);
});

void test('other office’s tag: a node begins for its own office only', () => {
  const { comparison, asker } = bothSides({ tag: randomBytes(4) });
  const step = comparison.take(asker.first, NOW);
  assert.ok(step.kind === 'refused' && step.why === 'other-office');
});

void test('wrong order, and a repeated message, end it for good on either side', () => {
  const frames = (): { asker: Asker; comparison: Comparison; all: JoiningFrame[] } => {
    const { asker, comparison } = bothSides();
    const { nonce, reveal } = compared(asker, comparison);
    const agree = agreed(asker);
    const none: JoiningFrame[] = [{ type: 'go' }, { type: 'ask', tag: '', card: newcomer.card }];
    return { asker, comparison, all: [asker.first, nonce, reveal, agree, ...none] };
  };
  for (let at = 0; at < 6; at += 1) {
    const { comparison, all } = frames();
    const [begin, , , agree] = all;
    const frame = all[at];
    assert.ok(frame && begin && agree);
    if (frame === agree) {
      assert.equal(comparison.take(agree, NOW).kind, 'agreed');
      assert.deepEqual(comparison.take(agree, NOW), { kind: 'ended', why: 'wrong-order' });
    } else {
      assert.deepEqual(comparison.take(frame, NOW), { kind: 'ended', why: 'wrong-order' }, frame.type);
    }
    assert.deepEqual(comparison.take(agree, NOW), { kind: 'ended', why: 'wrong-order' });
    assert.throws(() => comparison.letIn(NOW), { code: 'not-compared' });
  }
  for (let at = 0; at < 6; at += 1) {
    const { asker, all } = frames();
    const frame = all[at] ?? assert.fail();
    assert.deepEqual(asker.take(frame, NOW), { kind: 'ended', why: 'wrong-order' }, frame.type);
    assert.equal(asker.agree(NOW), undefined);
  }
  const { comparison } = bothSides();
  assert.deepEqual(comparison.take({ type: 'agree' }, NOW), { kind: 'ended', why: 'wrong-order' });
});

void test('a false office does not admit a newcomer by itself: its person agrees first', () => {
  const { ledger, tag } = bothSides();
  letIn(ledger, bo, newcomer);
  const asker = askerOf(tag, bo);
  const [welcome = assert.fail()] = welcomeFrames(ledger);
  assert.deepEqual(asker.take(welcome, NOW), { kind: 'ended', why: 'wrong-order' });
  const { asker: second, comparison } = bothSides();
  compared(second, comparison);
  assert.equal(second.take(welcome, NOW).kind, 'ended');
  const third = bothSides();
  compared(third.asker, third.comparison);
  agreed(third.asker);
  const { ledger: hers } = foundOffice(eve, { name: 'Nord', admit: 'members' }, randomBytes(16));
  letIn(hers, eve, newcomer);
  const [other = assert.fail()] = welcomeFrames(hers);
  assert.deepEqual(third.asker.take(other, NOW), { kind: 'ended', why: 'false-office' });
});

void test('nobody is let in before the newcomer’s person agreed, nor twice', () => {
  const { asker, comparison } = bothSides();
  assert.throws(() => comparison.letIn(NOW), { code: 'not-compared' });
  compared(asker, comparison);
  assert.throws(() => comparison.letIn(NOW), { code: 'not-compared' });
  comparison.take(agreed(asker), NOW);
  assert.ok(comparison.letIn(NOW).admission);
  assert.throws(() => comparison.letIn(NOW), { code: 'not-compared' });
});

void test('120 s end it on both sides', () => {
  const { asker, comparison } = bothSides();
  compared(asker, comparison);
  const end = NOW + COMPARE_WITHIN_MS;
  assert.equal(asker.tick(end - 1).kind, 'wait');
  assert.equal(asker.agree(end), undefined);
  assert.equal(comparison.take({ type: 'agree' }, end).kind, 'ended');
  assert.throws(() => comparison.letIn(end), { code: 'not-compared' });
  assert.deepEqual(asker.tick(end), { kind: 'ended', why: 'too-late' });
  assert.deepEqual(bothSides().comparison.tick(end), { kind: 'ended', why: 'too-late' });
  const late = bothSides();
  compared(late.asker, late.comparison);
  late.comparison.take(agreed(late.asker), NOW);
  assert.throws(() => late.comparison.letIn(end), { code: 'not-compared' });
});

void test('only whom the person chose to compare with may begin', () => {
  const { asker, comparison } = bothSides({ isExpected: false });
  const step = comparison.take(asker.first, NOW);
  assert.ok(step.kind === 'refused' && step.why === 'closed');
});

void test('the default refuses, and the newcomer is told', () => {
  const { asker, comparison } = bothSides();
  compared(asker, comparison);
  const frame = comparison.refuse() ?? assert.fail();
  assert.equal(comparison.refuse(), undefined);
  assert.deepEqual(asker.take(frame, NOW + MINUTE), { kind: 'refused', why: 'declined', addresses: [] });
  assert.equal(asker.agree(NOW), undefined);
});

void test('a removed computer is refused, and so is one whom a node may not admit', () => {
  const removed = bothSides();
  letIn(removed.ledger, ana, newcomer);
  putOut(removed.ledger, ana, newcomer);
  const step = removed.comparison.take(removed.asker.first, NOW);
  assert.ok(step.kind === 'refused' && step.why === 'removed');
  const { ledger } = officeOf('admins');
  const asker = askerOf(officeTagOf(ledger.office), bo);
  const comparison = comparisonOf(ledger, newcomer);
  compared(asker, comparison);
  comparison.take(agreed(asker), NOW);
  const { admission, frames } = comparison.letIn(NOW);
  assert.deepEqual(
    [admission, frames],
    [undefined, [{ type: 'refused', why: 'cannot-admit', addresses: [] }]],
  );
});

void test('a member adds a computer of its own where only admins admit others', () => {
  const { ledger } = officeOf('admins');
  const asker = askerOf(officeTagOf(ledger.office), bo);
  const comparison = comparisonOf(ledger, newcomer);
  compared(asker, comparison);
  comparison.take(agreed(asker), NOW);
  const { frames } = comparison.letIn(NOW, { person: bo.nodeId });
  assert.equal(frames.map((frame) => asker.take(frame, NOW)).at(-1)?.kind, 'joined');
  assert.equal(ledger.standing.members.get(newcomer.nodeId)?.person, bo.nodeId);
});
