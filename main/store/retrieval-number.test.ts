import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { newMessageId, type MessageId, type Random } from '../model/index.ts';
import { newEntry } from './entry.ts';
import { RetrievalNumbers, retrievalNumber, type NumberClaim } from './retrieval-number.ts';
import type { Entry } from './stored-message.ts';
import { signed, speak } from './test-office.ts';

const { header } = speak(1);

/** A computer of a person: which messages it has, and their numbers. */
class Computer {
  readonly numbers = new RetrievalNumbers();
  readonly #entries = new Map<MessageId, Entry>();
  readonly #deleted = new Set<MessageId>();

  receive(id: MessageId): void {
    if (this.#entries.has(id) || this.#deleted.has(id)) return;
    const entry = newEntry(signed(header), { ...header, id }, { mine: 'recipient', keeps: false }, {});
    this.#entries.set(id, entry);
    this.numbers.give(entry);
  }

  delete(id: MessageId): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    this.#deleted.add(id);
    this.numbers.forget(entry);
  }

  hears(claims: readonly NumberClaim[]): readonly NumberClaim[] {
    return this.numbers.merge(claims, (id) => this.#entries.get(id)).answer;
  }

  get claims(): readonly NumberClaim[] {
    return [...this.#entries.values()].map(({ id, local }) => ({ id, number: local.number! }));
  }
}

/** One tells the other all its numbers, and both answer until nothing is left to say. Returns after how many frames. */
function tell(from: Computer, to: Computer): number {
  let [claims, speaker, listener, frames] = [from.claims, from, to, 0];
  while (claims.length > 0) {
    frames += 1;
    assert.ok(frames < 50, 'they come to an end');
    claims = listener.hears(claims);
    [speaker, listener] = [listener, speaker];
  }
  return frames;
}

/** Ids of which many have the same first four digits. */
function collidingIds(random: () => number): readonly MessageId[] {
  const bytes = (size: number) => Buffer.from(Array.from({ length: size }, () => random() * 256));
  const chance: Random = { bytes, fraction: random };
  const byNumber = new Map<string, MessageId[]>();
  for (let n = 0; n < 12_000; n += 1) {
    const id = newMessageId(chance);
    const number = retrievalNumber(id, new Set());
    byNumber.set(number, [...(byNumber.get(number) ?? []), id]);
  }
  return [...byNumber.values()]
    .filter((ids) => ids.length >= 4)
    .slice(0, 12)
    .flat();
}

const numberAt = ({ claims }: Computer): ReadonlyMap<MessageId, string> =>
  new Map(claims.map(({ id, number }) => [id, number]));

test('computers of a person that numbered messages separately agree on the same numbers, in any order of arrival', () => {
  let met = 0;
  const pool = collidingIds(seededRandom(1));
  assert.ok(pool.length >= 40);
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = seededRandom(seed * 7919);
    const below = (n: number): number => Math.floor(random() * n);
    const computers = Array.from({ length: seed % 4 === 0 ? 3 : 2 }, () => new Computer());
    for (let step = 0; step < 120; step += 1) {
      const one = computers[below(computers.length)]!;
      const id = pool[below(pool.length)]!;
      const what = below(10);
      if (what < 7) one.receive(id);
      else if (what < 8) one.delete(id);
      else if (what === 9 && seed % 2 === 0) tell(one, computers[below(computers.length)]!);
    }
    // All meet, each with each, until nobody learns anything.
    for (let round = 0; round < computers.length; round += 1) {
      for (const from of computers) for (const to of computers) if (from !== to) tell(from, to);
    }
    const numbers = computers.map(numberAt);
    const meaning = new Map<string, MessageId>();
    for (const [at, own] of numbers.entries()) {
      assert.equal(new Set(own.values()).size, own.size, `seed ${seed}: a number is one message’s`);
      for (const [id, number] of own) {
        assert.ok(number.length >= 4 && number.length <= 12);
        assert.equal(computers[at]!.numbers.find(number), id, `seed ${seed}: it is found by its number`);
        assert.equal(meaning.get(number) ?? id, id, `seed ${seed}: ${number} means the same everywhere`);
        meaning.set(number, id);
        for (const other of numbers) assert.equal(other.get(id) ?? number, number, `seed ${seed}`);
      }
    }
    met += [...meaning.keys()].filter((number) => number.length > 4).length;
  }
  assert.ok(met > 200, 'many were equal at first');
});

test('of two messages with the same number the one with the lower id keeps it, the other gets a longer one', () => {
  const [a, b] = collidingIds(seededRandom(3));
  const [low, high] = a! < b! ? [a!, b!] : [b!, a!];
  const [desk, laptop] = [new Computer(), new Computer()];
  desk.receive(high);
  laptop.receive(low);
  const number = retrievalNumber(low, new Set());
  assert.deepEqual(
    [desk.claims, laptop.claims].map(([one]) => one?.number),
    [number, number],
  );
  tell(desk, laptop);
  assert.equal(numberAt(laptop).get(low), number);
  assert.match(numberAt(desk).get(high) ?? '', new RegExp(`^${number}[0-9]+$`));
  assert.equal(desk.numbers.find(number), low, 'which is on the other computer');
});

test('of two numbers of one message the longer one stays, and a number is free once its message is gone', () => {
  const [a, b] = collidingIds(seededRandom(3));
  const [desk, laptop] = [new Computer(), new Computer()];
  desk.receive(a!);
  desk.receive(b!);
  laptop.receive(b!);
  const long = numberAt(desk).get(b!);
  assert.equal(long?.length, 5);
  tell(laptop, desk);
  assert.equal(numberAt(laptop).get(b!), long);
  desk.delete(a!);
  desk.delete(b!);
  const again = new Computer();
  again.receive(a!);
  assert.equal(numberAt(again).get(a!)?.length, 4);
});

test('a number that another computer announces before the message comes is used, and an invalid one is ignored', () => {
  const [a, b] = collidingIds(seededRandom(3));
  const laptop = new Computer();
  const number = retrievalNumber(a!, new Set([retrievalNumber(a!, new Set())]));
  laptop.hears([{ id: a!, number }]);
  laptop.receive(a!);
  assert.equal(numberAt(laptop).get(a!), number);
  assert.deepEqual(
    laptop.hears([
      { id: b!, number: '000000' },
      { id: a!, number: '1' },
      { id: a!, number: `${number}x` },
    ]),
    [],
  );
  assert.deepEqual(laptop.claims, [{ id: a!, number }]);
});
