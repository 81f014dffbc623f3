import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areIn, computer, Office, type SignedStatement } from './test-office.ts';

const [ana, bo, cy, dee] = [computer(0), computer(1), computer(2), computer(3)];
const people = Array.from({ length: 6 }, (_, n) => computer(n + 4));

/** Ana founds; Bo and Cy are admins; the people are admitted by Ana unless another admits. */
function started(admitting = ana) {
  const office = new Office();
  const admitted = [bo, cy].map((who) => office.admit(ana, [office.charter], who));
  const admins = [bo, cy].map((who) => office.makeAdmin(ana, admitted, who));
  const more = people.map((who) => office.admit(admitting, admins, who));
  return { office, admitted, admins, more, all: [...admitted, ...admins, ...more] };
}

void test('a removal works; what the remover had seen of the removed node stays', () => {
  const { office, all, more } = started(bo);
  const removal = office.remove(ana, more, bo);
  const ledger = office.ledger(...all, removal);
  assert.deepEqual(areIn(ledger, ana, bo, ...people), [true, false, ...people.map(() => true)]);
  assert.equal(ledger.standing.removed.get(bo.nodeId), removal.id);
});

void test('a backdated admission by a removed node falls, with all whom it let in', () => {
  const { office, all, admins, more } = started();
  const removal = office.remove(ana, more, bo);
  const backdated = office.admit(bo, admins, dee);
  const guest = office.admit(dee, [backdated], computer(20));
  const ledger = office.ledger(...all, removal, backdated, guest);
  assert.deepEqual(areIn(ledger, bo, dee, computer(20)), [false, false, false]);
});

void test('a key that is out stays out, even if an admin admits it again', () => {
  const { office, all, more } = started();
  const removal = office.remove(ana, more, bo);
  const again = office.admit(ana, [removal], bo);
  assert.deepEqual(areIn(office.ledger(...all, removal, again), bo), [false]);
});

void test('a plain member removes their own computers alone', () => {
  const { office, all, more } = started();
  const own = office.admit(people[0]!, more, dee, { person: people[0]! });
  const ledger = office.ledger(
    ...[...all, own],
    office.remove(people[0]!, [own], dee),
    office.remove(people[1]!, more, people[2]!, people[1]!),
  );
  assert.deepEqual(areIn(ledger, people[0]!, dee, people[1]!, people[2]!), [true, false, true, true]);
});

void test('to leave is to remove one’s own nodes; what the person said before stays', () => {
  const { office, all, more } = started(bo);
  const left = office.remove(bo, more, bo);
  assert.deepEqual(areIn(office.ledger(...all, left), bo, ...people), [false, ...people.map(() => true)]);
});

void test('a dismissed founder removes everybody, backdated to any moment: who held the dismissal votes, and it stands', () => {
  const { office, all, admitted, admins, more } = started();
  const dismissal = office.remove(bo, more, ana);
  for (const seen of [[office.charter], admitted, admins, more.slice(0, 3), more]) {
    const revenge = office.remove(ana, seen, bo, cy, ...people);
    const votes = people.map((who) => office.vote(who, [dismissal], dismissal, revenge));
    const ledger = office.ledger(...all, dismissal, revenge, ...votes);
    assert.deepEqual(areIn(ledger, ana, bo, cy, ...people), [false, true, true, ...people.map(() => true)]);
  }
});

void test('a dismissed founder removes the remover alone, and makes an admin who does so: neither works', () => {
  const { office, all, admins, more } = started();
  const dismissal = office.remove(bo, more, ana);
  const revenge = office.remove(ana, admins, bo);
  const puppet = office.admit(ana, [office.charter], dee);
  const grant = office.makeAdmin(ana, [puppet], dee);
  const puppets = office.remove(dee, [grant], bo);
  const votes = people.flatMap((who) => [
    office.vote(who, [dismissal], dismissal, revenge),
    office.vote(who, [dismissal], dismissal, puppets),
  ]);
  const ledger = office.ledger(...[...all, dismissal, revenge, puppet, grant, puppets], ...votes);
  assert.deepEqual(areIn(ledger, ana, bo, dee), [false, true, false]);
});

