import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newPerson, type Person } from '../../main/messages/test-people.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { liesByChance, repents } from './liars.ts';
import { settled } from './settled-office.ts';
import { TalkingOffice, type SpokenMessage } from './talking-office.ts';

/** Each seed is an office of its own. `SEED=17 npm test -- hostile-messages` runs that one alone. */
const SEEDS = Number(process.env['SEEDS'] ?? 80);
const ONLY = process.env['SEED'];
const MOST_NODES = 6;
const MESSAGES = 4;
const LOSSES = [0, 0.05, 0.2];
/** Two switches that reach each other are one again in less, ms. */
const APART_MS = 10_000;
/** Once liars are gone and the office is one, everything arrives within this time, ms. */
const ARRIVES_WITHIN_MS = 300_000;

describe('an office with liars, loss and splits, in which people talk', { timeout: 300_000 }, () => {
  it('has one switch that all honest computers reach, and each message is complete once at its recipient', async (t) => {
    const people = await Promise.all(
      Array.from({ length: MOST_NODES }, (_, n) => newPerson(t, String(101 + n))),
    );
    // Ties are decided by ids: so a seed has the same order of them in each run.
    people.sort((a, b) => (a.record.node < b.record.node ? -1 : 1));
    const seeds = ONLY === undefined ? Array.from({ length: SEEDS }, (_, seed) => seed) : [Number(ONLY)];
    const ran: Ran[] = [];
    for (const seed of seeds) {
      try {
        ran.push(await run(seed, people));
      } catch (cause) {
        throw new Error(`SEED=${seed}: ${(cause as Error).message}`, { cause });
      }
    }
    const most = (of: keyof Ran): number => Math.max(...ran.map((one) => one[of]));
    t.diagnostic(
      `${seeds.length} offices; two switches for at most ${most('apartMs')} ms; everything was there at most ${most('tookMs')} ms after the liars left`,
    );
    if (ONLY !== undefined) return;
    for (const what of ['withheld', 'toAbsent', 'acrossSplits'] as const)
      assert.ok(ran.filter((one) => one[what] > 0).length > SEEDS / 10, `too little is tried: ${what}`);
  });
});

/** What one office went through. Times in ms. */
interface Ran {
  readonly tookMs: number;
  readonly apartMs: number;
  /** Links to a liar, and messages to somebody who was away or on the other side. */
  readonly withheld: number;
  readonly toAbsent: number;
  readonly acrossSplits: number;
}

async function run(seed: number, people: readonly Person[]): Promise<Ran> {
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const nodes = 4 + (seed % 3);
  const loss = LOSSES[seed % LOSSES.length]!;
  const office = settled({ nodes, seed, loss, isBlocked: () => false });
  const liars = office.machines
    .slice(0, 1 + (seed % 2 === 0 && nodes >= 5 ? 1 : 0))
    .map(({ index }) => index);
  for (const index of liars) liesByChance({ office, index });
  const talking = await TalkingOffice.open(office, people.slice(0, nodes), loss, seed);
  try {
    const honest = [...talking.desks.keys()];
    const absent = random() < 0.5 ? pick(honest) : undefined;
    if (absent !== undefined) office.kill(absent);
    const present = honest.filter((index) => index !== absent);
    const said: SpokenMessage[] = [];
    let acrossSplits = 0;
    for (let n = 0; n < MESSAGES; n += 1) {
      await talking.pass(1000 + Math.floor(random() * 30) * 100);
      if (n === 1) office.split(() => (random() < 0.5 ? 1 : 0));
      const from = pick(present);
      const to = pick(honest.filter((index) => index !== from));
      if (office.machines[from]?.side !== office.machines[to]?.side) acrossSplits += 1;
      said.push(await talking.say(from, to));
      if (n === 2) office.heal();
    }
    if (absent !== undefined) office.start(absent);
    await talking.pass(5000, 250);
    for (const index of liars) repents(office, index);
    const from = office.now;
    const missing = (): SpokenMessage[] => said.filter((one) => talking.completed(one) === 0);
    while (missing().length > 0 && office.now - from < ARRIVES_WITHIN_MS) await talking.pass(1000, 200);
    const tookMs = office.now - from;
    assert.deepEqual(
      missing().map(({ from, to }) => `${from} to ${to}`),
      [],
      'never complete',
    );
    await talking.pass(5000, 250);
    assert.ok(office.agreed() !== undefined, 'the honest agree on no switch');
    assert.ok(talking.longestApartMs < APART_MS, `two switches for ${talking.longestApartMs} ms`);
    for (const one of said) {
      assert.equal(talking.completed(one), 1, `complete ${talking.completed(one)} times`);
      const heard = await talking.desks.get(one.to)!.bytesOf(one.id);
      assert.ok(heard.equals(Buffer.concat(one.fragments.map(({ bytes }) => bytes))), 'other bytes');
      const notified = talking.notified.get(`${one.id} ${one.to}`) ?? 0;
      assert.ok(notified <= 1, `notified ${notified} times`);
    }
    const toAbsent = said.filter(({ to }) => to === absent).length;
    return { tookMs, apartMs: talking.longestApartMs, withheld: talking.withheld, toAbsent, acrossSplits };
  } finally {
    await talking.close();
  }
}
