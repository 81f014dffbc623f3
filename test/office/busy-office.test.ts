import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newPerson, type Person } from '../../main/messages/test-people.ts';
import { faults, type MessageId } from '../../main/model/index.ts';
import { rest } from '../support/rest.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { BusyOffice } from './busy-office.ts';
import { BusyPerson } from './busy-people.ts';
import { EarRules, nothingSeen, type Seen } from './ear-rules.ts';

/** Each seed is an office of its own. `SEED=17 npm test -- busy-office` runs that one alone. */
const SEEDS = Number(process.env['SEEDS'] ?? 100);
const ONLY = process.env['SEED'];
const COMPUTERS = 5;
const LOSSES = [0, 0.05, 0.2];
const STEP_MS = 100;
/** For how long people do things, and how long afterwards all is over; ms. */
const BUSY_MS = 4000;
const OVER_WITHIN_MS = 240_000;

describe('an office in which everybody talks, pages, calls and clicks at once', { timeout: 300_000 }, () => {
  it('has one voice at each ear, lets nobody wait for ever, and every message ends heard or notified', async (t) => {
    const people = await Promise.all(
      Array.from({ length: COMPUTERS }, (_, n) => newPerson(t, String(101 + n))),
    );
    // Ties are decided by ids: so a seed has the same order of them in each run.
    people.sort((a, b) => (a.record.node < b.record.node ? -1 : 1));
    const unforeseen: string[] = [];
    t.after(faults.onLogged(({ line }) => unforeseen.push(line)));
    const ran: Seen[] = [];
    for (const seed of ONLY === undefined ? Array.from({ length: SEEDS }, (_, n) => n) : [Number(ONLY)]) {
      try {
        ran.push(await run(seed, people));
        assert.deepEqual(unforeseen, []);
      } catch (cause) {
        throw new Error(`SEED=${seed} npm test -- busy-office: ${(cause as Error).message}`, { cause });
      }
    }
    const seen = total(ran);
    t.diagnostic(`${ran.length} offices: ${JSON.stringify(seen)}`);
    if (ONLY !== undefined) return;
    for (const [what, times] of Object.entries(seen))
      assert.ok(times > SEEDS / 2, `too little is tried: ${what}, ${times} times`);
  });
});

async function run(seed: number, people: readonly Person[]): Promise<Seen> {
  const random = seededRandom(seed);
  const office = await BusyOffice.open(people, seed, LOSSES[seed % LOSSES.length]!);
  const persons = office.places.map((place) => new BusyPerson(office, place, random));
  const rules = persons.map((person) => new EarRules(office, person));
  office.afterSound = () => {
    for (const rule of rules) rule.look();
  };
  const pass = async (ms: number): Promise<void> => {
    await office.pass(ms);
    assert.equal(rules.find(({ broken }) => broken !== undefined)?.broken, undefined);
  };
  try {
    for (let passed = 0; passed < BUSY_MS; passed += STEP_MS) {
      for (const person of persons) person.act();
      await rest();
      await pass(STEP_MS);
    }
    office.loss = 0;
    for (const person of persons) person.stop();
    const isOver = () => whatIsLeft(office, rules).length === 0;
    for (let passed = 0; passed < OVER_WITHIN_MS && !isOver(); passed += 5 * STEP_MS) {
      for (const person of persons) person.stop();
      await pass(5 * STEP_MS);
    }
    assert.deepEqual(whatIsLeft(office, rules), []);
    for (const { id, index } of audienceOf(office)) rules[index]!.count(id);
    return total(rules.map(({ seen }) => seen));
  } finally {
    await office.close();
  }
}

function total(all: readonly Seen[]): Seen {
  const sum = nothingSeen();
  for (const one of all) for (const what of Object.keys(sum) as (keyof Seen)[]) sum[what] += one[what];
  return sum;
}

/** Each message that somebody began to say, at each computer that it is for. */
function audienceOf(office: BusyOffice): { readonly id: MessageId; readonly index: number }[] {
  return [...office.said].flatMap(([id, { desk }]) =>
    (desk.store.get(id)?.header.facts.recipients ?? []).map((node) => ({ id, index: office.at(node).index })),
  );
}

/** Where it is not clear yet what became of a message. */
function whatIsLeft(office: BusyOffice, rules: readonly EarRules[]): string[] {
  const endless = [...office.said].filter(([id, { desk }]) => {
    const message = desk.store.get(id);
    return message && !message.manifest;
  });
  const open = audienceOf(office).filter(({ id, index }) => rules[index]!.becameOf(id) === undefined);
  return [
    ...endless.map(([id]) => `${id} does not end`),
    ...open.map(({ id, index }) => `nothing became of ${id} at computer ${index}`),
  ];
}
