import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { runCorridor } from '../../test/support/command-line.ts';
import { eventually } from '../../test/support/eventually.ts';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';

describe('admins decide for how long heard messages are kept at most', { timeout: 240_000 }, () => {
  const office = new LoopbackOffice();
  let ann: Member;
  let bob: Member;

  const retention = async ({ profile }: Member, ...args: string[]) => {
    const { exit, printed } = await runCorridor(profile, 'retention', ...args);
    return { exit, printed };
  };
  const officeDays = async ({ node }: Member) => (await node.call('storage')).officeKeepDays;

  before(async () => {
    ann = await office.add('101', { name: 'Ann' });
    bob = await office.add('102', { name: 'Bob' });
    await office.settled();
    await office.serve(ann, bob);
  });
  after(() => office.stop());

  it('it holds at every computer, and the smaller number counts', async () => {
    assert.match(
      (await retention(bob)).printed,
      /^here +90 days.*\nthe office +leaves it to each computer\nin force +90 days,/,
    );
    const { exit, printed } = await retention(ann, 'set', '30');
    assert.equal(exit, 0, printed);
    assert.match(printed, /^the office +30 days at most$/m);
    await eventually(async () => (await officeDays(bob)) === 30, 'Bob’s computer has heard of it');
    assert.match((await retention(bob)).printed, /^in force +30 days,/m);
    await bob.node.call('setSettings', { keepDays: 7 });
    assert.match((await retention(bob)).printed, /^in force +7 days,/m);
    assert.equal((await bob.node.call('members')).office.keepDays, 30);
  });

  it('nobody else does, and it is taken back', async () => {
    const { exit, printed } = await retention(bob, 'set', '10');
    assert.equal(exit, 1, printed);
    assert.match(printed, /admin/);
    await retention(ann, 'set', '20');
    await retention(ann, 'reset');
    await eventually(async () => (await officeDays(bob)) === null, 'Bob’s computer has heard of it');
    assert.match((await retention(ann)).printed, /leaves it to each computer/);
  });

  it('an office that is founded anew keeps it', async () => {
    await retention(ann, 'set', '45');
    await eventually(async () => (await officeDays(bob)) === 45, 'Bob’s computer has heard of it');
    const before = (await ann.node.call('members')).office.id;
    const [person] = await ann.node.call('people');
    await ann.node.call('foundAnew', { along: [person!.id] });
    const { office: now } = await ann.node.call('members');
    assert.notEqual(now.id, before);
    assert.equal(now.keepDays, 45);
  });
});
