import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Signed } from '../../model/index.ts';
import { Ledger } from './ledger.ts';
import { statementIdOf } from './statement.ts';
import { computer, Office, outcome, type SignedStatement } from './test-office.ts';

/*
 * Offices that nobody would found: any author signs any statement after any statements, whether it may or not. What is checked
 * holds for every set of well-signed statements.
 */

const COMPUTERS = 7;
/** The same offices at every run, unless another seed is asked for: CORRIDOR_SEED=7 npm test -- any-order. */
const CHOSEN = { numRuns: 40, seed: Number(process.env['CORRIDOR_SEED'] ?? 1) };

/** One statement to be signed: numbers that choose among what is there. */
const stepArbitrary = fc.record({
  kind: fc.constantFrom(
    ...(['admit', 'admit', 'admit', 'own', 'heir', 'admin', 'admin', 'remove', 'remove', 'remove'] as const),
    ...([
      'restore',
      'number',
      'number',
      'over',
      'first',
      'first',
      'setting',
      'right',
      'recover',
      'recovery',
      'later',
    ] as const),
    ...(['group', 'group', 'group-in', 'group-out', 'group-any', 'group-any'] as const),
  ),
  by: fc.nat(COMPUTERS - 1),
  who: fc.nat(COMPUTERS - 1),
  other: fc.nat(COMPUTERS - 1),
  after: fc.array(fc.nat(1000), { minLength: 1, maxLength: 4 }),
  about: fc.tuple(fc.nat(1000), fc.nat(1000)),
});
type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never;
/** Mostly among the latest statements, so that long ways come about. */
const stepsArbitrary = fc.array(stepArbitrary, { minLength: 5, maxLength: 40 });

function sign(office: Office, step: Step, held: readonly SignedStatement[]): SignedStatement {
  const at = (number: number): SignedStatement =>
    held[held.length - 1 - (number % Math.min(held.length, 12))]!;
  const removals = held.filter(({ payload }) => payload.includes('"remove"'));
  const groups = held.filter(({ payload }) => payload.includes('"group"'));
  const among = (number: number, some: readonly SignedStatement[]): SignedStatement =>
    some[number % some.length] ?? office.charter;
  // A key that is not in a statement's past has signed nothing.
  const after = [...new Set([held[step.by]!, ...step.after.map(at)])];
  const [by, who, other] = [computer(step.by), computer(step.who), computer(step.other)];
  const [one, two] = step.about;
  switch (step.kind) {
    case 'admit':
      return office.admit(by, after, who, { extension: String(10 + (one % 3)) });
    case 'own':
      return office.admit(by, after, who, { person: by });
    case 'heir':
      return office.admit(by, after, who, { person: other });
    case 'admin':
      return office.makeAdmin(by, after, who);
    case 'remove':
      return office.remove(by, after, ...(one % 2 ? [who] : [who, other]));
    case 'restore':
      return office.restore(by, after, among(one, removals));
    case 'number':
      return office.number(by, after, String(10 + (one % 3)), { person: one % 2 ? by : who });
    case 'over':
      return office.number(by, after, String(10 + (one % 3)), { person: who, over: at(two) });
    case 'first':
      return office.vote(by, after, among(one, removals), among(two, removals));
    case 'setting':
      return office.say(by, after, 'setting', { key: 'admit', value: one % 2 ? 'members' : 'admins' });
    case 'right':
      return office.say(by, after, 'right', { person: who.nodeId, rights: ['urgent'] });
    case 'recover':
      return office.makeAdmin(office.code, after, who);
    case 'recovery':
      return office.say(by, after, 'recovery', {
        key: Buffer.from(other.hpkePublicKey).toString('base64url'),
      });
    case 'later':
      return later(office, step, after);
    case 'group':
      return office.group(by, after, String(10 + (one % 3)), {
        name: `Group ${one % 5}`,
        people: two % 2 ? [who, other] : [],
        talk: two % 3 ? 'everybody' : 'members',
        change: one % 2 ? 'creator' : 'members',
      });
    case 'group-in':
      return office.change(by, after, 'in', among(one, groups), { people: [who.nodeId, other.nodeId] });
    case 'group-out':
      return office.change(by, after, 'out', among(one, groups), {
        people: [two % 2 ? by.nodeId : who.nodeId],
      });
    case 'group-any':
      return office.change(by, after, ANY_CHANGE[two % ANY_CHANGE.length]!, among(one, groups), {
        name: `Group ${two % 5}`,
        extension: String(10 + (two % 3)),
        ...(two % 2 ? { change: 'members' } : { talk: 'members' }),
      });
  }
}

const ANY_CHANGE = ['name', 'name', 'number', 'rights', 'rights', 'end'] as const;

function later(office: Office, step: Step, after: readonly SignedStatement[]): SignedStatement {
  return office.say(computer(step.by), after, 'Later.type', { node: computer(step.who).nodeId });
}

function signAll(office: Office, steps: readonly Step[]): SignedStatement[] {
  // Everybody is in to begin with, so that authors have rights to use and to lose.
  const held = [office.charter];
  for (let n = 1; n < COMPUTERS; n++) held.push(office.admit(computer(0), [office.charter], computer(n)));
  for (const n of [1, 2]) held.push(office.makeAdmin(computer(0), [held[n]!], computer(n)));
  for (const step of steps) held.push(sign(office, step, held));
  return held.slice(1);
}

