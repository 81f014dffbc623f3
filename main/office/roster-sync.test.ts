import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { Directory } from '../directory/index.ts';
import type { Identity } from '../identity/index.ts';
import { nodePorts, type NodeId, type Signed } from '../model/index.ts';
import { Links } from './links.ts';
import { MemberDatagrams } from './member-datagrams.ts';
import { datagramOfficeOf } from './datagram-office.ts';
import { OwnRecord } from './own-record.ts';
import { RosterSync } from './roster-sync.ts';
import { Roster } from './roster.ts';
import { rosterFrames } from './roster-frames.ts';
import {
  HAND_CREDENTIALS,
  HandLink,
  HandNetwork,
  newIdentities,
  newIdentity,
  recordOf,
} from './test-network.ts';
import { HandPerson } from './test-session.ts';
import { foundTestOffice, openDesk, plainLedger } from './test-office.ts';

/** This node, with the links of Bob and Cleo, or with one up to the switch Bob. */
async function ground(t: TestContext, role: 'switch' | 'member', others: readonly Identity[] = []) {
  const [self, bob, cleo] = await newIdentities(t, 3);
  const [network, time] = [new HandNetwork(), new HandTime()];
  const shared = { network, schedule: time.schedule, log: () => undefined };
  const links = new Links({
    ...shared,
    isFavoured: () => false,
    credentials: HAND_CREDENTIALS,
  });
  await links.listen('10.0.0.1', 0);
  const ledger = plainLedger(foundTestOffice(self, [bob, cleo, ...others]));
  const { ledger: office } = await openDesk(self, ledger.statements);
  const datagrams = await MemberDatagrams.open(
    { address: '10.0.0.1', port: 0 },
    {
      ...shared,
      ...{ identity: self, membership: datagramOfficeOf(office), boot: 1 },
      ...{ clock: time, random: nodePorts.random },
    },
  );
  const roster = new Roster(self, new Directory());
  roster.directory.use(office);
  let changes = 0;
  const own = recordOf(self);
  const person = new HandPerson({ revision: own.record.revision });
  const record = new OwnRecord({
    ...{ roster, identity: self, person, clock: time, storeId: 'AAAAAAAAAAA' },
    network: { isWireless: () => false },
  });
  let timesBehind = 0;
  const sync = new RosterSync({
    ...{ roster, links, datagrams },
    record: { current: own, catchUp: (signed) => record.catchUp(signed) },
    isBehind: () => (timesBehind += 1),
    now: () => time.monotonic(),
    isSwitch: () => role === 'switch',
    changed: () => (changes += 1),
  });
  const [toBob, toCleo] = [new HandLink(bob.nodeId), new HandLink(cleo.nodeId)];
  const stranger = new HandLink((await newIdentity(t)).nodeId);
  if (role === 'switch') {
    for (const link of [toBob, toCleo, stranger]) network.servers[0]!.options.onLink(link.asLink);
    for (const link of [toBob, toCleo]) links.welcome(link.asLink);
  } else {
    links.follow({ node: bob.nodeId, address: '10.0.0.2', port: 1 });
    network.attempts[0]!.succeed(toBob);
    await until(() => links.upstream !== undefined, 'the link to the switch');
  }
  roster.directory.add(own.signed);
  return {
    self,
    own,
    bob,
    cleo,
    sync,
    roster,
    toBob,
    toCleo,
    stranger,
    datagrams,
    changes: () => changes,
    timesBehind: () => timesBehind,
  };
}

test('the switch answers a hello with the whole roster, and tells the others of the newcomer', async (t) => {
  const { sync, roster, own, bob, toBob, toCleo, changes } = await ground(t, 'switch');
  const { signed } = recordOf(bob);
  sync.hello(toBob.asLink, signed);
  const [answer] = toBob.of('roster');
  assert.equal(answer?.full, true);
  assert.deepEqual(
    answer.entries.map(({ record }) => record),
    [own.signed, signed],
  );
  assert.deepEqual(toCleo.of('roster').slice(-1), [
    { type: 'roster', entries: [{ record: signed, online: true }], full: false },
  ]);
  assert.equal(toBob.of('roster').length, 1, 'nobody is told of itself');
  assert.ok(roster.directory.isOnline(bob.nodeId));
  assert.ok(changes() > 0);
});

