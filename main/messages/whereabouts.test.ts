import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import type { NodeId } from '../model/index.ts';
import { SEAT_REPORT_VALID_MS, Whereabouts, type SeatReport } from './whereabouts.ts';

const [DESK, LAPTOP, CUPBOARD] = ['desk', 'laptop', 'cupboard'] as unknown as [NodeId, NodeId, NodeId];

const wordOf = (of: Whereabouts): SeatReport => ({ n: of.own, canPlay: true });
const here = (self: NodeId) => new Whereabouts(() => self);

test('messages sound at the computer with the last input; one without a desktop takes them from no other', () => {
  const [desk, laptop, cupboard] = [here(DESK), here(LAPTOP), here(CUPBOARD)];
  assert.equal(desk.elsewhere(true, 0), undefined, 'nobody has touched any: it sounds at all');
  assert.equal(desk.input(0), true);
  assert.equal(desk.input(10), false, 'it has the person already');
  laptop.hear(DESK, wordOf(desk), 20);
  cupboard.hear(DESK, wordOf(desk), 20);
  desk.hear(CUPBOARD, wordOf(cupboard), 20);
  assert.deepEqual(
    [desk, laptop, cupboard].map((one) => one.elsewhere(true, 30)),
    [undefined, DESK, DESK],
  );
  assert.equal(laptop.input(40), true);
  desk.hear(LAPTOP, wordOf(laptop), 50);
  assert.deepEqual([desk.elsewhere(true, 60), laptop.elsewhere(true, 60)], [LAPTOP, undefined]);
});

test('a computer without a loudspeaker leaves messages to one that has one', () => {
  const desk = here(DESK);
  desk.hear(LAPTOP, { n: 4, canPlay: true }, 0);
  desk.input(0);
  assert.equal(desk.elsewhere(true, 1), undefined);
  assert.equal(desk.elsewhere(false, 1), LAPTOP);
  desk.hear(LAPTOP, { n: 4, canPlay: false }, 2);
  assert.equal(desk.elsewhere(false, 3), undefined, 'neither can play');
  desk.hear(LAPTOP, { n: 9, canPlay: false }, 4);
  assert.equal(desk.elsewhere(true, 5), undefined, 'the person is there, and would hear nothing');
});

test('a report that is not repeated expires', () => {
  const desk = here(DESK);
  desk.hear(LAPTOP, { n: 4, canPlay: true }, 0);
  assert.equal(desk.elsewhere(true, SEAT_REPORT_VALID_MS - 1), LAPTOP);
  assert.equal(desk.hasOthers(SEAT_REPORT_VALID_MS - 1), true);
  assert.equal(desk.elsewhere(true, SEAT_REPORT_VALID_MS), undefined);
  assert.equal(desk.hasOthers(SEAT_REPORT_VALID_MS), false);
});

interface Word {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly word: SeatReport;
}

/** Three desktops and one without, whose words take up to a second and are lost between those that a network cut apart. */
function simulate(seed: number, { isCut }: { readonly isCut: boolean }) {
  const random = seededRandom(seed);
  const names = ['a', 'b', 'c', 'z'] as unknown as NodeId[];
  const computers = names.map(here);
  const desktops = 3;
  let cutUntil = 0;
  let last: number | undefined;
  const words: Word[] = [];
  const say = (from: number, now: number): void => {
    for (const to of names.keys()) {
      const isLost = now < cutUntil && from % 2 !== to % 2;
      const word = wordOf(computers[from]!);
      if (from !== to && !isLost) words.push({ from, to, word, at: now + random() * 1000 });
    }
  };
  let now = 0;
  const silent: number[] = [];
  const step = (): void => {
    now += 100;
    const due = words.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    for (const one of due) {
      words.splice(words.indexOf(one), 1);
      computers[one.to]!.hear(names[one.from]!, one.word, one.at);
    }
    if (now % 25_000 === 0) for (const from of names.keys()) say(from, now);
    if (computers.every((one) => one.elsewhere(true, now) !== undefined)) silent.push(now);
  };
  for (let n = 0; n < 3000; n++) {
    if (isCut && random() < 0.002) cutUntil = now + random() * 120_000;
    if (random() < 0.02) {
      last = Math.floor(random() * desktops);
      if (computers[last]!.input(now)) say(last, now);
    }
    step();
  }
  return { names, computers, silent, last, step, now: () => now, heal: () => (cutUntil = 0) };
}

for (let seed = 1; seed <= 40; seed++) {
  test(`seed ${seed}: whatever is lost or late, messages sound somewhere, and in the end where the last input was`, () => {
    const { names, computers, silent, last, step, now, heal } = simulate(seed, { isCut: seed % 2 === 0 });
    assert.deepEqual(silent, [], 'at these times it would sound nowhere');
    heal();
    // The network is whole, everybody says it again twice, and the person touches the computer once more.
    for (let n = 0; n < 520; n++) step();
    const at = last!;
    if (computers[at]!.input(now()))
      for (const [to, one] of computers.entries())
        if (to !== at) one.hear(names[at]!, wordOf(computers[at]!), now());
    assert.deepEqual(
      computers.map((one) => one.elsewhere(true, now())),
      computers.map((_, n) => (n === at ? undefined : names[at])),
    );
  });
}
