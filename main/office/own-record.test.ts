import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { Directory } from '../directory/index.ts';
import { verifyNodeRecord } from '../model/index.ts';
import { OwnRecord } from './own-record.ts';
import { Roster } from './roster.ts';
import { newIdentity } from './test-network.ts';
import { HandPerson } from './test-session.ts';

const ENDPOINTS = { address: '10.0.0.1', control: 1, beat: 2, media: 3 };
const ON_WIFI = { ...ENDPOINTS, address: '10.0.0.2' };

async function ground(t: TestContext, settings: ConstructorParameters<typeof HandPerson>[0] = {}) {
  const disk = { isFull: false };
  const identity = await newIdentity(t);
  const [time, person, directory] = [new HandTime(), new HandPerson(settings), new Directory()];
  const roster = new Roster(identity, directory);
  const record = new OwnRecord({
    roster,
    identity,
    person,
    network: { isWireless: (address) => address === ON_WIFI.address },
    clock: time,
    storeId: 'AAAAAAAAAAA',
    isFull: () => disk.isFull,
  });
  return { disk, identity, time, person, directory, record };
}

test('before it is signed for the first time, the person must set a name', async (t) => {
  const { record, person } = await ground(t, { name: null });
  assert.throws(() => record.current, { code: 'not-set-up' });
  record.setEndpoints(ENDPOINTS);
  assert.throws(() => record.current, { code: 'not-set-up' }, 'where it listens is not who it is');
  await person.note({ name: 'Ann' });
  record.refresh();
  assert.equal(record.current.record.name, 'Ann');
});

test('it has the person’s name and its addresses, verifies, and is in the directory as online', async (t) => {
  const { record, identity, directory, time } = await ground(t, { presence: 'busy' });
  record.setEndpoints(ENDPOINTS);
  const { signed, record: own } = record.current;
  assert.deepEqual(verifyNodeRecord(signed), own);
  assert.deepEqual(
    [own.name, own.presence, own.endpoints, own.revision],
    ['Ann', 'busy', ENDPOINTS, time.now()],
  );
  assert.deepEqual(directory.signed(identity.nodeId), signed);
  assert.equal(directory.presenceOf(identity.nodeId), 'busy');
});

test('its revision always rises: at each refresh, after the clock was set back, after a restart', async (t) => {
  const { record, person, time } = await ground(t, { revision: 9_000_000_000_000 });
  record.setEndpoints(ENDPOINTS);
  assert.equal(record.current.record.revision, 9_000_000_000_001);
  record.refresh();
  assert.equal(record.current.record.revision, 9_000_000_000_002);
  assert.equal(person.settings.revision, 9_000_000_000_002, 'it is kept for the next start');
  assert.ok(time.now() < person.settings.revision);
});

test('it says that there is no room to keep messages, and leaves that out where there is', async (t) => {
  const { record, disk } = await ground(t);
  record.setEndpoints(ENDPOINTS);
  assert.ok(!('full' in record.current.record));
  disk.isFull = true;
  record.refresh();
  assert.equal(verifyNodeRecord(record.current.signed)?.full, true);
  disk.isFull = false;
  record.refresh();
  assert.ok(!('full' in record.current.record));
});

test('it says that its address is on Wi-Fi, and leaves that out of a cable’s', async (t) => {
  const { record } = await ground(t);
  record.setEndpoints(ENDPOINTS);
  assert.ok(!('wireless' in record.current.record));
  record.setEndpoints(ON_WIFI);
  assert.equal(verifyNodeRecord(record.current.signed)?.wireless, true);
  record.setEndpoints(ENDPOINTS);
  assert.ok(!('wireless' in record.current.record));
});

test('it catches up with a later record of this node that a colleague has, and not with a forged one', async (t) => {
  const { record, identity, person, time } = await ground(t);
  record.setEndpoints(ENDPOINTS);
  const { record: now } = record.current;
  const later = identity.sign({ ...now, revision: now.revision + 5000 });
  const forged = { ...later, payload: later.payload.replace('Ann', 'Eve') };
  const ofOther = await newIdentity(t);
  const claimed = ofOther.sign({ ...now, revision: now.revision + 9000 });
  for (const signed of [record.current.signed, forged, claimed]) assert.equal(record.catchUp(signed), false);
  assert.equal(record.catchUp(later), true);
  record.refresh();
  assert.equal(record.current.record.revision, now.revision + 5001);
  assert.equal(person.settings.revision, now.revision + 5001);
  const stillLater = identity.sign({ ...now, revision: now.revision + 6000 });
  assert.equal(
    record.catchUp(stillLater),
    false,
    'another computer has a copy of the profile: not again at once',
  );
  time.pass(60_000);
  assert.equal(record.catchUp(stillLater), true);
});
