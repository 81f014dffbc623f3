import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { signGroup, type GroupStatement } from '../identity/index.ts';
import type { KnownNode } from '../model/index.ts';
import { KnownPersons } from './known-persons.ts';
import type { NodeContext } from './node-context.ts';
import { pressTarget } from './press-target.ts';
import { Profile } from './profile.ts';
import { reachableSets } from './reachable-sets.ts';
import { membersOfTest } from './test-members.ts';

/** Dana’s node, in an office with Ana (101), who is offline, and Bo (103). They are the group Sales (600). */
async function ground(t: TestContext) {
  const { ports, office, directory, events, ana, bo, dana } = await membersOfTest(t);
  const { profile } = await Profile.open('/profile', () => undefined, ports);
  t.after(() => profile.close());
  await profile.note({ name: 'Dana' });
  const say = (said: GroupStatement) =>
    office.ledger.carryOut(function* (plain) {
      yield signGroup(ana, plain, said);
    });
  const people = [ana.nodeId, bo.nodeId, dana.nodeId];
  await say({ type: 'group', name: 'Sales', extension: '600', talk: 'everybody', change: 'creator', people });
  const closed = { name: 'Board', extension: '610', talk: 'members', change: 'creator' } as const;
  await say({ type: 'group', ...closed, people: [ana.nodeId, bo.nodeId] });
  directory.setOnline(bo.nodeId, true);
  const roster = { directory, self: dana.nodeId };
  const session = { office, events, roster, peers: { mayOverride: () => false } };
  const known = new KnownPersons({ profile, session, settingsChanged: () => undefined });
  t.after(() => known.close());
  const messages = { replies: { talker: undefined } };
  const node = { session, roster, profile, known, messages } as unknown as NodeContext;
  const [sales, board] = [...office.ledger.groups.values()];
  assert.ok(sales && board);
  return { node, sales, board, ana, bo, profile };
}

const nameOf = (set: readonly KnownNode[]) =>
  set
    .map(({ name }) => name)
    .sort()
    .join();

test('a sender key is ready for whomever a page, a group or a favourite reaches, online or not', async (t) => {
  const { node, sales, ana, bo, profile } = await ground(t);
  await profile.note({
    favourites: [ana.nodeId],
    personKeys: [{ extension: '103', key: 'F5', person: bo.nodeId }],
  });
  const ready = new Set(reachableSets(node).map(nameOf));
  const presses: readonly (readonly [string, Parameters<typeof pressTarget>[1], string])[] = [
    ['0', { dial: '0' }, 'Bo'],
    ['the page key', { page: {} }, 'Bo'],
    ['a page that is kept', { page: { keep: true } }, 'Ana,Bo'],
    ['a page to a group', { dial: '*80600' }, 'Bo'],
    ['the same', { dial: '600', page: {} }, 'Bo'],
    ['a group that is dialled', { dial: '600' }, 'Ana,Bo'],
    ['a group’s row or key', { group: sales.id }, 'Ana,Bo'],
    ['a favourite', { dial: '101' }, 'Ana'],
    ['a person’s key', { dial: '103', person: bo.nodeId }, 'Bo'],
  ];
  for (const [what, asked, reached] of presses) {
    const { recipients, meant = recipients } = pressTarget(node, asked);
    assert.equal(nameOf(recipients), reached, what);
    assert.ok(ready.has(nameOf(meant)), `${what}: ${nameOf(meant)}`);
  }
});

test('none is made for a group that this person may not talk to, and none before the office is there', async (t) => {
  const { node, board } = await ground(t);
  assert.deepEqual(reachableSets(node).map(nameOf), ['Ana,Bo', 'Ana,Bo']);
  assert.equal(board.talk, 'members');
  const alone = { ...node, session: { office: undefined } } as unknown as NodeContext;
  assert.deepEqual(reachableSets(alone), []);
});
