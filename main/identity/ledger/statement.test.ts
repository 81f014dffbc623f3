import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { test } from 'node:test';
import { MAX_STATEMENT_BYTES, signStatement, toBase64url, type Signed } from '../../model/index.ts';
import { Ledger } from './ledger.ts';
import { officeIdOf, readCard, readLedgerStatement, type OfficeId } from './statement.ts';
import { areIn, computer, Office, said, type SignedStatement, type Signer } from './test-office.ts';

const [ana, bo, cy] = [computer(0), computer(1), computer(2)];
const P256_ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

function cardWith(signer: Signer, keys: { signingKey?: Uint8Array; hpkeKey?: Uint8Array }): Signed {
  return signer.sign({
    v: 1,
    type: 'card',
    signingKey: toBase64url(keys.signingKey ?? signer.signingKeySpki),
    hpkeKey: toBase64url(keys.hpkeKey ?? signer.hpkePublicKey),
  });
}

function intakeOf(office: Office, statement: Signed): string {
  return new Ledger(office.charter).add(statement);
}

void test('the office id is the first 16 bytes of the charter’s id, so a second charter is another office', () => {
  const office = new Office();
  assert.equal(Buffer.from(office.charter.id, 'base64url').subarray(0, 16).toString('base64url'), office.id);
  const other = new Office({ founder: bo });
  assert.equal(intakeOf(office, other.charter), 'refused');
  const again = new Office();
  assert.notEqual(again.id, office.id);
  assert.equal(intakeOf(office, again.charter), 'refused');
});

void test('the charter itself is known, and holds the founder alone', () => {
  const office = new Office();
  assert.equal(intakeOf(office, office.charter), 'known');
  const { members, admins } = office.ledger().standing;
  assert.deepEqual([...members.keys()], [ana.nodeId]);
  assert.deepEqual([...admins], [ana.nodeId]);
});

void test('a broken charter is no statement of an unknown type', () => {
  const office = new Office();
  assert.equal(intakeOf(office, office.say(ana, [office.charter], 'charter')), 'refused');
});

void test('a statement of another office is refused', () => {
  const office = new Office();
  const other = new Office();
  const admitted = other.admit(ana, [office.charter], bo);
  assert.equal(intakeOf(office, admitted), 'refused');
});

void test('a second valid signature of the same payload is the same statement', () => {
  const office = new Office();
  const admitted = office.admit(ana, [office.charter], bo);
  const bytes = Buffer.from(admitted.signature, 'base64url');
  const s = P256_ORDER - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const mirrored = Buffer.concat([
    bytes.subarray(0, 32),
    Buffer.from(s.toString(16).padStart(64, '0'), 'hex'),
  ]);
  const second = { payload: admitted.payload, signature: mirrored.toString('base64url') };
  assert.notEqual(second.signature, admitted.signature);
  const ledger = office.ledger(admitted);
  const { digest } = ledger.standing;
  assert.equal(ledger.add(second), 'known');
  assert.equal(ledger.standing.digest, digest);
  assert.equal(intakeOf(office, second), 'added', 'it is as good as the first one');
});

void test('a statement that its author did not sign is refused', () => {
  const office = new Office();
  const { payload } = office.admit(ana, [office.charter], bo);
  const signature = signStatement('', bo.privateKey).signature;
  assert.equal(intakeOf(office, { payload, signature }), 'refused');
  assert.equal(
    intakeOf(office, office.admit(cy, [office.charter], bo)),
    'refused',
    'nobody knows the author',
  );
});

void test('a forged signature that comes first does not take the place of a waiting statement', () => {
  const office = new Office();
  const admitted = office.admit(ana, [office.charter], bo);
  const number = office.number(bo, [admitted], '12');
  const forged = { payload: number.payload, signature: signStatement('', bo.privateKey).signature };
  for (const order of [
    [forged, number],
    [number, forged],
  ]) {
    const ledger = office.ledger(...order, admitted);
    assert.equal(ledger.standing.extensions.get('12'), bo.nodeId);
    assert.deepEqual(ledger.missing, []);
  }
});

void test('base64url with unused bits set is refused in every id and key', () => {
  const office = new Office();
  const twisted = (text: string) =>
    text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1);
  assert.deepEqual(
    Buffer.from(twisted(office.charter.id), 'base64url'),
    Buffer.from(office.charter.id, 'base64url'),
    'the second spelling decodes alike',
  );
  const fields = { nodes: [ana.nodeId] };
  const of = (more: object) =>
    said(
      ana.sign({
        ...{ v: 1, type: 'remove', by: ana.nodeId, office: office.id, after: [office.charter.id] },
        ...fields,
        ...more,
      }),
    );
  assert.equal(intakeOf(office, of({})), 'added');
  assert.equal(intakeOf(office, of({ office: twisted(office.id) })), 'refused');
  assert.equal(intakeOf(office, of({ after: [twisted(office.charter.id)] })), 'refused');
  assert.equal(intakeOf(office, of({ by: twisted(ana.nodeId) })), 'refused');
  assert.equal(intakeOf(office, of({ nodes: [twisted(ana.nodeId)] })), 'refused');
  assert.equal(
    intakeOf(office, of({ type: 'recovery', key: twisted(toBase64url(bo.hpkePublicKey)) })),
    'refused',
  );
});

