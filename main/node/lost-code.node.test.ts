import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { DialRow } from '../../preload/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { startAgain } from '../../test/support/membership.ts';
import { officeFor, type Member } from '../../test/support/office.ts';

const rowOf = async ({ node }: Member, name: string): Promise<Pick<DialRow, 'code' | 'lostCode'>> => {
  const row = (await node.call('dialPlan')).find((one) => one.name === name);
  assert.ok(row);
  return { code: row.code, lostCode: row.lostCode };
};

it(
  'two admins choose one code apart: one of them loses it, sees that, and a reset ends it for good',
  { timeout: 120_000 },
  async (t) => {
    const office = officeFor(t);
    const [ann, bob] = await office.people('101', '102');
    const { people } = await ann.node.call('members');
    const person = people.find(({ extension }) => extension === '102')?.id ?? '';
    await ann.node.call('makeAdmin', { person });
    await eventually(
      async () => (await bob.node.call('members')).people.every(({ isAdmin }) => isAdmin),
      'Bob knows that he is an admin',
    );
    await office.close(ann);
    await bob.node.call('setCode', { row: 'again', code: '*300' });
    await office.close(bob);
    const annAgain = await startAgain(office, ann);
    await annAgain.node.call('setCode', { row: 'undisturbed', code: '*300' });
    assert.deepEqual(await rowOf(annAgain, 'undisturbed'), { code: '*300', lostCode: null });
    const bobAgain = await startAgain(office, bob);
    await eventually(
      async () => (await rowOf(annAgain, 'undisturbed')).lostCode === '*300',
      'Ann’s node has heard of Bob’s choice',
    );
    assert.deepEqual(await rowOf(annAgain, 'undisturbed'), { code: '*78', lostCode: '*300' });
    assert.deepEqual(await rowOf(annAgain, 'again'), { code: '*300', lostCode: null });
    await assert.rejects(annAgain.node.call('setCode', { row: 'undisturbed', code: '*300' }), {
      code: 'code-collides',
    });
    await annAgain.node.call('setCode', { row: 'undisturbed', code: null });
    assert.deepEqual(await rowOf(annAgain, 'undisturbed'), { code: '*78', lostCode: null });
    await eventually(
      async () => (await rowOf(bobAgain, 'undisturbed')).lostCode === null,
      'Bob’s node has heard of the reset',
    );
    await bobAgain.node.call('setCode', { row: 'again', code: null });
    assert.deepEqual(await rowOf(bobAgain, 'undisturbed'), { code: '*78', lostCode: null });
  },
);
