import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { signCard, signGroup, type GroupStatement } from '../identity/index.ts';
import type { CorridorError } from '../model/index.ts';
import { KnownPersons } from './known-persons.ts';
import { Profile } from './profile.ts';
import { membersOfTest, newIdentity, recordOf } from './test-members.ts';

/** Dana has a key for 103, which is Bo’s. */
async function ground(t: TestContext, { chosen = [] as readonly string[] } = {}) {
  const members = await membersOfTest(t);
  const { ports, office, directory, events, anaSigns, bo } = members;
  const { profile } = await Profile.open('/profile', () => undefined, ports);
  t.after(() => profile.close());
  const talkTo = chosen.map((extension) => ({ extension }));
  await profile.note({ personKeys: [{ extension: '103', key: 'F5' }], talkTo });
  const told: string[] = [];
  const known = new KnownPersons({
    ...{ profile, session: { office, events, roster: { directory } } },
    settingsChanged: () =>
      void told.push(profile.settings.personKeys.map(({ extension }) => extension).join()),
  });
  t.after(() => known.close());
  members.changed();
  events.emit('roster', undefined);
  const kim = await newIdentity('kim');
  /** Bo is out, and 103 is Kim’s. */
  const kimGetsIt = async (name = 'Kim'): Promise<void> => {
    await anaSigns('remove', { nodes: [bo.nodeId] });
    await anaSigns('admit', { card: signCard(kim), person: kim.nodeId, extension: '103' });
    directory.merge([recordOf(kim, name)]);
    events.emit('roster', undefined);
  };
  const keys = () => profile.settings.personKeys;
  return { ...members, profile, known, kim, kimGetsIt, keys, told };
}

const namesOf = (nodes: readonly { readonly name: string }[] | undefined) => nodes?.map(({ name }) => name);

test('a key that an extension was chosen for means its person, and shows their number when it moves', async (t) => {
  const { bo, known, keys, anaSigns, told } = await ground(t, { chosen: ['103'] });
  assert.deepEqual(keys(), [{ extension: '103', key: 'F5', person: bo.nodeId }]);
  await anaSigns('number', { person: bo.nodeId, extension: '110' });
  assert.deepEqual(keys(), [{ extension: '110', key: 'F5', person: bo.nodeId }]);
  assert.equal(told.at(-1), '110', 'the desktop and the panel hear of it');
  assert.deepEqual(namesOf(known.chosen), ['Bo']);
  assert.deepEqual(
    namesOf(known.reach('103', bo.nodeId)),
    ['Bo'],
    'also where a face has the old number still',
  );
  assert.equal(known.moved, null);
});

test('where the number is somebody else’s now, talking by the key is refused once, and it is asked about', async (t) => {
  const { bo, known, kim, kimGetsIt, keys } = await ground(t);
  await kimGetsIt();
  assert.deepEqual([known.moved?.extension, known.moved?.name], ['103', 'Kim']);
  assert.equal(known.moved?.sentence, '103 is Kim now, it was Bo.');
  assert.throws(
    () => known.reach('103', bo.nodeId),
    (error: CorridorError) =>
      error.code === 'number-moved' && /^103 is Kim now, it was Bo\. Press again/.test(error.message),
  );
  assert.equal(known.reach('103', bo.nodeId), undefined, 'the next press dials the number');
  assert.deepEqual(keys(), [{ extension: '103', key: 'F5', person: kim.nodeId }]);
  assert.equal(known.moved, null);
});

test('an answer makes the key mean the new holder, or gives it and the selection up', async (t) => {
  const taken = await ground(t, { chosen: ['103'] });
  await taken.kimGetsIt();
  assert.deepEqual(taken.known.chosen, [], 'nobody is talked to before the answer');
  await taken.known.answer('103', true);
  assert.equal(taken.keys()[0]?.person, taken.kim.nodeId);
  assert.deepEqual(namesOf(taken.known.chosen), ['Kim']);
  const left = await ground(t, { chosen: ['103'] });
  await left.kimGetsIt();
  await left.known.answer('103', false);
  assert.deepEqual([left.keys(), left.profile.settings.talkTo, left.known.moved], [[], [], null]);
});

test('a person who came back on another computer is who they were', async (t) => {
  const { bo, known, anaSigns, directory, events } = await ground(t);
  const again = await newIdentity('bo again');
  await anaSigns('remove', { nodes: [bo.nodeId] });
  await anaSigns('admit', { card: signCard(again), person: bo.nodeId, extension: '103' });
  directory.merge([recordOf(again, 'Bo')]);
  events.emit('roster', undefined);
  assert.equal(known.moved, null);
  assert.deepEqual(
    known.reach('103', bo.nodeId)?.map(({ node }) => node),
    [again.nodeId],
  );
  assert.equal(known.isNew(bo.nodeId, 'Bo'), false);
});

test('a known name with another key is new until the person is known by it', async (t) => {
  const { bo, ana, known, kim, kimGetsIt } = await ground(t);
  await kimGetsIt('BO ');
  assert.equal(known.isNew(kim.nodeId, 'BO '), true);
  assert.match(String(known.moved?.sentence), /^103 is BO now/);
  assert.deepEqual([known.isNew(bo.nodeId, 'Bo'), known.isNew(ana.nodeId, 'Ana')], [false, false]);
  await known.know(kim.nodeId);
  assert.equal(known.isNew(kim.nodeId, 'BO '), false);
});

test('a key and a selection by a group’s number mean the group, at whatever number it has', async (t) => {
  const { office, known, profile, keys, bo, ana } = await ground(t, { chosen: ['600'] });
  await profile.note({ personKeys: [{ extension: '600', key: 'F6' }] });
  const say = (said: GroupStatement) =>
    office.ledger.carryOut(function* (plain) {
      yield signGroup(ana, plain, said);
    });
  const made = { name: 'Sales', extension: '600', talk: 'everybody', change: 'creator' } as const;
  await say({ type: 'group', ...made, people: [bo.nodeId] });
  const [group] = office.ledger.groups.values();
  known.refresh();
  assert.deepEqual(keys(), [{ extension: '600', key: 'F6', group: group!.id }]);
  assert.deepEqual(profile.settings.talkTo, [{ extension: '600', group: group!.id }]);
  await say({ type: 'group-number', group: group!.id, extension: '610' });
  known.refresh();
  assert.deepEqual([keys()[0]?.extension, profile.settings.talkTo[0]?.extension], ['610', '610']);
  assert.deepEqual(
    known.chosenGroups.map(({ name }) => name),
    ['Sales'],
  );
  assert.equal(known.moved, null);
  await say({ type: 'group-end', group: group!.id });
  assert.deepEqual(known.chosenGroups, [], 'it is gone');
});