void test('a dismissed founder removes all but the remover: the dismissal is not threatened and needs no vote', () => {
  const { office, all, admins, more } = started();
  const dismissal = office.remove(bo, more, ana);
  const revenge = office.remove(ana, admins, cy, ...people);
  const ledger = office.ledger(...all, dismissal, revenge);
  assert.deepEqual(areIn(ledger, ana, bo, cy, ...people), [false, true, true, ...people.map(() => true)]);
});

void test('a dismissed founder does not lift the dismissal, alone or through an admin made for that', () => {
  const { office, all, more } = started();
  const dismissal = office.remove(bo, more, ana);
  const puppet = office.admit(ana, [office.charter], dee);
  const grant = office.makeAdmin(ana, [puppet], dee);
  const own = office.restore(ana, [dismissal], dismissal);
  const puppets = office.restore(dee, [grant, dismissal], dismissal);
  const ledger = office.ledger(...all, dismissal, puppet, grant, own, puppets);
  assert.deepEqual(areIn(ledger, ana, dee), [false, false]);
});

void test('the remover, or an admin senior to the remover, restores; a junior admin does not', () => {
  const { office, all, admins, more } = started();
  const grants = new Map(admins.map((grant, n) => [[bo, cy][n]!, grant]));
  const [senior, junior] = [bo, cy].sort((a, b) => (grants.get(a)!.id < grants.get(b)!.id ? -1 : 1)) as [
    typeof bo,
    typeof cy,
  ];
  const removal = office.remove(junior, more, people[0]!);
  const isLiftedBy = (...restores: SignedStatement[]) =>
    areIn(office.ledger(...all, removal, ...restores), people[0]!)[0];
  assert.equal(isLiftedBy(), false);
  assert.equal(isLiftedBy(office.restore(junior, [removal], removal)), true);
  assert.equal(isLiftedBy(office.restore(senior, [removal], removal)), true);
  assert.equal(isLiftedBy(office.restore(ana, [removal], removal)), true);
  assert.equal(isLiftedBy(office.restore(people[1]!, [removal], removal)), false, 'a plain member');
  assert.equal(isLiftedBy(office.restore(ana, more, removal)), false, 'a restore that has not seen it');
  const liftersOf = (removed: SignedStatement) => {
    const [inForce] = office.ledger(...all, removed).standing.inForce;
    return [...(inForce?.lifters ?? [])].sort();
  };
  const idsOf = (...who: (typeof bo)[]) => who.map(({ nodeId }) => nodeId).sort();
  assert.deepEqual(liftersOf(removal), idsOf(ana, senior, junior));
  const seniors = office.remove(senior, more, people[0]!);
  assert.deepEqual(liftersOf(seniors), idsOf(ana, senior));
  const restored = office.restore(junior, [seniors], seniors);
  assert.deepEqual(areIn(office.ledger(...all, seniors, restored), people[0]!), [false]);
});

void test('two admins remove each other: the side that most held first stands, else the senior’s', () => {
  const { office, all, more } = started();
  const juniors = office.remove(bo, more, ana);
  const seniors = office.remove(ana, more, bo);
  const both = [...all, juniors, seniors];
  assert.deepEqual(areIn(office.ledger(...both), ana, bo), [true, false]);
  const vote = office.vote(people[0]!, [juniors], juniors, seniors);
  assert.deepEqual(areIn(office.ledger(...both, vote), ana, bo), [false, true]);
  const against = people.slice(1, 3).map((who) => office.vote(who, [seniors], seniors, juniors));
  assert.deepEqual(areIn(office.ledger(...both, vote, ...against), ana, bo), [true, false]);
});

void test('neither remover votes, no computer of theirs does, and a person with two computers has one vote', () => {
  const { office, all, more } = started();
  const bosLaptop = office.admit(bo, more, dee, { person: bo });
  const further = office.admit(people[0]!, more, computer(20), { person: people[0]! });
  const seen = [bosLaptop, further];
  const juniors = office.remove(bo, seen, ana);
  const seniors = office.remove(ana, seen, bo);
  const both = [...all, bosLaptop, further, juniors, seniors];
  const own = [bo, dee].map((who) => office.vote(who, [juniors], juniors, seniors));
  assert.deepEqual(areIn(office.ledger(...both, ...own), ana, bo), [true, false]);
  const twice = [people[0]!, computer(20)].map((who) => office.vote(who, [juniors], juniors, seniors));
  const one = office.vote(people[1]!, [seniors], seniors, juniors);
  assert.deepEqual(areIn(office.ledger(...both, ...twice, one), ana, bo), [true, false], 'one against one');
});

