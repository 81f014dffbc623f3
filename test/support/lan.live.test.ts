import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createLan, whyNoLan, type Lan } from './lan.ts';

const skip = whyNoLan() ?? false;
/** As many wait in a socket's buffer, together with the marks, before a busy machine lets anybody read them. */
const DATAGRAMS = 200;
/** Follow the datagrams: who reads one of them has read all before. Not all are lost at 20 %. */
const MARKS = 20;

describe('a LAN of namespaces', { skip }, () => {
  it('carries packets, loses them, is cut and healed, and leaves nothing behind', async () => {
    const lan = createLan({ hosts: ['a', 'b'] });
    try {
      await exercise(lan);
    } finally {
      await lan.stop();
    }
    assert.ok(!readdirSync('/run/netns').some((name) => name === lan.namespace('a')));
  });
});

async function exercise(lan: Lan): Promise<void> {
  const reaches = async () =>
    (await lan.run('a', 'bash', ['-c', `exec 3<>/dev/tcp/${lan.address('b')}/4000 && cat <&3`])).stdout;
  const server = lan.spawn('b', process.execPath, [
    '-e',
    `require('net').createServer(s => s.end('hello')).listen(4000, () => console.log('up'))`,
  ]);
  await new Promise((resolve) => server.stdout?.once('data', resolve));
  assert.equal(await reaches(), 'hello');

  const udp = `
      const socket = require('dgram').createSocket('udp4');
      let heard = 0;
      const end = () => { console.log('heard ' + heard); process.exit(); };
      socket.on('message', (sent) => String(sent) === 'mark' ? end() : heard++);
      socket.bind(4001, () => console.log('up'));
      process.on('SIGUSR2', end);`;
  /** How many of the datagrams reach b. Where none does, b is asked. */
  const counted = async ({ isCut = false } = {}) => {
    const ear = lan.spawn('b', process.execPath, ['-e', udp]);
    await new Promise((resolve) => ear.stdout?.once('data', resolve));
    const said = new Promise<string>((resolve) =>
      ear.stdout?.once('data', (d: Buffer) => resolve(String(d))),
    );
    const send = `
        const socket = require('dgram').createSocket('udp4');
        const all = [...Array(${DATAGRAMS}).fill('x'), ...Array(${MARKS}).fill('mark')];
        const next = () => all.length > 0 ? socket.send(all.shift(), 4001, '${lan.address('b')}', next) : socket.close();
        next();`;
    await lan.run('a', process.execPath, ['-e', send]);
    if (isCut) ear.kill('SIGUSR2');
    return Number((await said).replace('heard ', ''));
  };
  assert.equal(await counted(), DATAGRAMS);
  lan.lose('b', 20);
  const heard = await counted();
  assert.ok(heard > 120 && heard < 190, `${heard} of ${DATAGRAMS} at 20 %`);
  lan.lose('b', 0);

  lan.cut('b');
  assert.equal(await counted({ isCut: true }), 0);
  lan.heal('b');
  assert.equal(await counted(), DATAGRAMS);
  assert.equal(await reaches(), 'hello');

  const outside = await lan.run('a', 'ip', ['route', 'get', '192.0.2.1']);
  assert.notEqual(outside.code, 0);
}