void test('a card holds two points of P-256, uncompressed, and is signed by its node', () => {
  assert.equal(readCard(bo.card)?.node, bo.nodeId);
  const off = Buffer.from(bo.hpkePublicKey);
  off[64] = (off[64] ?? 0) ^ 1;
  const hybrid = Buffer.from(bo.hpkePublicKey);
  hybrid[0] = 6 + ((hybrid[64] ?? 0) & 1);
  const hybridSigning = Buffer.from(bo.signingKeySpki);
  hybridSigning[26] = 6 + ((hybridSigning[90] ?? 0) & 1);
  for (const keys of [
    { hpkeKey: off },
    { hpkeKey: hybrid },
    { hpkeKey: Buffer.alloc(65) },
    { signingKey: hybridSigning },
    { signingKey: Buffer.alloc(91, 4) },
    { signingKey: cy.signingKeySpki },
  ]) {
    const card = cardWith(bo, keys);
    assert.equal(readCard(card), undefined);
    const office = new Office();
    const fields = { card, person: bo.nodeId };
    assert.equal(intakeOf(office, office.say(ana, [office.charter], 'admit', fields)), 'refused');
  }
});

void test('`after` names 1 to 16 statements, none twice', () => {
  const office = new Office();
  const ledger = office.ledger();
  const people = Array.from({ length: 17 }, (_, n) => office.admit(ana, [office.charter], computer(n + 1)));
  for (const admitted of people) assert.equal(ledger.add(admitted), 'added');
  const name = { key: 'name', value: 'Nord' };
  const settingAfter = (...after: SignedStatement[]) => office.say(ana, after, 'setting', name);
  assert.equal(ledger.add(settingAfter()), 'refused');
  assert.equal(ledger.add(settingAfter(...people)), 'refused');
  assert.equal(ledger.add(settingAfter(office.charter, office.charter)), 'refused');
  assert.equal(ledger.add(settingAfter(...people.slice(0, 16))), 'added');
});

void test('a statement that names one which does not exist waits, and asks for it', () => {
  const office = new Office();
  const ledger = office.ledger();
  const nobodys = said({ payload: 'nothing', signature: '' });
  assert.equal(ledger.add(office.admit(ana, [nobodys], bo)), 'waiting');
  assert.deepEqual(ledger.missing, [nobodys.id]);
  assert.deepEqual(areIn(ledger, bo), [false]);
});

void test('no more than 256 statements wait; the oldest is dropped', () => {
  const office = new Office();
  const ledger = office.ledger();
  const nobodys = Array.from({ length: 258 }, (_, n) => said({ payload: String(n), signature: '' }));
  for (const missing of nobodys) ledger.add(office.say(ana, [missing], 'later'));
  assert.deepEqual(
    ledger.missing,
    nobodys.slice(2).map(({ id }) => id),
  );
});

void test('unknown fields pass as long as the payload has 4 KiB of UTF-8 or less', () => {
  const office = new Office();
  const sized = (bytes: number, letter: string) => {
    const bare = office.say(ana, [office.charter], 'setting', { key: 'name', value: 'Nord', pad: '' });
    const pad = letter.repeat((bytes - bare.payload.length) / Buffer.byteLength(letter));
    return office.say(ana, [office.charter], 'setting', { key: 'name', value: 'Nord', pad });
  };
  assert.equal(intakeOf(office, sized(MAX_STATEMENT_BYTES, 'a')), 'added');
  assert.equal(intakeOf(office, sized(MAX_STATEMENT_BYTES + 1, 'a')), 'refused');
  assert.equal(intakeOf(office, sized(MAX_STATEMENT_BYTES + 100, 'é')), 'refused', 'bytes are counted');
});

void test('a lone surrogate is refused: payloads that say different things would have one id', () => {
  const office = new Office();
  const of = (value: string) =>
    JSON.stringify({
      ...{ v: 1, type: 'setting', by: ana.nodeId, office: office.id, after: [office.charter.id] },
      ...{ key: 'name', value: 'VALUE' },
    }).replace('VALUE', value);
  const sealed = (payload: string) =>
    said({
      payload,
      signature: sign('sha256', Buffer.from(payload), {
        key: ana.privateKey,
        dsaEncoding: 'ieee-p1363',
      }).toString('base64url'),
    });
  const [one, other] = [sealed(of('\ud800')), sealed(of('\ud801'))];
  assert.equal(one.id, other.id);
  for (const statement of [one, other]) assert.equal(intakeOf(office, statement), 'refused');
  assert.equal(intakeOf(office, sealed(of('😀'))), 'added');
});

void test('what is no statement at all is refused, whatever it is', () => {
  const office = new Office();
  const id = officeIdOf(office.charter.id);
  for (const payload of [
    '',
    'null',
    '[]',
    '{',
    '"text"',
    '{"v":1}',
    '{"v":1,"type":"admit"}',
    '{"__proto__":1}',
  ])
    assert.equal(readLedgerStatement({ payload, signature: '' }, id), undefined);
  assert.equal(readLedgerStatement(office.charter, 'x' as OfficeId), undefined);
  assert.throws(() => new Ledger(office.admit(ana, [office.charter], bo)), RangeError);
});