test('a hello with another node’s record, or a forged one, ends the link', async (t) => {
  for (const forge of [false, true]) {
    const { sync, roster, bob, cleo, toBob } = await ground(t, 'switch');
    const { signed, record } = recordOf(cleo);
    sync.hello(toBob.asLink, forge ? bob.sign({ ...record, node: bob.nodeId }) : signed);
    assert.ok(toBob.isClosed);
    assert.equal(roster.directory.isOnline(bob.nodeId), false);
  }
});

test('a member takes the switch’s records of others; none of itself, and no forged one', async (t) => {
  const { sync, roster, self, own, bob, cleo, toBob, datagrams } = await ground(t, 'member');
  const theirs = recordOf(cleo);
  const aboutMe = recordOf(self, { name: 'Mallory', revision: 99 });
  const forged = { ...recordOf(bob).signed, payload: JSON.stringify({ ...recordOf(bob).record, name: 'X' }) };
  const entries = [theirs.signed, aboutMe.signed, forged].map((record) => ({ record, online: true }));
  sync.roster(toBob.asLink, { type: 'roster', entries, full: false });
  const known = { person: cleo.nodeId, extension: '103' };
  assert.deepEqual(roster.directory.get(cleo.nodeId), { ...theirs.record, ...known });
  assert.ok(roster.directory.isOnline(cleo.nodeId));
  assert.deepEqual(roster.directory.signed(self.nodeId), own.signed);
  assert.equal(roster.directory.get(bob.nodeId), undefined);
  assert.equal(datagrams.endpointsOf(cleo.nodeId)?.beat, 2000);
  assert.equal(datagrams.addressOf(cleo.nodeId), undefined, 'it was not heard there');
  sync.roster(toBob.asLink, {
    type: 'roster',
    entries: [{ record: theirs.signed, online: false }],
    full: false,
  });
  assert.equal(roster.directory.isOnline(cleo.nodeId), false);
});

test('only the switch announces who is in the office', async (t) => {
  const { sync, roster, cleo, toCleo, changes } = await ground(t, 'member');
  const entries = [{ record: recordOf(cleo).signed, online: true }];
  sync.roster(toCleo.asLink, { type: 'roster', entries, full: true });
  assert.equal(roster.directory.get(cleo.nodeId), undefined);
  assert.equal(changes(), 0);
});

test('a member’s changed record is passed on; an older one, or another member’s, is not', async (t) => {
  const { sync, roster, bob, cleo, toBob, toCleo } = await ground(t, 'switch');
  const later = recordOf(bob, { name: 'Bob B.', revision: 5 });
  sync.record(toBob.asLink, later.signed);
  assert.deepEqual(toCleo.of('roster')[0]?.entries[0]?.record, later.signed);
  sync.record(toBob.asLink, later.signed);
  assert.equal(toCleo.sent.length, 1, 'the same again is no news');
  sync.record(toBob.asLink, recordOf(bob, { name: 'Bob A.', revision: 4 }).signed);
  assert.equal(roster.directory.get(bob.nodeId)?.name, 'Bob B.');
  const before = toCleo.sent.length;
  sync.record(toBob.asLink, recordOf(cleo).signed);
  assert.equal(toCleo.sent.length, before);
  assert.equal(roster.directory.get(cleo.nodeId), undefined, 'a member speaks for itself alone');
});

test('a roster of the longest records is sent in frames within the limit, and arrives whole', async (t) => {
  const others = await newIdentities(t, 100);
  const { sync, roster, bob, toBob } = await ground(t, 'switch', others);
  const long = 'é'.repeat(1700);
  for (const identity of others) {
    const record = { ...recordOf(identity).record, later: long };
    roster.directory.add(identity.sign(record));
  }
  sync.hello(toBob.asLink, recordOf(bob).signed);
  const frames = toBob.of('roster');
  const sizes = frames.map((frame) => Buffer.byteLength(JSON.stringify(frame)));
  assert.ok(frames.length > 1 && sizes.every((bytes) => bytes < 140_000), String(sizes));
  assert.ok(
    frames.every(({ full }) => !full),
    'no frame is all of it',
  );
  assert.deepEqual(
    frames.map(({ nodes }) => nodes && new Set(nodes)),
    [...frames.slice(1).map(() => undefined), new Set(roster.nodes())],
    'the last one names all',
  );
  const sent = frames.flatMap(({ entries }) => entries.map(({ record }) => record));
  assert.deepEqual(new Set(sent), new Set(roster.directory.records()));
});

