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

test('the first message of an SSRC keeps it: a second one under the same SSRC does not cut it off', () => {
  const heard: string[] = [];
  const demuxer = new RtpDemuxer({
    send: () => undefined,
    emit: () => undefined,
    clock: () => 0,
    onUnknown: () => undefined,
    onFrame: (id, n) => heard.push(`${id} ${n}`),
  });
  const sender = new SrtpSender(KEY, 7);
  const send = (n: number) => demuxer.receive(sender.seal(n, Uint8Array.of(n)), FROM);
  const other = { masterKey: Buffer.alloc(16, 9), masterSalt: Buffer.alloc(12, 9) };
  demuxer.expect({ id: 'a', ssrc: 7, key: KEY, talker: null });
  send(0);
  demuxer.expect({ id: 'b', ssrc: 7, key: other, talker: null });
  demuxer.expect({ id: 'c', ssrc: 7, key: null, talker: null });
  send(1);
  assert.deepEqual(heard, ['a 0', 'a 1']);
  demuxer.forget('b');
  send(2);
  demuxer.forget('a');
  const next = new SrtpSender(other, 7);
  demuxer.expect({ id: 'b', ssrc: 7, key: other, talker: null });
  demuxer.receive(next.seal(0, Uint8Array.of(0)), FROM);
  assert.deepEqual(heard, ['a 0', 'a 1', 'a 2', 'b 0'], 'once it is over, the SSRC is free');
  demuxer.close();
});

test('a message that this node kept for others is opened once its key is there, under the same SSRC', () => {
  const frames: number[] = [];
  const demuxer = new RtpDemuxer({
    send: () => undefined,
    emit: () => undefined,
    clock: () => 0,
    onUnknown: () => undefined,
    onFrame: (_id, n) => frames.push(n),
  });
  const sender = new SrtpSender(KEY, 7);
  demuxer.expect({ id: 'a', ssrc: 7, key: null, talker: null });
  demuxer.expect({ id: 'a', ssrc: 7, key: KEY, talker: null });
  demuxer.receive(sender.seal(0, Uint8Array.of(0)), FROM);
  assert.deepEqual(frames, [0]);
  demuxer.close();
});
