import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { serveWebPanel } from './index.ts';
import { TestWebPanel } from './test-web-panel.ts';

describe('the server of the browser panel', () => {
  it('listens on loopback alone', async (t) => {
    const web = await TestWebPanel.serve(t);
    const reaches = (host: string): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connect({ host, port: web.port });
        const end = (isReached: boolean): void => {
          socket.destroy();
          resolve(isReached);
        };
        socket.once('connect', () => end(true)).once('error', () => end(false));
      });
    assert.ok(await reaches('127.0.0.1'));
    // The whole of 127/8 is this computer; a server bound to all addresses would answer here.
    assert.equal(await reaches('127.0.0.2'), false);
    const others = Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).filter((one) => !one.internal),
    );
    for (const { address } of others) assert.equal(await reaches(address), false, address);
  });

  it('sends the panel with a policy of what the page may do', async (t) => {
    const web = await TestWebPanel.serve(t);
    const { status, headers, body } = await web.ask('/');
    assert.equal(status, 200);
    assert.match(body, /<title>Corridor/);
    assert.doesNotMatch(body, /<meta/);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    const script = await web.ask('/assets/panel.js');
    assert.equal(script.headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal((await web.ask('/', { method: 'HEAD' })).body, '');
  });

  it('sends no other file, and changes none', async (t) => {
    const web = await TestWebPanel.serve(t);
    const paths = [
      '/../secret.json',
      '/assets/../../secret.json',
      '/%2e%2e/secret.json',
      '/..%2fsecret.json',
      '//secret.json',
      'http://127.0.0.1/secret.json',
      `${web.folder}/secret.json`,
      '/assets',
      '/assets/panel.js/',
      '/assets/panel.js%00.html',
      '/constructor',
      '/__proto__',
    ];
    for (const path of paths) {
      const { status, body } = await web.ask(path);
      assert.equal(status, 404, path);
      assert.doesNotMatch(body, /office/, path);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      assert.equal((await web.ask('/', { method })).status, 405, method);
    }
  });

  it('says that its port is taken, or that the panel is not built', async (t) => {
    const { node, folder, port } = await TestWebPanel.serve(t);
    const renderer = join(folder, 'renderer');
    await assert.rejects(serveWebPanel({ api: node, folder: renderer, port }), { code: 'port-taken' });
    await assert.rejects(serveWebPanel({ api: node, folder: join(folder, 'nothing') }), { code: 'no-panel' });
  });
});
