import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { retrievalNumber } from '../store/index.ts';
import { join } from './test-joined-desks.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Person, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** Bo has a desk and a laptop, which reach each other when they are online; Ann talks to both. */
async function ground(t: TestContext) {
  const time = new HandTime();
  const [desk, laptop] = [await Desk.open(t, '102', time), await Desk.open(t, '102', time)];
  const ann = await newPerson(t, '101');
  const both = [desk, laptop] as const;
  for (const one of both) {
    one.office.know(ann, one);
    for (const { node } of both) one.office.persons.set(node, desk.node);
  }
  const hears = (one: Desk, { header }: Spoken): void => one.hear(header.signed);
  const { ends } = join(desk, laptop);
  /** Both see that the other is there. */
  const meet = (): void => {
    desk.office.visits.set(laptop.node, ends[0]);
    laptop.office.visits.set(desk.node, ends[1]);
    for (const one of both) one.office.know(desk, laptop);
    for (const one of both) one.messages.expect([]);
  };
  const numberOf = (one: Desk, { id }: Spoken) => one.store.get(id)?.local.number;
  return { desk, laptop, ann, time, hears, meet, numberOf };
}

/** What Ann says, twice, so that both messages have the same four digits. */
async function twoAlike(ann: Person, to: readonly Person[], time: HandTime): Promise<[Spoken, Spoken]> {
  const byNumber = new Map<string, Spoken>();
  for (;;) {
    const said = await speak(ann, to, { time, count: 1 });
    const number = retrievalNumber(said.id, new Set());
    const other = byNumber.get(number);
    if (other) return said.id < other.id ? [said, other] : [other, said];
    byNumber.set(number, said);
  }
}

test('two computers of a person that gave two messages the same number agree when they meet', async (t) => {
  const { desk, laptop, ann, time, hears, meet, numberOf } = await ground(t);
  const [low, high] = await twoAlike(ann, [desk, laptop], time);
  hears(desk, high);
  hears(laptop, low);
  assert.equal(numberOf(desk, high), numberOf(laptop, low), 'the same number for two messages');
  const number = numberOf(laptop, low);
  meet();
  await until(() => numberOf(desk, high) !== number, 'the higher id gives way');
  hears(desk, low);
  hears(laptop, high);
  for (const one of [desk, laptop]) {
    assert.equal(numberOf(one, low), number);
    assert.equal(numberOf(one, high)?.length, 5);
    assert.equal(one.messages.kept.findByNumber(number!)?.id, low.id);
  }
  // It outlives the computer.
  assert.match(numberOf(desk, high) ?? '', new RegExp(`^${number}`));
});

test('a message that comes while both are online has the same number at both', async (t) => {
  const { desk, laptop, ann, time, hears, meet, numberOf } = await ground(t);
  const [low, high] = await twoAlike(ann, [desk, laptop], time);
  meet();
  hears(desk, low);
  hears(desk, high);
  // The laptop gets them the other way round.
  hears(laptop, high);
  hears(laptop, low);
  time.pass(1_000);
  await until(() => [low, high].every((one) => numberOf(desk, one) === numberOf(laptop, one)), 'both agree');
  assert.notEqual(numberOf(desk, low), numberOf(desk, high));
});

test('numbers are exchanged only with other computers of this person', async (t) => {
  const { desk, ann, time, hears, numberOf } = await ground(t);
  const said = await speak(ann, [desk], { time });
  hears(desk, said);
  const number = numberOf(desk, said);
  const longer = retrievalNumber(said.id, new Set([number!]));
  const link = new HandLink(ann.record.node);
  desk.office.visits.set(ann.record.node, link);
  desk.messages.expect([ann.record]);
  desk.messages.frame({ type: 'numbers', numbers: [{ id: said.id, number: longer }] }, link);
  time.pass(1_000);
  await Promise.resolve();
  assert.equal(numberOf(desk, said), number);
  assert.deepEqual(link.sent, []);
});
