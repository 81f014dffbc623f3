import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { seededBelow } from '../../test/support/seeded-random.ts';
import { TestWebPanel } from './test-web-panel.ts';

describe('a page of the browser panel', () => {
  it('is answered, refused and told events', async (t) => {
    const web = await TestWebPanel.serve(t);
    const { socket, call, next } = await web.open();
    assert.deepEqual(await call('freeExtension'), { id: 7, ok: true, result: { extension: '101' } });
    assert.equal((await call('talkPress', { dial: 5 }))['code'], 'bad-arguments');
    assert.equal((await call('panel'))['code'], 'unknown-method');
    assert.equal((await call('__proto__'))['code'], 'unknown-method');
    assert.equal((await call('events'))['ok'], true);
    for (const listener of web.node.listeners) listener({ type: 'message-gone', at: 1, id: 'x' });
    assert.deepEqual(await next(), { event: { type: 'message-gone', at: 1, id: 'x' } });
    socket.terminate();
    await eventually(() => web.node.listeners.size === 0, 'nobody is told any more');
  });

  it('ends its talk when it is gone', async (t) => {
    const web = await TestWebPanel.serve(t);
    const page = await web.open();
    await page.call('talkPress');
    assert.equal(web.node.talking, 'talk-1');
    page.socket.terminate();
    await eventually(() => web.node.talking === null, 'the key is let go');
  });

  it('ends its talk also when the talk went on as another message', async (t) => {
    const web = await TestWebPanel.serve(t);
    const page = await web.open();
    await page.call('talkPress');
    web.node.goesOnAs = 'talk-9';
    page.socket.terminate();
    await eventually(() => web.node.talking === null, 'the key is let go');
  });

  it('ends its talk also when it is gone before the node answered the press', async (t) => {
    const web = await TestWebPanel.serve(t);
    const page = await web.open();
    await page.call('events');
    let answer: () => void = () => undefined;
    web.node.answersAfter = new Promise((resolve) => (answer = resolve));
    page.socket.send('{"id":1,"method":"talkPress"}');
    await eventually(() => web.node.pressed === 1, 'the node is asked');
    page.socket.terminate();
    await eventually(() => web.node.listeners.size === 0, 'the page is known to be gone');
    answer();
    await web.node.answersAfter;
    assert.equal(web.node.talking, 'talk-1');
    await eventually(() => web.node.talking === null, 'the key is let go');
  });

  it('leaves a talk alone that another program began after its own', async (t) => {
    const web = await TestWebPanel.serve(t);
    const page = await web.open();
    await page.call('events');
    await page.call('talkPress');
    await page.call('talkRelease');
    await web.node.call('talkPress');
    page.socket.terminate();
    await eventually(() => web.node.listeners.size === 0, 'the page is known to be gone');
    // What the session would have done, it has done by the time that another page was let in and answered.
    await (await web.open()).call('freeExtension');
    assert.equal(web.node.talking, 'talk-2');
  });

  it('is refused garbage, and disconnected in the end; another page is served all the while', async (t) => {
    const web = await TestWebPanel.serve(t);
    const quiet = await web.open();
    const bad = await web.open();
    const garbage = [
      '',
      'hello',
      '{}',
      '[]',
      'null',
      '{"id":-1,"method":"status"}',
      '{"id":1,"method":{}}',
      '\u0000',
    ];
    for (const text of garbage) {
      bad.socket.send(text);
      assert.equal((await bad.next())['code'], 'bad-request', text);
    }
    bad.socket.send(Buffer.from([0, 255, 254]), { binary: true });
    assert.equal((await bad.next())['code'], 'bad-request');
    for (let n = 0; n < 100; n++) bad.socket.send('no request');
    await once(bad.socket, 'close');
    assert.equal(web.logged.length, 1);
    assert.equal((await quiet.call('freeExtension'))['ok'], true);
  });

  it('is disconnected for a message of more than a megabyte (1009, RFC 6455 §7.4.1)', async (t) => {
    const web = await TestWebPanel.serve(t);
    const quiet = await web.open();
    const { socket } = await web.open();
    socket.on('error', () => undefined);
    socket.send('x'.repeat(1024 * 1024 + 1));
    const [code] = (await once(socket, 'close')) as [number];
    assert.equal(code, 1009);
    assert.equal((await quiet.call('freeExtension'))['ok'], true);
  });

  it('is served after random bytes came to the port and into the frames of others', async (t) => {
    const web = await TestWebPanel.serve(t);
    const random = seededBelow(11);
    const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => random(256)));
    const upgrade = [
      'GET /api HTTP/1.1',
      `Host: 127.0.0.1:${web.port}`,
      `Origin: http://127.0.0.1:${web.port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      `Sec-WebSocket-Protocol: corridor, ${await web.newSession()}`,
    ];
    for (let n = 0; n < 60; n++) {
      const socket = connect({ host: '127.0.0.1', port: web.port });
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      // In turn: no request at all, a whole upgrade, and one that breaks off.
      const lines = [0, upgrade.length, 2 + random(6)][n % 3] ?? 0;
      if (lines > 0) socket.write(`${upgrade.slice(0, lines).join('\r\n')}\r\n\r\n`);
      socket.resume().end(bytes(1 + random(400)));
      await once(socket, 'close');
    }
    const { call } = await web.open();
    assert.equal((await call('freeExtension'))['ok'], true);
  });
});