void test('sock puppets whom only one side had seen do not vote', () => {
  const { office, all, more } = started();
  const dismissal = office.remove(bo, more, ana);
  const puppets = Array.from({ length: 10 }, (_, n) => office.admit(ana, more, computer(n + 20)));
  const revenge = office.remove(ana, puppets, bo);
  const votes = puppets.map((_, n) => office.vote(computer(n + 20), [revenge], revenge, dismissal));
  const honest = office.vote(people[0]!, [dismissal], dismissal, revenge);
  const ledger = office.ledger(...all, dismissal, ...puppets, revenge, ...votes, honest);
  assert.deepEqual(areIn(ledger, ana, bo, computer(20)), [false, true, false]);
});

void test('three admins remove each other in a circle: seniority decides without votes, votes decide with them', () => {
  const { office, all, more } = started();
  const [ab, bc, ca] = [
    office.remove(ana, more, bo),
    office.remove(bo, more, cy),
    office.remove(cy, more, ana),
  ];
  const circle = [...all, ab, bc, ca];
  // Ana's stands, so Bo's falls and nobody removed Cy; Cy's falls with nothing, and Ana is gone by it.
  const alone = office.ledger(...circle);
  assert.equal(alone.standing.removed.has(bo.nodeId), true);
  const votes = people.map((who) => office.vote(who, [bc], bc, ab));
  const voted = office.ledger(...circle, ...votes);
  assert.equal(voted.standing.removed.get(cy.nodeId), bc.id, 'the one that most held first');
  assert.equal(voted.standing.removed.has(ana.nodeId), false, 'Cy’s removal of Ana fell');
  assert.equal(voted.standing.removed.get(bo.nodeId), ab.id, 'nothing threatens Ana’s any more');
});

void test('a stolen laptop and its owner’s desktop remove each other: the desktop’s stands where most held it first', () => {
  const { office, all, more } = started();
  const desktop = office.admit(people[0]!, more, dee, { person: people[0]! });
  const stolen = people[0]!;
  const owners = office.remove(dee, [desktop], stolen);
  const thiefs = office.remove(stolen, [desktop], dee);
  const both = [...all, desktop, owners, thiefs];
  const votes = people.slice(1, 4).map((who) => office.vote(who, [owners], owners, thiefs));
  assert.deepEqual(areIn(office.ledger(...both, ...votes), stolen, dee), [false, true]);
  const undecided = areIn(office.ledger(...both), stolen, dee);
  assert.deepEqual(undecided.filter(Boolean).length, 1, 'one of them is left');
  const lifted = office.restore(stolen, [owners], owners);
  assert.deepEqual(areIn(office.ledger(...all, desktop, owners, lifted), stolen), [false]);
});

void test('both halves of a split remove and admit: healed, there is one ledger', () => {
  const { office, all, more } = started();
  const inOne = office.ledger(...all);
  const inOther = office.ledger(...all);
  const one = [
    office.remove(bo, more, people[0]!),
    office.admit(cy, more, dee),
    office.number(cy, more, '12'),
  ];
  const other = [office.remove(ana, more, people[1]!), office.admit(people[2]!, more, computer(20))];
  for (const statement of one) inOne.add(statement);
  for (const statement of other) inOther.add(statement);
  assert.notEqual(inOne.standing.digest, inOther.standing.digest);
  for (const statement of inOther.statements) inOne.add(statement);
  for (const statement of inOne.statements) inOther.add(statement);
  assert.equal(inOne.standing.digest, inOther.standing.digest);
  for (const ledger of [inOne, inOther])
    assert.deepEqual(areIn(ledger, people[0]!, people[1]!, dee, computer(20)), [false, false, true, true]);
});

void test('a removed admin’s later removals fall, whoever they name', () => {
  const { office, all, more } = started();
  const removal = office.remove(ana, more, bo, cy);
  const late = office.remove(bo, [removal], people[0]!);
  const ledger = office.ledger(...all, removal, late);
  assert.deepEqual(areIn(ledger, bo, cy, people[0]!), [false, false, true]);
});