test('a member takes those offline that are not in the switch’s whole roster, also where that has several frames', async (t) => {
  const { sync, roster, bob, cleo, toBob } = await ground(t, 'member');
  const [ofBob, ofCleo] = [recordOf(bob).signed, recordOf(cleo).signed];
  const shown = () => roster.othersOnline.map(({ node }) => node).sort();
  const say = (records: readonly Signed[], rest: { full: boolean; nodes?: NodeId[] }) =>
    sync.roster(toBob.asLink, {
      ...{ type: 'roster', entries: records.map((record) => ({ record, online: true })) },
      ...rest,
    });
  say([ofBob, ofCleo], { full: true });
  assert.deepEqual(shown(), [bob.nodeId, cleo.nodeId].sort());
  say([ofBob], { full: true });
  assert.deepEqual(shown(), [bob.nodeId]);
  say([ofCleo], { full: false });
  assert.deepEqual(shown(), [bob.nodeId, cleo.nodeId].sort(), 'a part says nothing of others');
  say([], { full: false, nodes: [cleo.nodeId] });
  assert.deepEqual(shown(), [cleo.nodeId]);
});

test('a short roster is one frame, an empty one none', async (t) => {
  const {
    signed: record,
    record: { node },
  } = recordOf(await newIdentity(t));
  assert.deepEqual(rosterFrames([{ record, online: true }], [node]), [
    { type: 'roster', entries: [{ record, online: true }], full: true },
  ]);
  assert.deepEqual(rosterFrames([], []), []);
});

test('arrivals and changes are announced to members alone', async (t) => {
  const { sync, bob, toBob, toCleo, stranger } = await ground(t, 'switch');
  sync.hello(toBob.asLink, recordOf(bob).signed);
  sync.record(toBob.asLink, recordOf(bob, { name: 'Robert', revision: 2 }).signed);
  assert.ok(toCleo.of('roster').length > 0);
  assert.deepEqual(stranger.sent, []);
});

test('a switch announces who comes and goes; a member does not', async (t) => {
  for (const role of ['switch', 'member'] as const) {
    const { sync, roster, bob, toCleo } = await ground(t, role);
    roster.directory.add(recordOf(bob).signed);
    sync.setOnline(bob.nodeId, true);
    sync.setOnline(bob.nodeId, false);
    assert.deepEqual(
      toCleo.of('roster').map(({ entries }) => entries[0]?.online),
      role === 'switch' ? [true, false] : [],
    );
    assert.equal(roster.directory.isOnline(bob.nodeId), false);
  }
});

test('a visit makes its node known, and changes nothing in whether it counts as online', async (t) => {
  const { sync, roster, bob, cleo, toBob, toCleo } = await ground(t, 'switch');
  const { record, signed } = recordOf(bob);
  sync.visit(toBob.asLink, signed);
  assert.deepEqual(toBob.of('roster'), [], 'it does not follow this node');
  assert.equal(roster.directory.get(record.node)?.name, record.name);
  assert.equal(roster.directory.isOnline(record.node), false);
  sync.setOnline(record.node, true);
  sync.ended(toBob.asLink);
  assert.equal(roster.directory.isOnline(record.node), true);
  sync.hello(toCleo.asLink, recordOf(cleo).signed);
  sync.ended(toCleo.asLink);
  assert.equal(roster.directory.isOnline(cleo.nodeId), false);
  sync.visit(toBob.asLink, recordOf(cleo).signed);
  assert.ok(toBob.isClosed, 'it said that it is another');
});

test('where colleagues have a later record of this node, it signs another one: as a member, and as the switch', async (t) => {
  for (const role of ['member', 'switch'] as const) {
    const { sync, self, own, toBob, timesBehind } = await ground(t, role);
    const known = (revision: number) => {
      const record = recordOf(self, { revision }).signed;
      if (role === 'switch') sync.record(toBob.asLink, record);
      else sync.roster(toBob.asLink, { type: 'roster', entries: [{ record, online: true }], full: false });
    };
    known(own.record.revision);
    assert.equal(timesBehind(), 0);
    known(own.record.revision + 5000);
    assert.equal(timesBehind(), 1);
  }
});
