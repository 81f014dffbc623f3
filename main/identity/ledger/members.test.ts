import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBase64url } from '../../model/index.ts';
import { MAX_SPONSORED } from './count.ts';
import { areIn, computer, Office, personOf, type SignedStatement } from './test-office.ts';

const [ana, bo, cy, dana] = [computer(0), computer(1), computer(2), computer(3)];

/** Ana founds, and admits Bo and Dana, who are plain members. */
function started(admit: 'members' | 'admins' = 'members') {
  const office = new Office({ admit });
  const admitted = [bo, dana].map((who) => office.admit(ana, [office.charter], who));
  return { office, admitted };
}

void test('members admit where the office says so, and only then', () => {
  for (const admit of ['members', 'admins'] as const) {
    const { office, admitted } = started(admit);
    const guest = office.admit(bo, admitted, cy);
    assert.deepEqual(areIn(office.ledger(...admitted, guest), cy), [admit === 'members']);
    const other = { key: 'admit', value: admit === 'members' ? 'admins' : 'members' };
    const setting = office.say(ana, admitted, 'setting', other);
    const later = office.admit(bo, [setting], cy);
    assert.deepEqual(areIn(office.ledger(...admitted, setting, later), cy), [admit !== 'members']);
    const unaware = office.ledger(...admitted, setting, guest);
    assert.deepEqual(areIn(unaware, cy), [admit === 'members'], 'the setting in its own past is what binds');
    const plain = office.say(bo, admitted, 'setting', other);
    assert.deepEqual(areIn(office.ledger(...admitted, plain, guest), cy), [admit === 'members']);
  }
});

void test('a right that was granted later validates nothing earlier', () => {
  const { office, admitted } = started('admins');
  const early = office.admit(bo, admitted, cy);
  const grant = office.makeAdmin(ana, admitted, bo);
  assert.deepEqual(areIn(office.ledger(...admitted, early, grant), cy), [false]);
  assert.deepEqual(areIn(office.ledger(...admitted, grant, office.admit(bo, [grant], cy)), cy), [true]);
});

void test('a plain member makes nobody an admin, and grants no right', () => {
  const { office, admitted } = started();
  const ledger = office.ledger(
    ...[...admitted, office.makeAdmin(bo, admitted, bo)],
    office.say(bo, admitted, 'right', { person: bo.nodeId, rights: ['urgent'] }),
  );
  assert.deepEqual([...ledger.standing.admins], [ana.nodeId]);
  assert.equal(ledger.standing.rights.size, 0);
});

void test('80 sock puppets with guests: a plain member and all whom they let in answer for 64 people', () => {
  const { office, admitted } = started();
  const puppets: SignedStatement[] = [];
  let seen: readonly SignedStatement[] = admitted;
  for (let n = 0; n < 80; n++) {
    // Each puppet lets the next one in; the first is let in by Bo.
    const puppet = office.admit(n === 0 ? bo : computer(99 + n), seen, computer(100 + n));
    puppets.push(puppet);
    seen = [puppet];
  }
  const { sponsored, members } = office.ledger(...admitted, ...puppets).standing;
  assert.equal(members.size, 3 + MAX_SPONSORED);
  assert.deepEqual([...sponsored], [[personOf(bo), MAX_SPONSORED]]);
});

void test('an admin whom a member let in takes no place of theirs, and a removed guest keeps it', () => {
  const { office, admitted } = started();
  const guests = Array.from({ length: 64 }, (_, n) => office.admit(bo, admitted, computer(100 + n)));
  const full = [...admitted, ...guests];
  const isIn = (...more: SignedStatement[]) => areIn(office.ledger(...full, ...more), cy)[0];
  const seen = guests.slice(0, 16);
  assert.equal(isIn(office.admit(bo, seen, cy)), false);
  const removal = office.remove(ana, seen, computer(100));
  assert.equal(isIn(removal, office.admit(bo, [removal], cy)), false);
  const grant = office.makeAdmin(ana, seen, computer(100));
  assert.equal(isIn(grant, office.admit(bo, [grant], cy)), true);
  assert.equal(isIn(office.admit(ana, seen, cy)), true, 'an admin has no such bound');
});

