import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import type { NodeId } from '../model/index.ts';
import { PathMeasurement } from './path-measurement.ts';

describe('the measured path to a node', () => {
  const node = 'N'.repeat(22) as NodeId;
  const peer = { node, alive: true, heardAt: 0, loss: 0.5 };
  const unheard = { schedule: () => assert.fail('nothing is waited for'), onHeard: () => assert.fail() };

  it('is measured again and again, and a probe without an answer within a second counts as lost', () => {
    let now = 1000;
    let echoedAt: number | undefined;
    let asked = 0;
    const measurement = new PathMeasurement({
      health: () => [{ ...peer, roundTripMs: 2, echoedAt }],
      ask: () => (asked += 1) > 0,
      beatsToMe: () => false,
      now: () => now,
      ...unheard,
    });
    const measured = (): { latencyMs: number | undefined; loss: number | undefined } | undefined =>
      measurement.measure([node]).get(node);
    assert.deepEqual(measured(), { latencyMs: 2, loss: undefined });
    echoedAt = 1002;
    now = 1500;
    assert.equal(measured()?.loss, 0);
    assert.equal(asked, 1, 'a node is asked no more often than it answers');
    now = 1600;
    assert.equal(measured()?.loss, 0);
    now = 2000;
    assert.equal(measured()?.loss, 0, 'the second question may still be answered');
    assert.equal(asked, 2, 'and no third one is asked meanwhile');
    now = 2600;
    assert.equal(measured()?.loss, 0.5);
    echoedAt = 2601;
    now = 4000;
    assert.equal(measured()?.loss, 1 / 3);
  });

  it('is left out while the node’s address is not known', () => {
    const measurement = new PathMeasurement({
      health: () => [],
      ask: () => false,
      beatsToMe: () => false,
      now: () => 5000,
      ...unheard,
    });
    measurement.measure([node]);
    assert.deepEqual(measurement.measure([node]).get(node), { latencyMs: undefined, loss: undefined });
  });

  it('is measured by the beats of a node that beats by itself', () => {
    const measurement = new PathMeasurement({
      health: () => [{ ...peer, roundTripMs: undefined, echoedAt: undefined }],
      ask: () => true,
      beatsToMe: () => true,
      now: () => 0,
      ...unheard,
    });
    assert.equal(measurement.measure([node]).get(node)?.loss, 0.5);
  });

  it('is measured to 64 nodes of a large office at once, and to all in turn', () => {
    const nodes = Array.from({ length: 500 }, (_, n) => String(n).padStart(22, 'x') as NodeId);
    const asked: NodeId[] = [];
    let now = 0;
    const measurement = new PathMeasurement({
      health: () => [],
      ask: (one) => asked.push(one) > 0,
      beatsToMe: () => false,
      now: () => now,
      ...unheard,
    });
    for (let times = 0; times < 8; times++) {
      now += 2000;
      measurement.measure(nodes);
      assert.ok(asked.length <= 64 * (times + 1));
    }
    assert.equal(new Set(asked).size, 500);
  });

  describe('that was never measured', () => {
    const other = 'M'.repeat(22) as NodeId;

    function unmeasured() {
      const time = new HandTime();
      const roundTrips = new Map<NodeId, number>();
      const listeners = new Set<() => void>();
      const measurement = new PathMeasurement({
        health: () =>
          [...roundTrips].map(([id, roundTripMs]) => ({ ...peer, node: id, roundTripMs, echoedAt: 0 })),
        ask: () => true,
        beatsToMe: () => false,
        now: () => time.monotonic(),
        schedule: time.schedule,
        onHeard: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      });
      const answer = (id: NodeId, roundTripMs: number): void => {
        roundTrips.set(id, roundTripMs);
        for (const listener of listeners) listener();
      };
      const latencies = async () =>
        [...(await measurement.measureAll([node, other])).values()].map(({ latencyMs }) => latencyMs);
      return { time, listeners, answer, latencies };
    }

    it('is known as soon as the last of them has answered, and nothing is waited for from then on', async () => {
      const { time, listeners, answer, latencies } = unmeasured();
      const asked = latencies();
      answer(other, 3);
      assert.equal(listeners.size, 1, 'one answer is still to come');
      answer(node, 2);
      assert.deepEqual(await asked, [2, 3]);
      assert.deepEqual([listeners.size, time.dueIn], [0, []]);
      assert.deepEqual(await latencies(), [2, 3]);
    });

    it('stays unknown where no answer comes, and keeps nobody waiting', async () => {
      const { time, listeners, answer, latencies } = unmeasured();
      const asked = latencies();
      answer(node, 2);
      time.pass(80);
      assert.deepEqual(await asked, [2, undefined]);
      assert.equal(listeners.size, 0);
    });
  });
});
