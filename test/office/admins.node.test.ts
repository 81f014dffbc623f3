import assert from 'node:assert/strict';
import { it } from 'node:test';
import { nodePorts, type Disk } from '../../main/model/index.ts';
import { eventually } from '../support/eventually.ts';
import { join, listIs, newcomer } from '../support/membership.ts';
import { untilOffline } from '../support/messages.ts';
import { officeFor, type Member } from '../support/office.ts';
import { computerOf, memberOf } from '../support/people.ts';

/** Whether the office has a recovery code, and whether this person is asked to make one. */
async function lackOfCodeAt({ node }: Member) {
  const { troubles } = await node.call('status');
  const { hasRecoveryCode: hasCode } = (await node.call('members')).office;
  return { hasCode, isTold: troubles.some(({ code }) => code === 'no-recovery-code') };
}

/** This computer's disk, which takes nothing that looks so. */
function refusing(what: () => RegExp | undefined): Disk {
  const { disk } = nodePorts;
  return {
    ...disk,
    open: async (path, mode) => {
      const file = await disk.open(path, mode);
      return {
        read: (...args) => file.read(...args),
        write: (from, ...rest) =>
          what()?.test(from.toString())
            ? Promise.reject(Object.assign(new Error('no room'), { code: 'ENOSPC' }))
            : file.write(from, ...rest),
        truncate: (length) => file.truncate(length),
        sync: () => file.sync(),
        stat: () => file.stat(),
        close: () => file.close(),
      };
    },
  };
}

it('a person who leaves is out everywhere; the last admin cannot leave', async (t) => {
  const [ann, bob, cy] = await officeFor(t).people('101', '102', '103');
  await assert.rejects(ann.node.call('leaveOffice'), { code: 'last-admin' });
  await cy.node.call('leaveOffice');
  assert.equal((await cy.node.call('status')).state, 'removed');
  for (const one of [ann, bob]) await listIs(one, '101!', '102');
  assert.equal((await ann.node.call('status')).state, 'running');
});

it('an admin makes another person an admin, and may leave then', async (t) => {
  const [ann, bob, cy] = await officeFor(t).people('101', '102', '103');
  const person = await memberOf(ann, '102');
  await assert.rejects(cy.node.call('makeAdmin', { person: person.id }), { code: 'admins-only' });
  await ann.node.call('makeAdmin', { person: person.id });
  for (const one of [ann, bob, cy]) await listIs(one, '101!', '102!', '103');
  assert.equal((await bob.node.call('members')).office.hasRecoveryCode, true);
  await ann.node.call('leaveOffice');
  for (const one of [bob, cy]) await listIs(one, '102!', '103');
  assert.deepEqual(await lackOfCodeAt(bob), { hasCode: false, isTold: true }, 'Ann took the code along');
  assert.deepEqual(await lackOfCodeAt(cy), { hasCode: false, isTold: false }, 'it is for admins to make one');
  await assert.rejects(cy.node.call('makeRecoveryCode'), { code: 'admins-only' });
  const { code } = await bob.node.call('makeRecoveryCode');
  assert.ok(code);
  assert.deepEqual(await lackOfCodeAt(bob), { hasCode: true, isTold: false });
  await bob.node.call('setOffice', { name: 'Nord', admit: 'admins' });
  await eventually(async () => (await cy.node.call('members')).office.admit === 'admins', 'Cy sees it');
  assert.equal((await cy.node.call('members')).office.name, 'Nord');
  await assert.rejects(cy.node.call('joinLink'), { code: 'not-admitting' });
});

it('a code that the disk does not take is in no ledger, and a removal whose code it refuses stands', async (t) => {
  const office = officeFor(t);
  let refused: RegExp | undefined;
  const ann = await office.add('101', {}, { ...nodePorts, disk: refusing(() => refused) });
  const [bob, cy] = await office.people('102', '103');
  const person = await memberOf(ann, '102');
  await ann.node.call('makeAdmin', { person: person.id });
  await ann.node.call('recoveryCode', { isKept: true });
  const nodes = [await computerOf(bob)];
  refused = /"recoveryCode": ?"/;
  await assert.rejects(ann.node.call('removeMembers', { nodes }), { code: 'settings-not-saved' });
  await listIs(ann, '101!', '102!', '103');
  assert.deepEqual(await lackOfCodeAt(ann), { hasCode: true, isTold: false });

  // The removal is written, the new code's key is not.
  refused = /"type\\":\\"recovery/;
  await ann.node.call('removeMembers', { nodes });
  for (const one of [ann, cy]) await listIs(one, '101!', '103');
  assert.deepEqual(
    await ann.node.call('recoveryCode'),
    { code: null },
    'a code that opens nothing is not shown',
  );
  assert.deepEqual(await lackOfCodeAt(ann), { hasCode: false, isTold: true });
  await assert.rejects(ann.node.call('makeRecoveryCode'), { code: 'statement-not-saved' });

  refused = undefined;
  const { code } = await ann.node.call('makeRecoveryCode');
  assert.deepEqual(await lackOfCodeAt(ann), { hasCode: true, isTold: false });
  await eventually(async () => (await cy.node.call('members')).office.hasRecoveryCode, 'Cy knows its key');
  await office.close(ann);
  await cy.node.call('recover', { code: code!, lost: [] });
  await listIs(cy, '101!', '103!');
});

it('the recovery code takes out the admins who are lost, and no others', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy, dee] = await office.people('101', '102', '103', '104');
  const { code } = await ann.node.call('recoveryCode');
  for (const one of [cy, dee]) await ann.node.call('makeAdmin', { person: await computerOf(one) });
  for (const one of [ann, bob]) await listIs(one, '101!', '102', '103!', '104!');
  const [ids, bobs] = [await Promise.all([ann, cy].map(computerOf)), await computerOf(bob)];
  await office.close(ann);
  await untilOffline(bob, '101');
  await assert.rejects(bob.node.call('recover', { code: code!, lost: [bobs] }), { code: 'no-person' });
  await bob.node.call('recover', { code: code! });
  for (const one of [bob, dee]) await listIs(one, '102!', '103!', '104!');

  const next = (await bob.node.call('recoveryCode')).code;
  const eve = await newcomer(office, '105');
  await join(eve, (await bob.node.call('joinLink')).link);
  await eve.node.call('recover', { code: next!, lost: ids.slice(1) });
  for (const one of [bob, dee, eve]) await listIs(one, '102!', '104!', '105!');
});

it('the recovery code makes an admin where the founder is lost, once', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy] = await office.people('101', '102', '103');
  const { code } = await ann.node.call('recoveryCode');
  assert.ok(code);
  await office.close(ann);
  await untilOffline(bob, '101');
  await assert.rejects(
    bob.node.call('recover', { code: code.replace(/.$/, (last) => (last === '0' ? '1' : '0')) }),
    {
      code: 'mistyped-recovery-code',
    },
  );
  await bob.node.call('recover', { code: code.toLowerCase().replaceAll('-', ' ') });
  for (const one of [bob, cy]) await listIs(one, '102!', '103');
  const next = (await bob.node.call('recoveryCode')).code;
  assert.ok(next && next !== code, 'a new code holds now');
  await assert.rejects(cy.node.call('recover', { code }), { code: 'wrong-recovery-code' });
  assert.deepEqual(await bob.node.call('recoveryCode', { isKept: true }), { code: null });
  assert.deepEqual(await bob.node.call('recoveryCode'), { code: null });
});
