import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Group } from '../../preload/api.ts';
import { commandLine } from '../../test/support/command-line.ts';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';

describe('the command line makes and changes groups', { timeout: 120_000 }, () => {
  const office = new LoopbackOffice();
  let ann: Member;

  const { corridor, says, refuses } = commandLine(() => ann.profile);

  before(async () => {
    ann = await office.add('101');
    await office.add('102', { name: 'Bob' });
    await office.add('103', { name: 'Cleo' });
    await office.settled();
    await office.serve(ann);
  });
  afterEach(async () => {
    for (const { id } of await ann.node.call('groups')) await ann.node.call('endGroup', { group: id });
  });
  after(() => office.stop());

  it('from the first to the last of one', async () => {
    await says(/^There are no groups yet\. Make one: corridor groups create/, 'groups');
    await says(
      /^ {2}600 +Sales\n +Bob \(102\)\n/,
      ...['groups', 'create', '600', 'Sales', '--members', '102'],
    );
    await says(/Bob \(102\), Cleo \(103\)/, 'groups', 'add', '600', '103');
    await says(/Sales North/, 'groups', 'rename', '600', 'Sales North');
    await says(
      /only members talk to it, members change it/,
      ...'groups rights 600 --talk members --change members'.split(' '),
    );
    await says(/^ {2}610 /, 'groups', 'number', '600', '610');
    await says(/^ {2}610 .*\n +Cleo \(103\)/, 'groups', 'remove', 'sales north', '102');
    await says(/^★ 610 /, 'favourite', '610');
    await refuses(1, /Only the members of Sales North talk to it\./, 'dial', '610');
    await says(/Sales North is gone, and 610 is free\./, 'groups', 'end', '610');
    await refuses(2, /There is no group 610\. See: corridor groups/, 'groups', 'end', '610');
  });

  it('prints JSON, and dials the group by its number', async () => {
    const { exit, printed } = await corridor(
      'groups',
      'create',
      '600',
      'Sales',
      '--members',
      '102,103',
      '--json',
    );
    assert.equal(exit, 0, printed);
    const group = JSON.parse(printed) as Group;
    assert.deepEqual(
      [group.name, group.extension, group.people.length, group.isMember, group.mayChange],
      ['Sales', '600', 2, false, true],
    );
    const list = JSON.parse((await corridor('groups', '--json')).printed) as Group[];
    assert.deepEqual(list, [group]);
    await says(/Talks to everybody in Sales \(600\): 2 people\.\nHold the talk key/, 'dial', '600');
    await says(/^talking to Sales \(600\) until/, 'talk', 'press');
    await corridor('talk', 'release');
  });

  it('refuses what it does not understand, in a sentence', async () => {
    await ann.node.call('makeGroup', { name: 'Sales', extension: '600' });
    await refuses(2, /Nobody has extension 999\. See: corridor members/, 'groups', 'add', '600', '999');
    await refuses(
      1,
      /Extension 102 belongs to Bob already\. 601 is free\./,
      'groups',
      'create',
      '102',
      'Other',
    );
    await refuses(1, /Extension 97 is given to nobody/, 'groups', 'create', '97', 'Other');
    await refuses(2, /Give --talk or --change, or both\./, 'groups', 'rights', '600');
    await refuses(2, /--talk must be everybody or members\./, 'groups', 'rights', '600', '--talk', 'nobody');
    await refuses(2, /corridor --help/, 'groups', 'colour', '600');
    await refuses(2, /See: corridor --help/, 'groups', 'create', '600');
  });
});
