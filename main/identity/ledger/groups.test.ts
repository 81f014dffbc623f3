import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeId } from '../../model/index.ts';
import type { Group } from './groups.ts';
import { MAX_GROUP_MEMBERS, MAX_GROUPS_OF_MEMBER, MAX_NUMBERS, OF_MEMBER } from './limits.ts';
import { computer, Office, type SignedStatement, type Signer } from './test-office.ts';

const [ana, bo, cy, dana, eve] = [0, 1, 2, 3, 4].map(computer) as [Signer, Signer, Signer, Signer, Signer];
const ids = (...who: readonly Signer[]): NodeId[] => who.map(({ nodeId }) => nodeId);

/** Ana founds and admits everybody; Bo, no admin, makes a group with Cy, number 600. */
function started(more: Parameters<Office['group']>[3] = {}) {
  const office = new Office();
  const admitted = [bo, cy, dana, eve].map((who) => office.admit(ana, [office.charter], who));
  const group = office.group(bo, admitted, '600', { people: [cy], ...more });
  const standing = (...said: SignedStatement[]) => office.ledger(...admitted, group, ...said).standing;
  const found = (...said: SignedStatement[]): Group | undefined => standing(...said).groups.get(group.id);
  return { office, admitted, group, standing, found };
}

void test('a group has its name, its people and its number, which is nobody else’s', () => {
  const { office, group, standing, found } = started();
  const { name, people, talk, change, creator } = found()!;
  assert.deepEqual(
    [name, people, talk, change, creator],
    ['Sales', ids(cy), 'everybody', 'creator', bo.nodeId],
  );
  assert.equal(standing().groupNumbers.get('600'), group.id);
  const taken = office.number(dana, [group], '600');
  assert.equal(standing(taken).extensions.get('600'), undefined, 'the group was seen');
  assert.equal(standing(taken).groupNumbers.get('600'), group.id);
});

void test('two people who are put in apart are both in, and one who is put out apart stays out', () => {
  const { office, group, found } = started();
  const one = office.change(bo, [group], 'in', group, { people: ids(dana) });
  const other = office.change(ana, [group], 'in', group, { people: ids(eve) });
  const out = office.change(ana, [group], 'out', group, { people: ids(cy) });
  assert.deepEqual(new Set(found(one, other, out)!.people), new Set(ids(dana, eve)));
});

void test('whoever takes a person out undoes what they have seen: apart, to be put in holds', () => {
  const { office, group, found } = started();
  const out = office.change(bo, [group], 'out', group, { people: ids(cy) });
  const again = office.change(ana, [group], 'in', group, { people: ids(cy) });
  assert.deepEqual(found(out, again)!.people, ids(cy), 'said apart');
  const seen = office.change(bo, [again], 'out', group, { people: ids(cy) });
  assert.deepEqual(found(again, seen)!.people, []);
  const back = office.change(bo, [out], 'in', group, { people: ids(cy) });
  assert.deepEqual(found(out, back)!.people, ids(cy), 'and in again afterwards');
});

void test('of renames made apart the last in order holds, and a rename after them before all', () => {
  const { office, group, found } = started();
  const renames = ['North', 'South'].map((name, n) =>
    office.change([bo, ana][n]!, [group], 'name', group, { name }),
  );
  const winner = found(...renames)!.name;
  assert.ok(['North', 'South'].includes(winner));
  assert.equal(found(...renames.toReversed())!.name, winner);
  const after = office.change(bo, renames, 'name', group, { name: 'West' });
  assert.equal(found(...renames, after)!.name, 'West');
});

void test('a stranger to the group changes nothing but that they themselves leave', () => {
  const { office, group, found } = started({ people: [cy, dana] });
  const by = (who: Signer) => [
    office.change(who, [group], 'name', group, { name: 'Mine' }),
    office.change(who, [group], 'in', group, { people: ids(eve) }),
    office.change(who, [group], 'out', group, { people: ids(cy, dana) }),
    office.change(who, [group], 'rights', group, { change: 'members' }),
    office.change(who, [group], 'number', group, { extension: '99' }),
    office.change(who, [group], 'end', group),
  ];
  const before = found();
  assert.deepEqual(found(...by(eve)), before, 'not in the group');
  assert.deepEqual(found(...by(dana)), before, 'in the group, which its creator changes');
  const left = office.change(dana, [group], 'out', group, { people: ids(dana) });
  assert.deepEqual(found(left)!.people, ids(cy));
});

