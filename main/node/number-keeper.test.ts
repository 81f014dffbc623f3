import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import type { LocalizedText } from '../../i18n/index.ts';
import { Directory } from '../directory/index.ts';
import {
  foundOffice,
  Ledger,
  loadOrCreateIdentity,
  restore,
  signCard,
  signRule,
  type Identity,
} from '../identity/index.ts';
import { Emitter, nodePorts, toBase64url, type Signed } from '../model/index.ts';
import type { OfficeSession } from '../office/index.ts';
import { OfficeKeeper } from './office-keeper.ts';
import { NumberKeeper } from './number-keeper.ts';

const FOLDER = '/profile';

async function newIdentity(name: string): Promise<Identity> {
  return loadOrCreateIdentity(`/${name}`, () => undefined, { ...nodePorts, disk: new SimulatedDisk() });
}

function nameOf(identity: Identity, name: string): Signed {
  return identity.sign({
    ...{ v: 1, node: identity.nodeId, revision: 1, name, presence: 'available' },
    signingKey: toBase64url(identity.signingKeySpki),
    hpkeKey: toBase64url(identity.hpkePublicKey),
    endpoints: { address: '10.0.0.9', control: 1000, beat: 2000, media: 3000 },
  });
}

/** Ana founded the office and has 101; Bo has 103 or nothing; Dana's computer keeps her number. */
async function ground(t: TestContext, { number }: { readonly number: string | null } = { number: '102' }) {
  const [ana, bo, dana] = [await newIdentity('ana'), await newIdentity('bo'), await newIdentity('dana')];
  const { ledger } = foundOffice(ana, { name: 'Nord', admit: 'members' }, nodePorts.random.bytes(16));
  for (const who of [bo, dana])
    ledger.add(signRule(ana, ledger, 'admit', { card: signCard(who), person: who.nodeId }));
  ledger.add(signRule(ana, ledger, 'number', { person: ana.nodeId, extension: '101' }));
  ledger.add(signRule(ana, ledger, 'number', { person: bo.nodeId, extension: '103' }));
  if (number) ledger.add(signRule(ana, ledger, 'number', { person: dana.nodeId, extension: number }));
  const [disk, log]: [SimulatedDisk, string[]] = [new SimulatedDisk(), []];
  await disk.makeFolder(FOLDER);
  const keeper = new OfficeKeeper({
    ...{ folder: FOLDER, identity: dana, ports: { ...nodePorts, disk }, log: (line) => void log.push(line) },
  });
  const office = await keeper.begin(copyOf(ledger));
  t.after(() => office.ledger.close());
  const directory = new Directory();
  directory.follow(office.ledger);
  directory.merge([nameOf(ana, 'Ana'), nameOf(bo, 'Bo')]);
  const events: OfficeSession['events'] = new Emitter((error) => assert.fail(String(error)));
  office.ledger.events.on('standing', () => events.emit('changed', undefined));
  const troubles: (LocalizedText | undefined)[] = [];
  const numbers = new NumberKeeper({
    ...{ identity: dana, trouble: (text) => void troubles.push(text), log: (line) => void log.push(line) },
    session: { office, roster: { directory }, events },
  });
  t.after(() => numbers.close());
  const signed = () => office.ledger.statements.filter(({ payload }) => isNumberOf(payload, dana));
  const changed = (): void => events.emit('changed', undefined);
  return { ana, bo, dana, ledger, office, log, troubles, signed, changed, disk };
}

function isNumberOf(payload: string, { nodeId }: Identity): boolean {
  const { type, by } = JSON.parse(payload) as { type: string; by: string };
  return type === 'number' && by === nodeId;
}

function copyOf({ statements: [charter, ...rest] }: Ledger): Ledger {
  const copy = new Ledger(charter!);
  restore(copy, rest);
  return copy;
}

