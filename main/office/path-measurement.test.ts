import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NodeId } from '../model/index.ts';
import { PathMeasurement } from './path-measurement.ts';

describe('the way to a node', () => {
  const node = 'N'.repeat(22) as NodeId;
  const peer = { node, alive: true, heardAt: 0, loss: 0.5 };

  it('is asked for anew, and what has no answer within a second is lost', () => {
    let now = 1000;
    let echoedAt: number | undefined;
    let asked = 0;
    const measurement = new PathMeasurement({
      health: () => [{ ...peer, roundTripMs: 2, echoedAt }],
      ask: () => (asked += 1),
      beatsToMe: () => false,
      now: () => now,
    });
    const measured = (): { latencyMs: number | undefined; loss: number | undefined } | undefined =>
      measurement.measure([node]).get(node);
    assert.deepEqual(measured(), { latencyMs: 2, loss: undefined });
    echoedAt = 1002;
    now = 1500;
    assert.equal(measured()?.loss, 0);
    now = 2000;
    assert.equal(measured()?.loss, 0, 'the second question may still be answered');
    assert.equal(asked, 2, 'and no third one is asked meanwhile');
    now = 2500;
    assert.equal(measured()?.loss, 0.5);
    echoedAt = 2501;
    now = 4000;
    assert.equal(measured()?.loss, 1 / 3);
  });

  it('of who beats by itself is known by its beats', () => {
    const measurement = new PathMeasurement({
      health: () => [{ ...peer, roundTripMs: undefined, echoedAt: undefined }],
      ask: () => undefined,
      beatsToMe: () => true,
      now: () => 0,
    });
    assert.equal(measurement.measure([node]).get(node)?.loss, 0.5);
  });

  it('is asked of 64 nodes of a large office at once, of all in turn', () => {
    const nodes = Array.from({ length: 500 }, (_, n) => String(n).padStart(22, 'x') as NodeId);
    const asked: NodeId[] = [];
    let now = 0;
    const measurement = new PathMeasurement({
      health: () => [],
      ask: (one) => void asked.push(one),
      beatsToMe: () => false,
      now: () => now,
    });
    for (let times = 0; times < 8; times++) {
      now += 2000;
      measurement.measure(nodes);
      assert.ok(asked.length <= 64 * (times + 1));
    }
    assert.equal(new Set(asked).size, 500);
  });
});