void test('where members may change it they may from then on, as long as they are members', () => {
  const { office, group, found } = started();
  const rights = office.change(bo, [group], 'rights', group, { change: 'members', talk: 'members' });
  const early = office.change(cy, [group], 'name', group, { name: 'Early' });
  assert.equal(found(rights, early)!.name, 'Sales', 'its past does not have the right');
  const rename = office.change(cy, [rights], 'name', group, { name: 'Late' });
  assert.deepEqual([found(rights, rename)!.name, found(rights)!.talk], ['Late', 'members']);
  const out = office.change(bo, [rights], 'out', group, { people: ids(cy) });
  const former = office.change(cy, [out], 'name', group, { name: 'Former' });
  assert.equal(found(rights, out, former)!.name, 'Sales');
});

void test('what was changed before its group was seen is no change, and a group of nowhere is none', () => {
  const { office, admitted, group, found } = started();
  assert.equal(found(office.change(ana, admitted, 'name', group, { name: 'Unseen' }))!.name, 'Sales');
  const nowhere = office.change(ana, [group], 'name', admitted[0]!, { name: 'Nowhere' });
  assert.equal(office.ledger(...admitted, group, nowhere).standing.groups.size, 1);
});

void test('an end ends a group, whatever is said of it apart, and frees its number', () => {
  const { office, group, standing, found } = started();
  const end = office.change(bo, [group], 'end', group);
  const apart = office.change(ana, [group], 'in', group, { people: ids(dana) });
  assert.equal(found(end, apart), undefined);
  const taken = office.number(dana, [end], '600');
  assert.equal(standing(end, taken).extensions.get('600'), dana.nodeId);
});

void test('who is removed is in no group, and is in it again when the removal is taken back', () => {
  const { office, group, found } = started({ people: [cy, dana] });
  const removal = office.remove(ana, [group], cy);
  assert.deepEqual(found(removal)!.people, ids(dana));
  assert.deepEqual(found(removal, office.restore(ana, [removal], removal))!.people, ids(cy, dana));
});

void test('a group stays when its creator is removed, and its number with it', () => {
  const { office, group, standing, found } = started();
  const removal = office.remove(ana, [group], bo);
  assert.deepEqual(found(removal)!.people, ids(cy));
  assert.equal(standing(removal).groupNumbers.get('600'), group.id);
});

void test('a number granted apart to a person and to a group is voted on, as between two people', () => {
  const { office, admitted, group, standing } = started();
  const apart = office.number(dana, admitted, '600');
  const { extensions, groupNumbers, contests } = standing(apart);
  assert.equal(Number(extensions.has('600')) + Number(groupNumbers.has('600')), 1);
  assert.equal(contests.length, 2);
  const [forGroup, forPerson] = [
    [cy, eve].map((who) => office.vote(who, [group], group, apart)),
    [cy, eve].map((who) => office.vote(who, [apart], apart, group)),
  ];
  assert.equal(standing(apart, ...forGroup).groupNumbers.get('600'), group.id);
  assert.equal(standing(apart, ...forPerson).extensions.get('600'), dana.nodeId);
  assert.equal(
    standing(apart, ...forPerson).groups.get(group.id)?.name,
    'Sales',
    'it stays without a number',
  );
});

void test('a group takes no number that its author knew as a colleague’s', () => {
  const { office, admitted } = started();
  const held = office.number(dana, admitted, '204');
  const greedy = office.group(bo, [held], '204');
  const { extensions, groups } = office.ledger(...admitted, held, greedy).standing;
  assert.equal(extensions.get('204'), dana.nodeId);
  assert.equal(groups.size, 1);
});