test('a number that goes to a colleague is replaced by one statement, and the trouble names the colleague', async (t) => {
  const { ana, bo, dana, office, troubles, signed, changed } = await ground(t);
  changed();
  assert.deepEqual([...troubles], [undefined]);
  // An admin ends Dana's grant with Bo's.
  const over = office.ledger.ids.at(-1)!;
  const grant = signRule(ana, office.ledger.plain, 'number', { person: bo.nodeId, extension: '102', over });
  await office.ledger.take([grant], ana.nodeId, 1);
  changed();
  changed();
  await until(() => troubles.at(-1) !== undefined, 'a trouble');
  assert.equal(office.ledger.holderOf('102'), bo.nodeId);
  assert.equal(office.ledger.extensionOf(dana.nodeId), '103', 'the lowest that is free');
  assert.equal(signed().length, 1);
  assert.match(String(troubles.at(-1)?.sentence), /^Extension 102 belongs to Bo now\. Yours is 103;/);
  changed();
  assert.equal(signed().length, 1);
  assert.ok(troubles.at(-1), 'it stands until another number is chosen');
  await office.ledger.sign('number', { person: dana.nodeId, extension: '300' });
  assert.equal(troubles.at(-1), undefined);
});

test('however often something changes while the node may not sign yet, it signs once and tells of no loss', async (t) => {
  const { dana, office, troubles, signed, changed } = await ground(t, { number: null });
  office.ledger.stale();
  for (let time = 0; time < 30; time += 1) changed();
  assert.equal(signed().length, 0);
  office.ledger.met();
  await until(() => office.ledger.extensionOf(dana.nodeId) === '102', 'the number');
  for (let time = 0; time < 30; time += 1) changed();
  await office.ledger.carryOut(function* nothing() {});
  assert.equal(signed().length, 1);
  assert.deepEqual(
    troubles.filter((trouble) => trouble !== undefined),
    [],
  );
});

test('a number that came while the node might not sign is kept', async (t) => {
  const { ana, dana, office, signed, changed } = await ground(t, { number: null });
  office.ledger.stale();
  changed();
  const grant = signRule(ana, office.ledger.plain, 'number', { person: dana.nodeId, extension: '400' });
  await office.ledger.take([grant], ana.nodeId, 1);
  office.ledger.met();
  await office.ledger.carryOut(function* nothing() {});
  assert.equal(office.ledger.extensionOf(dana.nodeId), '400');
  assert.equal(signed().length, 0);
});

test('where the disk refuses the statement, it is signed when the office changes again', async (t) => {
  const { ana, dana, office, log, disk, signed, changed } = await ground(t, { number: null });
  disk.capacityBytes = 0;
  changed();
  await until(() => log.some((line) => line.startsWith('A number could not be taken')), 'the refusal');
  changed();
  assert.equal(signed().length, 0);
  disk.capacityBytes = Infinity;
  const setting = signRule(ana, office.ledger.plain, 'setting', { key: 'name', value: 'Süd' });
  await office.ledger.take([setting], ana.nodeId, 1);
  await until(() => office.ledger.extensionOf(dana.nodeId) === '102', 'the number');
  assert.equal(signed().length, 1);
});

test('a computer whose numbers count no more signs no further one, and says so', async (t) => {
  const { ana, bo, dana, office, troubles, signed, changed } = await ground(t, { number: null });
  for (let time = 0; time < 64; time += 1)
    await office.ledger.sign('number', { person: dana.nodeId, extension: String(200 + time) });
  const over = office.ledger.ids.at(-1)!;
  const grant = signRule(ana, office.ledger.plain, 'number', { person: bo.nodeId, extension: '263', over });
  await office.ledger.take([grant], ana.nodeId, 1);
  await until(() => troubles.at(-1) !== undefined, 'a trouble');
  assert.match(String(troubles.at(-1)?.sentence), /64 times/);
  const before = signed().length;
  const setting = signRule(ana, office.ledger.plain, 'setting', { key: 'name', value: 'Süd' });
  await office.ledger.take([setting], ana.nodeId, 2);
  changed();
  await office.ledger.carryOut(function* nothing() {});
  assert.equal(signed().length, before);
});
