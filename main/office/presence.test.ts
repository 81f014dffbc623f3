import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeId } from '../model/index.ts';
import { isOnlineBy, RosterRepair, rosterDigest } from './presence.ts';

const [ana, bo] = ['A'.repeat(22) as NodeId, `${'B'.repeat(21)}A` as NodeId];

test('beats and link decide where they agree; where they do not, the last report holds', () => {
  const online = [true, false].flatMap((isAlive) =>
    [true, false].flatMap((isLinked) =>
      [true, false].map((wasOnline) => isOnlineBy({ isAlive, isLinked, wasOnline })),
    ),
  );
  assert.deepEqual(online, [true, true, true, false, true, false, false, false]);
});

test('a digest is the same in any order, and another one for each node and revision', () => {
  const digest = rosterDigest([
    { node: ana, revision: 1 },
    { node: bo, revision: 2 },
  ]);
  assert.match(digest, /^[\w-]{11}$/);
  assert.equal(
    digest,
    rosterDigest([
      { node: bo, revision: 2 },
      { node: ana, revision: 1 },
    ]),
  );
  const others = [
    [],
    [{ node: ana, revision: 1 }],
    [
      { node: ana, revision: 2 },
      { node: bo, revision: 1 },
    ],
    [
      { node: ana, revision: 1 },
      { node: bo, revision: 3 },
    ],
  ].map(rosterDigest);
  assert.equal(new Set([digest, ...others]).size, 5);
});

/** The times of beats, every 200 ms, at which a member asks; `theirs` and `ours` by time. */
function askedAt(untilMs: number, theirs: (now: number) => string, ours: (now: number) => string): number[] {
  const repair = new RosterRepair();
  const beats = Array.from({ length: untilMs / 200 + 1 }, (_, beat) => beat * 200);
  return beats.filter((now) => repair.compare(theirs(now), ours(now), now));
}

test('the roster is asked for after two beats, then at growing intervals', () => {
  const asked = askedAt(
    150_000,
    () => 'theirs',
    () => 'ours',
  );
  assert.deepEqual(asked, [200, 1200, 3200, 7200, 15_200, 31_200, 61_200, 91_200, 121_200]);
});

test('nothing is asked for while reports come in that explain the difference', () => {
  const asked = askedAt(
    10_000,
    (now) => `as of ${now}`,
    (now) => `as of ${now - 200}`,
  );
  assert.deepEqual(asked, []);
});

test('two differences one after the other are asked for at once, each after two beats', () => {
  const asked = askedAt(
    10_000,
    (now) => (now < 5000 ? 'a' : 'b'),
    (now) => (now > 400 && now < 5000 ? 'a' : now > 5400 ? 'b' : ''),
  );
  assert.deepEqual(asked, [200, 5200]);
});

test('the time of a difference ends with it, with another switch, and with the beats', () => {
  const repair = new RosterRepair();
  assert.equal(repair.differsMs(0), 0);
  for (let now = 0; now <= 4000; now += 200) repair.compare('theirs', `ours at ${now}`, now);
  assert.equal(repair.differsMs(4100), 4100);
  assert.equal(repair.differsMs(7000), 0, 'no beat has come for three seconds');
  repair.compare('same', 'same', 7000);
  assert.equal(repair.differsMs(7000), 0);
  repair.compare('theirs', 'ours', 8000);
  repair.beginAnew();
  assert.equal(repair.differsMs(8000), 0);
});