void test('any order, repetition and split of a set of statements comes to the same', () => {
  fc.assert(
    fc.property(
      stepsArbitrary,
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (steps, chance) => {
        const office = new Office();
        const said = signAll(office, steps);
        const expected = outcome(office.ledger(...said));
        const random = (): number => chance.next().value as number;
        const shuffled = said.map((one) => ({ one, key: random() })).sort((a, b) => a.key - b.key);
        const ledger = office.ledger();
        for (const { one, key } of shuffled) {
          ledger.add(one);
          // Evaluated in between, and told twice.
          if (key < 0.2) assert.ok(ledger.standing.digest);
          if (key > 0.8) ledger.add(one);
        }
        assert.deepEqual(outcome(ledger), expected);
        assert.deepEqual(ledger.missing, []);
        const halves = [office.ledger(), office.ledger()];
        for (const one of said) halves[random() < 0.5 ? 0 : 1]!.add(one);
        for (const half of halves) for (const one of said.toReversed()) half.add(one);
        for (const half of halves) assert.deepEqual(outcome(half), expected);
        assert.deepEqual(
          outcome(office.ledger(...ledger.statements)),
          expected,
          'told in order, as nodes do',
        );
      },
    ),
    CHOSEN,
  );
});

/** Few seats, so that these small offices overflow. */
const FEW = { admin: 4, member: 2 };

/** Tells a ledger these statements as nodes do: again, until it lacks nothing. */
function tellAll(ledger: Ledger, said: readonly Signed[]): Ledger {
  for (let before = ''; before !== ledger.ids.join();) {
    before = ledger.ids.join();
    for (const one of said) ledger.add(one);
  }
  return ledger;
}

void test('where an author signs more than is held, any order and split comes to the same statements', () => {
  let overflows = 0;
  fc.assert(
    fc.property(
      stepsArbitrary,
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (steps, chance) => {
        const office = new Office();
        const said = signAll(office, steps);
        const shuffled = () =>
          said
            .map((one) => ({ one, key: chance.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one);
        const few = () => new Ledger(office.charter, FEW);
        const expected = tellAll(few(), said);
        if (expected.size < office.ledger(...said).size) overflows += 1;
        const other = tellAll(few(), shuffled());
        assert.deepEqual(other.ids, expected.ids);
        assert.deepEqual(outcome(other), outcome(expected));
        const halves = [few(), few()] as const;
        for (const one of shuffled()) halves[(chance.next().value as number) < 0.5 ? 0 : 1].add(one);
        // Each tells what it holds, until both hold the same; what has left one and is not needed has left for good.
        const both = () => halves.flatMap(({ statements }) => statements);
        for (let before = -1; before !== both().length;) {
          before = both().length;
          const heard = both();
          for (const half of halves) tellAll(half, heard);
        }
        assert.deepEqual(halves[0].ids, halves[1].ids);
        const merged = tellAll(few(), both().toReversed());
        assert.deepEqual(halves[0].ids, merged.ids);
        assert.deepEqual(outcome(halves[0]), outcome(merged));
      },
    ),
    { ...CHOSEN, numRuns: CHOSEN.numRuns / 2, endOnFailure: true },
  );
  assert.ok(overflows > CHOSEN.numRuns / 4, `only ${overflows} offices overflowed`);
});

void test('an evaluation never throws, names nobody who is removed, and always has the founder or a removal of the founder', () => {
  fc.assert(
    fc.property(stepsArbitrary, (steps) => {
      const office = new Office();
      const { members, removed, admins, extensions, heads } = office.ledger(
        ...signAll(office, steps),
      ).standing;
      for (const node of removed.keys()) assert.ok(!members.has(node));
      for (const node of admins) assert.ok(members.has(node));
      const persons = new Set([...members.values()].map(({ person }) => person));
      for (const person of extensions.values()) assert.ok(persons.has(person));
      assert.ok(members.has(office.founder.nodeId) || removed.has(office.founder.nodeId));
      assert.ok(heads.length > 0);
    }),
    CHOSEN,
  );
});

void test('statements of later types never change who is a member', () => {
  fc.assert(
    fc.property(stepsArbitrary, fc.array(stepArbitrary, { minLength: 1, maxLength: 10 }), (steps, more) => {
      const office = new Office();
      const said = signAll(
        office,
        steps.filter(({ kind }) => kind !== 'later'),
      );
      const ledger = office.ledger(...said);
      const before = outcome(ledger);
      for (const step of more) {
        const seen = [office.charter, ...said].slice(step.by, step.by + 1);
        seen.push(...step.after.map((number) => said[number % said.length]!));
        const signed = later(office, step, [...new Set(seen)]);
        // Two steps may come to the same statement.
        const isHeld = ledger.get(statementIdOf(signed)) !== undefined;
        assert.equal(ledger.add(signed), isHeld ? 'known' : 'added');
      }
      const after = outcome(ledger);
      const { digest: _, heads: __, ...rest } = before as Record<string, unknown>;
      for (const [name, value] of Object.entries(rest))
        assert.deepEqual((after as Record<string, unknown>)[name], value, name);
    }),
    CHOSEN,
  );
});

void test('a group names people who are in the office, once each, and no number is both a group’s and a person’s', () => {
  let [found, numbered] = [0, 0];
  fc.assert(
    fc.property(stepsArbitrary, (steps) => {
      const office = new Office();
      const { members, groups, groupNumbers, extensions } = office.ledger(...signAll(office, steps)).standing;
      const living = new Set([...members.values()].map(({ person }) => person));
      for (const { people } of groups.values()) {
        assert.equal(new Set(people).size, people.length);
        for (const person of people) assert.ok(living.has(person));
      }
      for (const [extension, group] of groupNumbers) {
        assert.ok(groups.has(group) && !extensions.has(extension));
      }
      found += groups.size;
      numbered += groupNumbers.size;
    }),
    CHOSEN,
  );
  assert.ok(found > CHOSEN.numRuns && numbered > CHOSEN.numRuns / 2, `${found} groups, ${numbered} numbers`);
});