void test('a plain member’s groups, with those of the people they let in, take a bounded number of places', () => {
  const { office, admitted } = started();
  const guest = office.admit(bo, admitted, computer(10));
  const by = (who: Signer, from: number, count: number): SignedStatement[] => {
    const said: SignedStatement[] = [];
    for (let n = 0; n < count; n++) {
      said.push(office.group(who, said.length > 0 ? said.slice(-1) : [guest], String(from + n)));
    }
    return said;
  };
  const [many, more] = [by(bo, 1000, MAX_GROUPS_OF_MEMBER + 8), by(computer(10), 2000, 8)];
  const ledger = office.ledger(...admitted, guest, ...many, ...more);
  assert.equal(ledger.standing.groups.size, MAX_GROUPS_OF_MEMBER);
  assert.equal(ledger.standing.groupNumbers.size, MAX_GROUPS_OF_MEMBER, 'the others have no number either');
  const end = office.change(bo, many.slice(-1), 'end', many[0]!);
  ledger.add(end);
  assert.equal(ledger.standing.groups.size, MAX_GROUPS_OF_MEMBER, 'an end makes room for the next');
  assert.ok(!ledger.standing.groups.has(many[0]!.id));
});

void test('an author chooses 64 numbers for groups, the first in order', () => {
  const { office, admitted } = started();
  const group = office.group(ana, admitted, '700');
  const said = [group];
  for (let n = 1; n < MAX_NUMBERS + 5; n++) {
    said.push(office.change(ana, said.slice(-1), 'number', group, { extension: String(1000 + n) }));
  }
  const { groupNumbers } = office.ledger(...admitted, ...said).standing;
  assert.deepEqual([...groupNumbers], [[String(1000 + MAX_NUMBERS - 1), group.id]]);
});

void test('a group has 250 people, the first who came in', () => {
  const { office, admitted, group } = started({ people: [] });
  const people = Array.from({ length: MAX_GROUP_MEMBERS + 5 }, (_, n) => computer(20 + n));
  // By the founder, who is an admin: a plain member lets in 64.
  const more = people.map((who) => office.admit(ana, admitted, who));
  const last = more.slice(-1);
  const later = office.change(bo, [group, ...last], 'name', group, { name: 'Later' });
  const ins = [0, 64, 128, 192].map((at) =>
    office.change(bo, [later], 'in', group, { people: ids(...people.slice(at, at + 64)) }),
  );
  const apart = [office.change(ana, [group], 'in', group, { people: ids(dana) })];
  const found = office
    .ledger(...admitted, group, ...more, later, ...ins, ...apart)
    .standing.groups.get(group.id)!;
  assert.equal(found.people.length, MAX_GROUP_MEMBERS);
  assert.ok(found.people.includes(dana.nodeId), 'earlier in order');
});

void test('what is malformed has its place in the past of others, and no effect', () => {
  const { office, admitted, group, found } = started();
  const strange = [
    office.say(bo, [group], 'group-name', { group: group.id, name: '' }),
    office.say(bo, [group], 'group-in', { group: group.id, people: 'everybody' }),
    office.say(bo, [group], 'group-in', {
      group: group.id,
      people: ids(...Array.from({ length: 65 }, () => eve)),
    }),
    office.say(bo, [group], 'group-rights', { group: group.id, talk: 'nobody' }),
    office.say(bo, [group], 'group-colour', { group: group.id, colour: 'red' }),
    office.group(bo, admitted, '1'),
  ];
  const rename = office.change(bo, strange, 'name', group, { name: 'After' });
  assert.deepEqual(found(...strange, rename), { ...found(), name: 'After' });
  assert.equal(
    office.ledger(...admitted, group, ...strange, rename).standing.counting,
    5 + strange.length + 2,
  );
});

void test('statements on groups count against the limit that versions without groups know', () => {
  const { office, admitted, group } = started();
  const said: SignedStatement[] = [];
  for (let n = 0; n < OF_MEMBER.laters + 10; n++) {
    const fields = { name: `Name ${n}` };
    const after = said.length > 0 ? said.slice(-1) : [group];
    // Every other one is of a type that no version knows.
    said.push(
      n % 2 ? office.say(bo, after, 'Later.type', { n }) : office.change(bo, after, 'name', group, fields),
    );
  }
  const { counting, groups } = office.ledger(...admitted, group, ...said).standing;
  assert.equal(counting, 1 + admitted.length + OF_MEMBER.laters);
  // The group itself is one of them.
  assert.equal(groups.get(group.id)?.name, `Name ${OF_MEMBER.laters - 2}`);
});