void test('an added ear: neither an admin nor a member adds a computer to another person', () => {
  const { office, admitted } = started();
  const ear = office.admit(ana, admitted, cy, { person: dana });
  const other = office.admit(bo, admitted, computer(4), { person: dana });
  assert.deepEqual(areIn(office.ledger(...admitted, ear, other), cy, computer(4)), [false, false]);
});

void test('this is me again: an admin passes a person on only while all their old computers are out', () => {
  const { office, admitted } = started();
  const laptop = office.admit(dana, admitted, computer(4), { person: dana });
  const half = office.remove(ana, [laptop], dana);
  const heir = (...seen: SignedStatement[]) => office.admit(ana, seen, cy, { person: dana });
  const isIn = (...more: SignedStatement[]) => areIn(office.ledger(...admitted, laptop, ...more), cy)[0];
  assert.equal(isIn(half, heir(half)), false, 'the laptop is still in');
  const whole = office.remove(ana, [half], computer(4));
  const passed = heir(whole);
  assert.equal(isIn(half, whole, passed), true);
  assert.equal(
    office.ledger(...admitted, laptop, half, whole, passed).standing.members.get(cy.nodeId)?.person,
    dana.nodeId,
  );
  assert.equal(isIn(half, whole, heir(half)), false, 'the removal is not in its past');
  const restored = office.restore(ana, [passed], whole);
  assert.equal(isIn(half, whole, passed, restored), false, 'the laptop is in again, and the ear is out');
});

void test('a person has four further computers; a removed one frees its place', () => {
  const { office, admitted } = started();
  const further = Array.from({ length: 5 }, (_, n) =>
    office.admit(dana, admitted, computer(10 + n), { person: dana }),
  );
  const { members } = office.ledger(...admitted, ...further).standing;
  assert.equal([...members.values()].filter(({ person }) => person === dana.nodeId).length, 5);
  const four = further.slice(0, 4);
  const removal = office.remove(dana, four, computer(10));
  const next = office.admit(dana, [removal], computer(20), { person: dana });
  assert.deepEqual(areIn(office.ledger(...admitted, ...four, removal, next), computer(20)), [true]);
});

void test('a computer belongs to one person for good', () => {
  const { office, admitted } = started();
  const claim = office.admit(bo, admitted, dana, { person: bo });
  const { members } = office.ledger(...admitted, claim).standing;
  assert.equal(members.get(dana.nodeId)?.person, dana.nodeId);
});

void test('one invitation used up in both halves: nobody falls out when the split heals', () => {
  const { office, admitted } = started();
  const invitation = toBase64url(Buffer.alloc(16, 7));
  const invited = [cy, computer(4), computer(5)].map((who, n) =>
    office.say(n === 0 ? bo : dana, admitted, 'admit', { card: who.card, person: who.nodeId, invitation }),
  );
  assert.deepEqual(areIn(office.ledger(...admitted, ...invited), cy, computer(4), computer(5)), [
    true,
    true,
    true,
  ]);
});

void test('the recovery code makes one admin, once, and signs nothing else', () => {
  const { office, admitted } = started();
  const grant = office.makeAdmin(office.code, admitted, bo);
  const second = office.makeAdmin(office.code, [grant], dana);
  const other = office.say(office.code, admitted, 'setting', { key: 'name', value: 'Mine' });
  const { admins, settings, members } = office.ledger(...admitted, grant, second, other).standing;
  assert.deepEqual([...admins].sort(), [ana.nodeId, bo.nodeId].sort());
  assert.equal(settings.get('name'), 'Nord');
  assert.equal(members.has(office.code.nodeId), false);
});

