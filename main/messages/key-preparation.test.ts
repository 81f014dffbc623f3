import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { nextTurn, nodePorts, toBase64url, type ReadSheet } from '../model/index.ts';
import { Composer } from './compose.ts';
import { KeyPreparation } from './key-preparation.ts';
import { SenderKeys } from './sender-keys.ts';
import { newPerson, type Person } from './test-people.ts';
import { HandOffice } from './test-ports.ts';

/** A first unwrap is rehearsed with a key that is wrapped for oneself. */
const REHEARSAL = 1;

/** Ann prepares to talk. Each wrap begins with a key pair of its own (RFC 9180): those that are made are counted. */
async function ground(t: TestContext, change: Partial<Person['identity']> = {}) {
  const [ann, bob, cleo, dana] = await Promise.all(
    ['101', '102', '103', '104'].map((one) => newPerson(t, one)) as [
      Promise<Person>,
      Promise<Person>,
      Promise<Person>,
      Promise<Person>,
    ],
  );
  const time = new HandTime();
  const log: string[] = [];
  const { random } = nodePorts;
  const composer = new Composer({ identity: ann.identity, clock: time, random });
  const { nodeId, hpkeKey, hpkePublicKey, former } = ann.identity;
  const office = new HandOffice(nodeId);
  office.know(ann, bob, cleo, dana);
  const senderKeys = new SenderKeys({ identity: ann.identity, office, clock: time, random, nextTurn });
  const spread: ReadSheet[] = [];
  const sheets = { spread: (made: ReadSheet) => void spread.push(made) };
  const keys = new KeyPreparation({
    ...{
      senderKeys,
      sheets,
      identity: { nodeId, hpkeKey, hpkePublicKey, former, ...change },
      composer,
      random,
      clock: time,
      schedule: time.schedule,
    },
    log: (line) => log.push(line),
  });
  const { mock } = t.mock.method(webcrypto.subtle, 'generateKey');
  const prepare = t.mock.method(composer, 'prepare');
  const wraps = () => mock.callCount();
  const prepared = async (count: number) => {
    await until(() => wraps() >= count, `${count} key wraps`);
    const results = prepare.mock.calls.map(({ result }) => result as unknown as Promise<void>);
    await Promise.allSettled(results);
  };
  /** How many wraps a message to these people still waits for. */
  const stillFor = async (...to: readonly Person[]) => {
    const before = wraps();
    const recipients = to.map(({ record }) => record);
    await composer.header(composer.draft(), { recipients, from: '101', to: '102' });
    return wraps() - before;
  };
  const expect = (...people: readonly Person[]) => keys.expect(people.map(({ record }) => record));
  return { office, bob, cleo, dana, spread, time, log, keys, wraps, prepared, stillFor, expect };
}

test('a message waits for no key agreement with colleagues who were expected', async (t) => {
  const { bob, cleo, time, prepared, stillFor, expect } = await ground(t);
  expect(bob, cleo);
  time.pass(200);
  await prepared(3 + REHEARSAL);
  assert.equal(await stillFor(bob, cleo), 0);
  assert.equal(await stillFor(bob, cleo), 3, 'what is prepared serves one message');
});

test('nothing is prepared before the news has settled for 200 ms, and then for the latest news alone', async (t) => {
  const { bob, cleo, time, wraps, prepared, stillFor, expect } = await ground(t);
  expect(bob, cleo);
  time.pass(199);
  expect(bob);
  time.pass(199);
  await nextTurn();
  assert.equal(wraps(), 0);
  assert.deepEqual(time.dueIn, [1]);
  time.pass(1);
  await prepared(2 + REHEARSAL);
  assert.equal(await stillFor(cleo), 1, 'for Cleo, who left again, nothing was prepared');
});

test('an unwrap is rehearsed once, and what is prepared is not prepared again', async (t) => {
  const { bob, cleo, time, wraps, prepared, expect } = await ground(t);
  for (const [people, count] of [
    [[bob], 2 + REHEARSAL],
    [[bob, cleo], 3 + REHEARSAL],
  ] as const) {
    expect(...people);
    time.pass(200);
    await prepared(count);
    assert.equal(wraps(), count);
  }
});

