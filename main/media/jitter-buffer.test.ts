import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { JitterBuffer } from './jitter-buffer.ts';
import { NackScheduler } from './nack.ts';

interface World {
  readonly seconds: number;
  readonly seed: number;
  readonly loss?: number;
  /** Mean of an exponential delay on top of half a millisecond. */
  readonly jitterMs?: number;
  /** The listener's clock against the talker's, parts per million. */
  readonly driftPpm?: number;
  /** The listener begins this much later than the talker. */
  readonly lateMs?: number;
}

interface Outcome {
  readonly counts: JitterBuffer<number>['counts'];
  /** Frames by number, in the order they were played. */
  readonly played: number[];
  readonly lost: number;
  readonly recovered: number;
  /** Mean delay from recording to playing, in the last quarter of the message. */
  readonly delayMs: number;
  readonly asked: number;
  readonly missing: number;
  /** When the listener had caught up with the talker; undefined if never. */
  readonly liveAtMs: number | undefined;
}

/** Simulates a talker, a network and a listener, in steps of a tenth of a millisecond. */
function simulate(world: World): Outcome {
  const random = seededRandom(world.seed);
  const { loss = 0, jitterMs = 0.2, driftPpm = 0, lateMs = 0 } = world;
  const count = world.seconds * 100;
  const buffer = new JitterBuffer<number>({ from: 0, count: null, keep: false });
  const nacks = new NackScheduler();
  const events: { at: number; run: (now: number) => void }[] = [];
  const have = new Set<number>();
  const firstLost = new Set<number>();
  const inTime = new Set<number>();
  const played: number[] = [];
  const delays: number[] = [];
  const waiting: number[] = [];
  let asked = 0;
  let liveAtMs: number | undefined;
  const travel = () => 0.5 - Math.log(1 - random()) * jitterMs;
  const at = (time: number, run: (now: number) => void) => events.push({ at: time, run });
  const deliver = (n: number) => (now: number) => {
    if (have.has(n)) return;
    have.add(n);
    nacks.received(n, now);
    if (firstLost.has(n) && n >= buffer.position) inTime.add(n);
    buffer.put(n, n, now);
    ask(now);
  };
  const ask = (now: number) => {
    for (const n of nacks.due(now)) {
      asked += 1;
      if (random() >= loss && random() >= loss) at(now + travel() + travel(), deliver(n));
    }
    const next = nacks.nextAt();
    if (next !== undefined && (waiting.length === 0 || next < waiting[0]!)) {
      waiting[0] = next;
      at(Math.max(next, now + 0.1), (then) => {
        waiting.length = 0;
        ask(then);
      });
    }
  };
  for (let n = 0; n < count; n++) {
    if (random() >= loss) at(n * 10 + travel(), deliver(n));
    else firstLost.add(n);
  }
  at(count * 10, (now) => {
    nacks.end(count, now);
    buffer.setCount(count);
    ask(now);
  });
  const step = 10 * (1 + driftPpm / 1e6);
  let owed = 0;
  const pull = (now: number) => {
    if (buffer.pace(now) === 'live') liveAtMs ??= now;
    owed += buffer.speed(now);
    while (owed >= 1) {
      owed -= 1;
      const next = buffer.next(now, false);
      if (next.kind === 'end') return;
      if (next.kind !== 'wait' && next.kind !== 'stall') played.push(next.n);
      if (next.kind === 'merge') {
        played.push(next.n + 1);
        buffer.shortened(10);
      }
      if (next.kind === 'frame' && next.n > count * 0.75) delays.push(now - next.n * 10);
    }
    at(now + step, pull);
  };
  at(lateMs + random() * 10, pull);
  while (events.length > 0) {
    let first = 0;
    for (let i = 1; i < events.length; i++) if (events[i]!.at < events[first]!.at) first = i;
    const event = events[first]!;
    events[first] = events[events.length - 1]!;
    events.pop();
    event.run(event.at);
    if (event.at > count * 10 + 20_000) break;
  }
  const delayMs = delays.reduce((sum, value) => sum + value, 0) / delays.length;
  const counts = buffer.counts;
  return {
    counts,
    played,
    lost: firstLost.size,
    recovered: inTime.size,
    delayMs,
    asked,
    missing: nacks.missing,
    liveAtMs,
  };
}

const inOrder = (numbers: number[], count: number) => {
  assert.deepEqual(
    numbers,
    Array.from({ length: count }, (_, n) => n),
  );
};