void test('a backdated recovery code, after a removal named its key, makes no admin', () => {
  const { office, admitted } = started();
  const grant = office.makeAdmin(ana, admitted, bo);
  const removal = office.remove(bo, [grant], ana, office.code);
  const backdated = office.makeAdmin(office.code, admitted, dana);
  const unseen = office.makeAdmin(office.code, [office.charter, ...admitted], bo);
  const ledger = office.ledger(...admitted, grant, removal, backdated, unseen);
  assert.deepEqual([...ledger.standing.admins], [bo.nodeId]);
});

void test('who knows the recovery code does not make its key a computer, and the code still works', () => {
  const { office, admitted } = started();
  const hpkeKey = toBase64url(cy.hpkePublicKey);
  const point = Buffer.from(office.code.publicKey);
  const spki = Buffer.concat([Buffer.from(cy.signingKeySpki.subarray(0, 26)), point]);
  const card = office.code.sign({ v: 1, type: 'card', signingKey: toBase64url(spki), hpkeKey });
  const claim = office.say(bo, admitted, 'admit', { card, person: office.code.nodeId });
  const grant = office.makeAdmin(office.code, [claim], dana);
  const { members, admins } = office.ledger(...admitted, claim, grant).standing;
  assert.equal(members.has(office.code.nodeId), false);
  assert.ok(admins.has(dana.nodeId));
});

void test('the last right and the last setting in order hold', () => {
  const { office, admitted } = started();
  const right = (seen: readonly SignedStatement[], ...rights: string[]) =>
    office.say(ana, seen, 'right', { person: bo.nodeId, rights });
  const name = (seen: readonly SignedStatement[], value: string) =>
    office.say(ana, seen, 'setting', { key: 'name', value });
  const first = [right(admitted, 'urgent', 'override'), name(admitted, 'Süd')];
  const last = [right(first, 'urgent'), name(first, 'Ost')];
  const { rights, settings } = office.ledger(...admitted, ...last, ...first).standing;
  assert.deepEqual(rights.get(bo.nodeId), ['urgent']);
  assert.equal(settings.get('name'), 'Ost');
});

void test('an author signs after its own rights even where there are more heads than a statement names', async () => {
  const { signRule } = await import('./author.ts');
  const { office, admitted } = started();
  const grant = office.makeAdmin(ana, admitted, bo);
  // Dana's laptop and twenty others that only the charter came before; then long ways that hide them among the latest.
  const shallow = Array.from({ length: 20 }, (_, n) =>
    office.admit(ana, [office.charter], computer(100 + n)),
  );
  const deep = Array.from({ length: 20 }, (_, n) => office.admit(ana, [grant], computer(130 + n)));
  const ledger = office.ledger(...admitted, grant, ...shallow, ...deep);
  assert.ok(ledger.standing.heads.length > 16);
  const signed = signRule(computer(100), ledger, 'first', { first: admitted[0]!.id, over: admitted[1]!.id });
  const { digest } = ledger.standing;
  assert.equal(ledger.add(signed), 'added');
  assert.notEqual(ledger.standing.digest, digest, 'it counts');
});

void test('when somebody was let in and taken out is read where it was written down, and decides nothing', () => {
  const { office, admitted } = started();
  const more = { card: cy.card, person: cy.nodeId };
  const strange: unknown[] = ['yesterday', -1, 1.5, null];
  for (const at of [1_700_000_000_000, undefined, ...strange]) {
    const admit = office.say(ana, admitted, 'admit', { ...more, at });
    const removal = office.say(ana, [admit], 'remove', { nodes: [bo.nodeId], at });
    const { standing } = office.ledger(...admitted, admit, removal);
    assert.ok(standing.members.has(cy.nodeId), String(at));
    assert.ok(standing.removed.has(bo.nodeId), String(at));
    const said = typeof at === 'number' && Number.isInteger(at) && at >= 0 ? at : undefined;
    assert.equal(standing.admittedAt.get(cy.nodeId), said);
    assert.equal(standing.removedAt.get(bo.nodeId), said);
  }
});
