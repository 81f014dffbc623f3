import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Resealer } from './resealer.ts';
import { SrtpReceiver, SrtpSender } from './srtp.ts';
import { newKey } from './test-support.ts';

test('the resealer seals the same Opus frames in order for another message, and refuses forged ones', () => {
  const from = { key: newKey(), ssrc: 1 };
  const to = { key: newKey(), ssrc: 2 };
  const sender = new SrtpSender(from.key, from.ssrc);
  const fragments = [0, 1, 2].map((n) => ({ n, bytes: sender.seal(n, Uint8Array.of(7, n)) }));
  const resealer = new Resealer(from, to);
  const receiver = new SrtpReceiver(to.key, to.ssrc);
  const forged = Uint8Array.from(fragments[0]!.bytes);
  forged[forged.length - 1]! ^= 1;
  assert.equal(resealer.reseal({ n: 0, bytes: forged }), undefined);
  assert.throws(() => resealer.reseal(fragments[1]!), RangeError);
  for (const fragment of fragments) {
    const resealed = resealer.reseal(fragment);
    assert.equal(resealed?.n, fragment.n);
    assert.deepEqual([...receiver.openAt(fragment.n, resealed.bytes)!], [7, fragment.n]);
  }
});
