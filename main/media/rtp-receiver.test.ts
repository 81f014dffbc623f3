import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MediaAddress } from './protocol.ts';
import { RtpReceiver } from './rtp-receiver.ts';
import { SrtpSender } from './srtp.ts';

const KEY = { masterKey: Buffer.alloc(16, 1), masterSalt: Buffer.alloc(12, 2) };
const TALKER = { address: '127.0.0.1', port: 4000 };
const OTHER = { address: '127.0.0.2', port: 4000 };

function open(key: typeof KEY | null) {
  const sender = new SrtpSender(KEY, 7);
  const packets = [0, 1, 2, 3].map((n) => sender.seal(n, Uint8Array.of(n)));
  const frames: number[] = [];
  const nacks: MediaAddress[] = [];
  const receiver = new RtpReceiver({
    id: 'a',
    ssrc: 7,
    key,
    senderSsrc: 9,
    send: (_packet, to) => nacks.push(to),
    onFrame: (n) => frames.push(n),
  });
  receiver.setTalker(TALKER);
  return { receiver, packets, frames, nacks };
}

test('a receiver keeps a fragment that its key opens once, from any source, and no forged one', () => {
  const { receiver, packets, frames } = open(KEY);
  const forged = Buffer.from(packets[1]!);
  forged[forged.length - 1]! ^= 1;
  assert.equal(receiver.receive(packets[0]!, OTHER, 0), undefined);
  assert.equal(receiver.receive(packets[0]!, TALKER, 0), 'replayed');
  assert.equal(receiver.receive(forged, TALKER, 0), 'forged');
  assert.deepEqual(frames, [0]);
  assert.deepEqual(receiver.takePending(), [{ n: 0, bytes: new Uint8Array(packets[0]!) }]);
  assert.deepEqual(receiver.takePending(), []);
});

test('a receiver without the key keeps what the talker’s address sent; it opens nothing and asks for nothing', () => {
  const { receiver, packets, frames, nacks } = open(null);
  assert.equal(receiver.receive(packets[0]!, OTHER, 0), 'wrong source');
  assert.equal(receiver.receive(packets[0]!, TALKER, 0), undefined);
  assert.equal(receiver.receive(packets[0]!, TALKER, 0), 'replayed');
  receiver.end(4, 0);
  assert.equal(receiver.ask(1000), undefined);
  assert.deepEqual([frames, nacks], [[], []]);
});

test('a receiver asks the talker for a gap and for the end, and nobody once the talker is gone', () => {
  const { receiver, packets, nacks } = open(KEY);
  receiver.receive(packets[0]!, TALKER, 0);
  receiver.receive(packets[2]!, TALKER, 0);
  receiver.end(4, 0);
  receiver.ask(1000);
  assert.deepEqual(nacks, [TALKER]);
  receiver.setTalker(null);
  assert.equal(receiver.ask(2000), undefined);
  assert.equal(nacks.length, 1);
});
