import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MediaAddress } from './protocol.ts';
import { RtpSender } from './rtp-sender.ts';

const KEY = { masterKey: Buffer.alloc(16, 1), masterSalt: Buffer.alloc(12, 2) };
const BELIEVED = { address: '10.0.0.2', port: 4000 };
const DOUBTED = { address: '10.0.0.3', port: 4000, isBelieved: false };

function open(...targets: MediaAddress[]) {
  const sent: string[] = [];
  const send = (_: Uint8Array, to: MediaAddress) => void sent.push(to.address);
  const sender = new RtpSender({ id: 'a', ssrc: 7, key: KEY, targets, send });
  const to = ({ address }: MediaAddress) => sent.filter((one) => one === address).length;
  const push = (count: number) => {
    for (let n = 0; n < count; n += 1) sender.push(Uint8Array.of(n), n * 10);
  };
  return { sender, to, push };
}

test('an address that is not believed gets ten fragments of a message', () => {
  const { to, push } = open(BELIEVED, DOUBTED);
  push(50);
  assert.equal(to(DOUBTED), 10);
  assert.equal(to(BELIEVED), 50);
});

test('naming the address again does not give it ten more; once it is believed it gets the rest', () => {
  const { sender, to, push } = open(DOUBTED);
  push(8);
  sender.setTargets([{ ...DOUBTED }]);
  push(8);
  assert.equal(to(DOUBTED), 10);
  sender.setTargets([{ address: DOUBTED.address, port: DOUBTED.port }]);
  push(8);
  assert.equal(to(DOUBTED), 18);
});
