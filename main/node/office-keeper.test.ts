import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { foundOffice, Invitations, signCard, signRule } from '../identity/index.ts';
import { nodePorts, type CorridorError, type Ports } from '../model/index.ts';
import type { Office } from '../office/index.ts';
import { OfficeKeeper } from './office-keeper.ts';
import { copyOf, newIdentity } from './test-members.ts';

const FOLDER = '/home/dana/profile';

/** Dana keeps her offices on a disk; Ana founded the office that Dana was let into. */
async function ground() {
  const [ana, dana] = [await newIdentity('ana'), await newIdentity('dana')];
  const { ledger } = foundOffice(ana, { name: 'Nord', admit: 'members' }, nodePorts.random.bytes(16));
  const invitations = new Invitations(ledger);
  const { record } = invitations.make(ana, nodePorts.random.bytes(16), Date.now());
  const fields = { card: signCard(dana), person: dana.nodeId, extension: '102' };
  ledger.add(signRule(ana, ledger, 'admit', fields));
  const log: string[] = [];
  const disk = new SimulatedDisk();
  await disk.makeFolder(FOLDER);
  const keeperOn = (on: SimulatedDisk) => {
    const ports: Ports = { ...nodePorts, disk: on };
    return new OfficeKeeper({ folder: FOLDER, identity: dana, ports, log: (line) => log.push(line) });
  };
  const path = `${FOLDER}/ledger-${ledger.office}.jsonl`;
  return { ana, dana, ledger, record, log, disk, keeperOn, path };
}

const close = ({ ledger }: Office) => ledger.close();

test('an office that was come into is whole after a power failure, with the invitation that was redeemed', async () => {
  const { dana, ledger, record, disk, keeperOn } = await ground();
  const office = await keeperOn(disk).begin(copyOf(ledger), record);
  assert.ok(office.ledger.self);
  const again = await keeperOn(disk.afterPowerFailure('lost')).open(ledger.office);
  assert.deepEqual(again.ledger.ids, ledger.ids);
  assert.equal(again.ledger.extensionOf(dana.nodeId), '102');
  assert.deepEqual(again.invitations.records, [record]);
  await Promise.all([office, again].map(close));
});

test('what is signed in an office goes to its file', async () => {
  const { dana, ledger, disk, keeperOn } = await ground();
  const office = await keeperOn(disk).begin(copyOf(ledger));
  await office.ledger.sign('number', { person: dana.nodeId, extension: '300' });
  const link = await office.invitations.make({});
  await close(office);
  const again = await keeperOn(disk.afterPowerFailure('lost')).open(ledger.office);
  assert.equal(again.ledger.holderOf('300'), dana.nodeId);
  assert.equal(again.invitations.list()[0]?.link, link);
  await close(again);
});

test('a node that comes into an office where it was before keeps what it held, and writes it once', async () => {
  const { ana, dana, ledger, disk, keeperOn, path } = await ground();
  const before = await keeperOn(disk).begin(copyOf(ledger));
  await before.ledger.sign('number', { person: dana.nodeId, extension: '300' });
  const held = before.ledger.ids;
  await close(before);
  ledger.add(signRule(ana, ledger, 'admin', { node: dana.nodeId }));
  const office = await keeperOn(disk).begin(copyOf(ledger));
  assert.ok(held.every((id) => office.ledger.get(id)));
  assert.ok(office.ledger.isAdmin(dana.nodeId));
  await close(office);
  const lines = (await disk.readText(path)).trimEnd().split('\n');
  assert.equal(lines.length, new Set(lines).size);
});

test('a damaged line is told of, and what stands behind it counts when a colleague sends it again', async () => {
  const { ana, dana, ledger, log, disk, keeperOn, path } = await ground();
  const missing = ledger.statements.at(-1)!;
  ledger.add(signRule(ana, ledger, 'admin', { node: dana.nodeId }));
  await close(await keeperOn(disk).begin(copyOf(ledger)));
  const lines = (await disk.readText(path)).split('\n');
  const at = lines.findIndex((line) => line.includes(missing.signature));
  const start = lines.slice(0, at).join('\n').length + (at > 0 ? 1 : 0);
  disk.spoil(path, (content) => content.fill(0xff, start + 2, start + 12));
  const office = await keeperOn(disk).open(ledger.office);
  assert.match(log.join(), /1 lines of the office’s ledger are damaged/);
  assert.equal(office.ledger.self, undefined);
  await office.ledger.take([missing], ana.nodeId, 1);
  assert.ok(office.ledger.isAdmin(dana.nodeId));
  await close(office);
});

test('a file of which nothing can be read, or that is another office’s, is set aside with a sentence', async () => {
  const { ana, ledger, disk, keeperOn, path } = await ground();
  const other = foundOffice(ana, { name: 'Other', admit: 'members' }, nodePorts.random.bytes(16));
  const [{ payload, signature }] = other.ledger.statements as [{ payload: string; signature: string }];
  const contents = ['', '\0'.repeat(500), 'no ledger\n', `${JSON.stringify({ payload, signature })}\n`];
  for (const text of contents) {
    await close(await keeperOn(disk).begin(copyOf(ledger)));
    disk.spoil(path, () => Buffer.from(text));
    await assert.rejects(keeperOn(disk).open(ledger.office), (error: CorridorError) => {
      assert.equal(error.code, 'ledger-damaged');
      assert.ok(error.message.includes(`set aside as ${path}.damaged.`), error.message);
      return true;
    });
    // What has no end of line was never promised, and is cut off.
    if (text.endsWith('\n')) assert.equal(await disk.readText(`${path}.damaged`), text);
  }
  await assert.rejects(keeperOn(disk).open(ledger.office), { code: 'ledger-damaged' });
  assert.equal(
    await disk.readText(`${path}.damaged`),
    contents.at(-1),
    'a later start keeps what was set aside',
  );
  const again = await keeperOn(disk).begin(copyOf(ledger));
  assert.ok(again.ledger.self, 'and the office can be joined again');
  await close(again);
});

test('damaged invitations are set aside, and the office opens without them', async () => {
  const { ledger, record, disk, keeperOn } = await ground();
  await close(await keeperOn(disk).begin(copyOf(ledger), record));
  disk.spoil(`${FOLDER}/invitations-${ledger.office}.json`, () => Buffer.from('{"version":'));
  const keeper = keeperOn(disk);
  const office = await keeper.open(ledger.office);
  assert.ok(office.ledger.self);
  assert.deepEqual(office.invitations.records, []);
  assert.deepEqual(
    keeper.setAsides.map(({ code }) => code),
    ['file-damaged'],
  );
  await close(office);
});