describe('the jitter buffer, with a simulated talker and network', () => {
  for (const seed of [1, 2, 3]) {
    it(`plays every frame of a quiet LAN with little delay (seed ${seed})`, () => {
      const { counts, played, delayMs, asked } = simulate({ seconds: 10, seed });
      inOrder(played, 1000);
      assert.equal(counts.concealed + counts.fec + counts.late, 0);
      assert.ok(counts.stalled <= 2, `${counts.stalled} stalls`);
      assert.ok(delayMs < 18, `${delayMs} ms`);
      assert.ok(asked <= 5, `${asked} asked`);
    });

    it(`gets most of a lost fifth of all packets again in time, and all of it in the end (seed ${seed})`, () => {
      const { counts, played, lost, recovered, missing, delayMs } = simulate({
        seconds: 20,
        seed,
        loss: 0.2,
      });
      inOrder(played, 2000);
      assert.ok(lost > 350);
      assert.ok(recovered / lost > 0.9, `${recovered} of ${lost}`);
      assert.ok((counts.concealed + counts.fec) / 2000 < 0.02, JSON.stringify(counts));
      assert.equal(missing, 0);
      assert.ok(delayMs < 140, `${delayMs} ms`);
    });

    it(`waits as long as a network with jitter needs, and not longer (seed ${seed})`, () => {
      const { counts, played, delayMs } = simulate({ seconds: 20, seed, jitterMs: 8 });
      inOrder(played, 2000);
      assert.ok((counts.concealed + counts.fec) / 2000 < 0.03, JSON.stringify(counts));
      assert.ok(delayMs > 15 && delayMs < 70, `${delayMs} ms`);
    });
  }

  for (const driftPpm of [-300, 300]) {
    it(`follows a clock that is off by ${driftPpm} ppm`, () => {
      const { counts, played, delayMs } = simulate({ seconds: 120, seed: 5, driftPpm });
      inOrder(played, 12_000);
      assert.equal(counts.concealed + counts.fec, 0);
      assert.ok(driftPpm > 0 ? counts.shortened >= 3 : counts.stalled >= 2, JSON.stringify(counts));
      assert.ok(delayMs > 0 && delayMs < 25, `${delayMs} ms`);
    });
  }

  it('begins with the first frame for a listener who joins late, and catches up', () => {
    const { played, liveAtMs, delayMs } = simulate({ seconds: 15, seed: 6, lateMs: 3000 });
    inOrder(played, 1500);
    assert.ok(liveAtMs !== undefined && liveAtMs < 3000 + 9500, `${liveAtMs}`);
    assert.ok(delayMs < 40, `${delayMs} ms`);
  });

  it('plays a stored message, rebuilds a missing fragment, and goes back', () => {
    const buffer = new JitterBuffer<number>({ from: 2, count: 6, keep: true });
    for (const n of [3, 2, 5]) buffer.put(n, n, null);
    assert.deepEqual(buffer.next(0), { kind: 'frame', n: 2, frame: 2 });
    assert.deepEqual(buffer.next(10), { kind: 'frame', n: 3, frame: 3 });
    assert.deepEqual(buffer.next(20), { kind: 'wait' });
    assert.deepEqual(buffer.next(500), { kind: 'fec', n: 4, next: 5 });
    assert.deepEqual(buffer.next(510), { kind: 'frame', n: 5, frame: 5 });
    assert.deepEqual(buffer.next(520), { kind: 'end' });
    buffer.seek(3);
    assert.deepEqual(buffer.next(530), { kind: 'frame', n: 3, frame: 3 });
    assert.equal(buffer.pace(530), 'stored');
  });

  it('skips a long gap in a store', () => {
    const buffer = new JitterBuffer<number>({ from: 0, count: 1000, keep: true });
    buffer.put(0, 0, null);
    for (let n = 900; n < 1000; n++) buffer.put(n, n, null);
    const kinds = new Map<string, number>();
    let now = 0;
    for (let step = buffer.next(now); step.kind !== 'end'; step = buffer.next((now += 10))) {
      kinds.set(step.kind, (kinds.get(step.kind) ?? 0) + 1);
    }
    assert.equal(kinds.get('frame'), 101);
    assert.ok(now < 20_000, `${now} ms`);
  });
});

describe('the NACKs of a receiver', () => {
  it('ask for a gap that is no reordering, again after a round trip, and then ever more seldom', () => {
    const nacks = new NackScheduler();
    nacks.received(0, 0);
    nacks.received(3, 30);
    assert.deepEqual(nacks.due(31), []);
    assert.equal(nacks.nextAt(), 33);
    assert.deepEqual(nacks.due(33), [1, 2]);
    nacks.received(2, 35);
    const times: number[] = [];
    for (let now = 33; now < 60_000; now++) if (nacks.due(now).length > 0) times.push(now - 33);
    assert.deepEqual(times.slice(0, 3), [25, 50, 75]);
    assert.equal(times.length, 13);
    assert.equal(nacks.nextAt(), undefined);
  });

  it('do not ask for packets that only changed places', () => {
    const nacks = new NackScheduler();
    for (const [n, at] of [
      [0, 0],
      [2, 20],
      [1, 21],
      [3, 30],
    ] as const)
      nacks.received(n, at);
    assert.deepEqual(nacks.due(100), []);
  });

  it('ask for the end once the count is known, at a limited rate', () => {
    const nacks = new NackScheduler();
    nacks.received(0, 0);
    nacks.end(5000, 1000);
    let asked = 0;
    for (let now = 1000; now < 2000; now += 5) asked += nacks.due(now).length;
    assert.ok(asked > 300 && asked <= 300 + 400, `${asked}`);
    nacks.received(59_999, 2000);
    assert.ok(nacks.missing <= 5000);
  });
});
