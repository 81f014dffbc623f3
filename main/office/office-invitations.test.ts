import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { readJoinLink, signRule, type InvitationId } from '../identity/index.ts';
import type { NodeId, Signed } from '../model/index.ts';
import { newIdentity } from './test-network.ts';
import { foundTestOffice, openDesk, type TestDesk } from './test-office.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Ana, the founder, and Bo, each with an office of their own on the disk. */
async function ground(t: TestContext) {
  const [ana, bo] = [await newIdentity(t), await newIdentity(t)];
  const statements = foundTestOffice(ana, [bo]);
  const [anas, bos] = [await openDesk(ana, statements), await openDesk(bo, statements)];
  t.after(() => Promise.all([anas.ledger.close(), bos.ledger.close()]));
  return { ana, bo, anas, bos, statements };
}

function toldBy({ invitations, saved }: TestDesk) {
  const told: { records: readonly Signed[]; from: NodeId | undefined; saved: number }[] = [];
  invitations.events.on('added', ({ records, from }) =>
    told.push({ records, from, saved: saved()?.records.length ?? 0 }),
  );
  return told;
}

const idOf = ({ invitations }: TestDesk, link: string): InvitationId =>
  invitations.list().find((one) => one.link === link)!.id;

test('an invitation is on the disk before anybody learns of it; its link is of this office', async (t) => {
  const { anas } = await ground(t);
  const told = toldBy(anas);
  const link = await anas.invitations.make({ uses: 3 });
  assert.equal(readJoinLink(link).office, anas.ledger.id);
  assert.deepEqual(told, [{ records: anas.invitations.records, from: undefined, saved: 1 }]);
  const [shown] = anas.invitations.list();
  assert.deepEqual([shown?.uses, shown?.used, shown?.closed, shown?.link], [3, 0, undefined, link]);
});

test('nobody learns of an invitation that the disk refuses', async (t) => {
  const { anas } = await ground(t);
  const told = toldBy(anas);
  anas.refuseInvitations(true);
  await assert.rejects(anas.invitations.make({}), {
    code: 'statement-not-saved',
    message: /the disk is full/,
  });
  assert.deepEqual(told, []);
});

test('what the disk refuses is taken back: no link is shown, and nothing withdrawn, that a restart would undo', async (t) => {
  const { bo, anas, bos } = await ground(t);
  const link = await anas.invitations.make({});
  const before = anas.invitations.list();
  await bos.invitations.make({});
  anas.refuseInvitations(true);
  const refused = { code: 'statement-not-saved' };
  const [{ id } = { id: undefined }] = before;
  const asked = [
    assert.rejects(anas.invitations.make({}), refused),
    assert.rejects(anas.invitations.withdraw(id!), refused),
    assert.rejects(anas.invitations.makeAnew(id!), refused),
  ];
  await anas.invitations.take(bos.invitations.records, bo.nodeId);
  await Promise.all(asked);
  const [own, theirs, ...others] = anas.invitations.list();
  assert.deepEqual([own], before);
  assert.deepEqual([own?.link, theirs?.by, others], [link, bo.nodeId, []], 'what came meanwhile is there');
  anas.refuseInvitations(false);
  assert.equal(await anas.invitations.withdraw(id!), true);
  assert.equal(anas.saved()?.records.length, 3);
});

test('another node knows it without its link, and passes it on to all but the sender', async (t) => {
  const { ana, anas, bos } = await ground(t);
  await anas.invitations.make({});
  const told = toldBy(bos);
  await bos.invitations.take(anas.invitations.records, ana.nodeId);
  assert.deepEqual(bos.invitations.records, anas.invitations.records);
  assert.equal(bos.invitations.list()[0]?.link, undefined);
  assert.deepEqual(
    told.map(({ from }) => from),
    [ana.nodeId],
  );
  assert.equal(bos.saved()?.records.length, 1);
  await bos.invitations.take(anas.invitations.records, ana.nodeId);
  assert.equal(told.length, 1, 'what is known is told to nobody');
});

test('an invitation of another node is passed on even if the disk refuses it', async (t) => {
  const { ana, anas, bos } = await ground(t);
  await anas.invitations.make({});
  bos.refuseInvitations(true);
  const told = toldBy(bos);
  await bos.invitations.take(anas.invitations.records, ana.nodeId);
  assert.equal(told.length, 1);
  assert.match(bos.log.join(), /could not be saved: the disk is full/);
});

test('its maker and an admin may withdraw it, which closes it everywhere', async (t) => {
  const { ana, bo, anas, bos } = await ground(t);
  const anasLink = await anas.invitations.make({});
  const bosLink = await bos.invitations.make({});
  await bos.invitations.take(anas.invitations.records, ana.nodeId);
  await anas.invitations.take(bos.invitations.records, bo.nodeId);
  const [anasId, bosId] = [idOf(anas, anasLink), idOf(bos, bosLink)];
  assert.equal(await bos.invitations.withdraw(anasId), false, 'a plain member, another’s');
  assert.equal(await bos.invitations.withdraw('A'.repeat(22) as InvitationId), false, 'there is none');
  assert.equal(await anas.invitations.withdraw(bosId), true, 'an admin');
  assert.equal(await anas.invitations.withdraw(anasId), true, 'its maker');
  await bos.invitations.take(anas.invitations.records, ana.nodeId);
  assert.deepEqual(
    bos.invitations.list().map(({ closed }) => closed),
    ['withdrawn', 'withdrawn'],
  );
});

test('a removal of its maker ends an invitation that was made before', async (t) => {
  const { bo, anas } = await ground(t);
  await anas.invitations.make({});
  await anas.ledger.carryOut(function* (ledger) {
    yield signRule(anas.identity, ledger, 'remove', { nodes: [bo.nodeId] });
  });
  const link = await anas.invitations.make({});
  assert.deepEqual(
    anas.invitations.list().map((one) => [one.closed, one.link === link]),
    [
      ['removal-since', false],
      [undefined, true],
    ],
  );
});

test('it expires, is shown for a day more, and is then forgotten', async (t) => {
  const { ana, anas, bos } = await ground(t);
  await anas.invitations.make({ spanMs: DAY_MS });
  anas.time.pass(DAY_MS);
  assert.equal(anas.invitations.list()[0]?.closed, 'over');
  anas.time.pass(DAY_MS + 1);
  await anas.invitations.take([], ana.nodeId);
  assert.deepEqual(anas.invitations.records, []);
  bos.time.pass(2 * DAY_MS + 1);
  await bos.invitations.take(anas.saved()!.records, ana.nodeId);
  assert.deepEqual(bos.invitations.records, [], 'nor does it come back from another node');
});

test('invitations and their links survive a restart', async (t) => {
  const { ana, anas, statements } = await ground(t);
  const link = await anas.invitations.make({});
  const again = await openDesk(ana, statements, { kept: anas.saved() });
  t.after(() => again.ledger.close());
  assert.deepEqual(
    again.invitations.list().map((one) => one.link),
    [link],
  );
});