test('a colleague with an invalid key delays no other, and is reported', async (t) => {
  const { bob, cleo, time, log, prepared, stillFor, expect } = await ground(t);
  const broken = { ...bob, record: { ...bob.record, hpkeKey: toBase64url(new Uint8Array(65)) } };
  expect(broken, cleo);
  time.pass(200);
  await prepared(2 + REHEARSAL);
  await until(() => log.length > 0, 'the line in the log');
  assert.match(log.join(), /^Keys could not be prepared: A recipient’s key is not usable/);
  assert.equal(await stillFor(cleo), 0);
});

test('a rehearsal that fails is reported, and has no other effect', async (t) => {
  const stranger = await newPerson(t, '104');
  const { hpkePublicKey } = stranger.identity;
  const { bob, time, log, prepared, stillFor, expect } = await ground(t, { hpkePublicKey });
  expect(bob);
  time.pass(200);
  await prepared(2 + REHEARSAL);
  await until(() => log.length > 0, 'the line in the log');
  assert.match(log.join(), /^Keys could not be prepared: /);
  assert.equal(await stillFor(bob), 0);
});

test('after close it prepares nothing more', async (t) => {
  const { bob, time, keys, wraps, expect } = await ground(t);
  expect(bob);
  keys.close();
  assert.deepEqual(time.dueIn, []);
  time.pass(200);
  await nextTurn();
  assert.equal(wraps(), 0);
});

test('many recipients of the talk key get a sender key in advance, and only once', async (t) => {
  const { bob, cleo, dana, spread, keys, wraps } = await ground(t);
  const chosen = [bob, cleo, dana].map(({ record }) => record);
  keys.choose(chosen.slice(0, 2), () => []);
  keys.choose(chosen, () => []);
  await until(() => spread.length === 1, 'the sheet');
  assert.deepEqual(
    spread[0]?.sheet.recipients,
    chosen.map(({ node }) => node),
  );
  keys.choose(chosen.toReversed(), () => []);
  await until(() => spread.length === 2, 'the same people again');
  assert.equal(spread[1]?.hash, spread[0]?.hash);
  assert.equal(wraps(), 4, 'one for each of them, and one for the talker');
});

test('others whom one key press can reach get theirs a second later, and no sheet is sent for them', async (t) => {
  const { bob, cleo, dana, spread, time, keys, wraps } = await ground(t);
  const others = [bob, cleo, dana].map(({ record }) => record);
  keys.choose([], () => [others]);
  assert.equal(wraps(), 0);
  time.pass(1_000);
  await until(() => wraps() === 4, 'the keys');
  keys.close();
  assert.deepEqual(spread, []);
});

test('the key for whom the talk key reaches is renewed before its day is over, also where nothing happens', async (t) => {
  const { bob, cleo, dana, time, keys, wraps } = await ground(t);
  keys.choose(
    [bob, cleo, dana].map(({ record }) => record),
    () => [],
  );
  await until(() => wraps() === 4, 'the key');
  time.pass(1_000);
  for (let hour = 0; hour < 20; hour++) {
    await until(() => time.dueIn.length === 1, 'the next look');
    assert.equal(wraps(), 4);
    time.pass(60 * 60_000);
  }
  await until(() => wraps() === 8, 'the next key');
  keys.close();
});

test('an invalid key makes no sheet, and is reported', async (t) => {
  const { bob, cleo, dana, spread, log, keys } = await ground(t);
  const broken = { ...dana.record, hpkeKey: toBase64url(new Uint8Array(65)) };
  keys.choose([bob.record, cleo.record, broken], () => []);
  await until(() => log.length > 0, 'the line in the log');
  assert.match(log.join(), /^A sender key could not be made: A recipient’s key is not usable/);
  assert.deepEqual(spread, []);
});
