import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { signCard, signRule } from '../identity/index.ts';
import { toBase64url, type Divert, type NodeId } from '../model/index.ts';
import { OwnDivert } from './own-divert.ts';
import { Profile } from './profile.ts';
import { membersOfTest, newIdentity } from './test-members.ts';

/** Dana has this computer and a laptop. */
async function ground(t: TestContext) {
  const members = await membersOfTest(t);
  const { ports, office, directory, events, dana } = members;
  const { profile } = await Profile.open('/profile', () => undefined, ports);
  t.after(() => profile.close());
  const laptop = await newIdentity('laptop');
  const { ledger } = office;
  const card = signCard(laptop);
  const admission = signRule(dana, ledger.plain, 'admit', { card, person: dana.nodeId });
  await ledger.take([admission], dana.nodeId, 1);
  const time = new HandTime();
  let described = 0;
  const divert = new OwnDivert({
    ...{ profile, clock: time },
    session: {
      ...{ office, events, roster: { directory, self: dana.nodeId } },
      describe: () => {
        described += 1;
      },
    },
  });
  /** The laptop says so of itself. */
  const laptopSays = (revision: number, said: Divert): void => {
    directory.merge([
      laptop.sign({
        ...{ v: 1, node: laptop.nodeId, revision, name: 'Dana', presence: 'available', divert: said },
        signingKey: toBase64url(laptop.signingKeySpki),
        hpkeKey: toBase64url(laptop.hpkePublicKey),
        endpoints: { address: '10.0.0.9', control: 1000, beat: 2000, media: 3000 },
      }),
    ]);
    events.emit('roster', undefined);
  };
  const kept = () => profile.settings.divert;
  return { ...members, time, divert, laptopSays, kept, describedTimes: () => described };
}

test('a computer takes over what its person chose at another one later, and says so itself', async (t) => {
  const { bo, ana, divert, laptopSays, kept, time, describedTimes } = await ground(t);
  await divert.choose(bo.nodeId);
  assert.equal(divert.target?.name, 'Bo');
  const at = kept()?.at ?? 0;
  laptopSays(1, { to: ana.nodeId, at: at - 1 });
  assert.equal(kept()?.to, bo.nodeId, 'an earlier choice changes nothing');
  const before = describedTimes();
  laptopSays(2, { to: ana.nodeId, at: at + 1000 });
  assert.deepEqual(kept(), { to: ana.nodeId, at: at + 1000 });
  assert.equal(describedTimes(), before + 1);
  // The laptop's clock is ahead: what is chosen here now is later all the same.
  assert.ok(time.now() < at + 1000);
  await divert.choose(null);
  assert.deepEqual(kept(), { to: null, at: at + 1001 });
  laptopSays(3, { to: ana.nodeId, at: at + 1000 });
  assert.equal(kept()?.to, null, 'an end is not undone by what was before it');
});

test('a divert ends where its person is removed from the office', async (t) => {
  const { bo, divert, kept, anaSigns, changed } = await ground(t);
  await divert.choose(bo.nodeId);
  await anaSigns('remove', { nodes: [bo.nodeId] });
  changed();
  assert.equal(kept()?.to, null);
  assert.equal(divert.target, undefined);
});

test('a record with a time that no clock shows is no record', async (t) => {
  const { bo, divert, laptopSays, kept } = await ground(t);
  await divert.choose(bo.nodeId);
  laptopSays(1, { to: null, at: 1e16 });
  laptopSays(2, { to: 'x' as NodeId, at: 9e15 });
  assert.equal(kept()?.to, bo.nodeId);
});
