import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RtpDemuxer } from './rtp-demuxer.ts';
import { SrtpSender } from './srtp.ts';

const FROM = { address: '127.0.0.1', port: 4000 };
const KEY = { masterKey: Buffer.alloc(16, 1), masterSalt: Buffer.alloc(12, 2) };

test('the demuxer announces an unknown message once, at its first packet, and an expected one not at all', () => {
  let announced = 0;
  const frames: number[] = [];
  const demuxer = new RtpDemuxer({
    send: () => undefined,
    emit: () => undefined,
    clock: () => 0,
    onUnknown: () => (announced += 1),
    onFrame: (_id, n) => frames.push(n),
  });
  const sender = new SrtpSender(KEY, 7);
  const send = (n: number) => demuxer.receive(sender.seal(n, Uint8Array.of(n)), FROM);
  send(0);
  send(1);
  assert.equal(announced, 1);
  demuxer.expect({ id: 'a', ssrc: 7, key: KEY, talker: null });
  send(2);
  assert.equal(announced, 1);
  assert.deepEqual(frames, [0, 1, 2]);
  demuxer.close();
});
