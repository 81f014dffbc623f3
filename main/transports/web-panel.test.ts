import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, test } from 'node:test';
import { WebSocket } from 'ws';
import { checkArguments, type NodeApi, type NodeEvent } from '../../preload/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { CorridorError } from '../model/index.ts';
import { SESSION_LIFETIME_MS, TOKEN_LIFETIME_MS, WebAdmission } from './web-admission.ts';
import { serveWebPanel, type WebPanel } from './index.ts';

/** A node that can be talked with, and remembers whether somebody holds its key. */
class TalkingNode implements NodeApi {
  readonly listeners = new Set<(event: NodeEvent) => void>();
  talking: string | null = null;
  /** What every answer waits for. */
  answersAfter: Promise<void> = Promise.resolve();
  pressed = 0;

  call: NodeApi['call'] = async (method, args) => {
    const checked = checkArguments(method, args);
    if (!checked.ok) throw new CorridorError('bad-arguments', checked.error, { phrase: null });
    if (method === 'talkPress') this.pressed += 1;
    await this.answersAfter;
    if (method === 'talkPress') {
      this.talking = `talk-${this.pressed}`;
      return { id: this.talking, to: '102', names: ['Bo'] } as never;
    }
    if (method === 'talkRelease') {
      const id = this.talking;
      this.talking = null;
      return { id } as never;
    }
    if (method === 'status') return { talking: this.talking && { id: this.talking } } as never;
    return { extension: '101' } as never;
  };

  onEvent = (listener: (event: NodeEvent) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

let folder: string;
let node: TalkingNode;
let panel: WebPanel;
const logged: string[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corridor-web-'));
  await mkdir(join(folder, 'renderer', 'assets'), { recursive: true });
  const policy = `<meta\n http-equiv="Content-Security-Policy"\n content="default-src 'none'"\n/>`;
  await writeFile(join(folder, 'renderer', 'index.html'), `<!doctype html>${policy}<title>Corridor</title>`);
  await writeFile(join(folder, 'renderer', 'assets', 'panel.js'), 'export {};');
  await writeFile(join(folder, 'secret.json'), '{"key":"of the office"}');
  node = new TalkingNode();
  panel = await serveWebPanel({
    api: node,
    folder: join(folder, 'renderer'),
    log: (line) => logged.push(line),
  });
});
after(async () => {
  await panel?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Asks as any program can, with any path and headers. */
function ask(
  path: string,
  {
    method = 'GET',
    host = '127.0.0.1',
    body,
    headers = {},
  }: { method?: string; host?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host, port: panel.port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: text }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const JSON_TYPE = { 'Content-Type': 'application/json' };
const tokenOf = (address: string): string => new URL(address).hash.slice(1);
const redeem = (token: unknown, headers: Record<string, string> = {}) =>
  ask('/session', { method: 'POST', body: JSON.stringify({ token }), headers: { ...JSON_TYPE, ...headers } });

async function newSession(): Promise<string> {
  const { status, body } = await redeem(tokenOf(panel.newAddress()));
  assert.equal(status, 200);
  return (JSON.parse(body) as { session: string }).session;
}

interface Page {
  readonly socket: WebSocket;
  readonly call: (method: string, args?: unknown) => Promise<Record<string, unknown>>;
  readonly next: () => Promise<Record<string, unknown>>;
}

function dial(protocols: readonly string[], options: { origin?: string; path?: string; host?: string } = {}) {
  const { origin = `http://127.0.0.1:${panel.port}`, path = '/api', host } = options;
  return new WebSocket(`ws://127.0.0.1:${panel.port}${path}`, [...protocols], {
    ...(origin === '' ? {} : { origin }),
    ...(host === undefined ? {} : { headers: { Host: host } }),
  });
}

async function open(session: string): Promise<Page> {
  const socket = dial(['corridor', session]);
  const told: Record<string, unknown>[] = [];
  socket.on('message', (data: Buffer) => told.push(JSON.parse(data.toString()) as Record<string, unknown>));
  await once(socket, 'open');
  const next = async (): Promise<Record<string, unknown>> => {
    await eventually(() => told.length > 0, 'an answer');
    return told.shift() as Record<string, unknown>;
  };
  const call = (method: string, args?: unknown) => {
    socket.send(JSON.stringify({ id: 7, method, args }));
    return next();
  };
  return { socket, call, next };
}

/** What the WebSocket is refused with; 101 where it is not. */
function refusal(
  protocols: readonly string[],
  options: { origin?: string; path?: string; host?: string } = {},
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = dial(protocols, options);
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode);
      socket.terminate();
    });
    socket.on('open', () => {
      resolve(101);
      socket.terminate();
    });
    socket.on('error', () => undefined);
  });
}

describe('who is let in', () => {
  test('a token is good once, for a while; a session lives on while it is used', () => {
    let now = 0;
    const admission = new WebAdmission({ now: () => now });
    const token = admission.newToken();
    const session = admission.redeem(token);
    assert.ok(session !== undefined && admission.admits(session));
    assert.equal(admission.redeem(token), undefined);
    assert.equal(admission.admits(token), false);
    const old = admission.newToken();
    now += TOKEN_LIFETIME_MS + 1;
    assert.equal(admission.redeem(old), undefined);
    assert.equal(admission.admits(session), true);
    for (let day = 0; day < 3; day++) {
      now += SESSION_LIFETIME_MS - 1;
      assert.equal(admission.admits(session), true);
    }
    now += SESSION_LIFETIME_MS + 1;
    assert.equal(admission.admits(session), false);
  });

  test('addresses that nobody opens push out the oldest', () => {
    const admission = new WebAdmission({ now: () => 0 });
    const tokens = Array.from({ length: 9 }, () => admission.newToken());
    assert.deepEqual(
      tokens.map((token) => admission.redeem(token) !== undefined),
      [false, ...Array.from({ length: 8 }, () => true)],
    );
  });

  it('exchanges a token once, and no other', async () => {
    const token = tokenOf(panel.newAddress());
    assert.equal((await redeem(token)).status, 200);
    assert.equal((await redeem(token)).status, 401);
    for (const wrong of ['', 'A'.repeat(32), null, { $ne: '' }, ['x']]) {
      assert.equal((await redeem(wrong)).status, 401, JSON.stringify(wrong));
    }
    assert.equal(
      (await ask('/session', { method: 'POST', body: 'x'.repeat(5000), headers: JSON_TYPE })).status,
      401,
    );
    assert.equal((await ask('/session', { method: 'POST', body: 'token=1' })).status, 405);
    assert.equal((await ask('/session')).status, 401);
  });

  it('opens a WebSocket for a session, and for nobody else', async () => {
    const session = await newSession();
    assert.equal(await refusal(['corridor', session]), 101);
    assert.equal(await refusal(['corridor', tokenOf(panel.newAddress())]), 401);
    assert.equal(await refusal(['corridor']), 401);
    assert.equal(await refusal([session]), 401);
    assert.equal(await refusal(['corridor', session], { path: '/' }), 404);
    // A program that is no browser sends no origin: it has the local socket.
    assert.equal(await refusal(['corridor', session], { origin: '' }), 401);
    const { status } = await ask('/session', { headers: { Authorization: `Bearer ${session}` } });
    assert.equal(status, 204);
  });

  it('refuses pages of elsewhere, and names that were made to point here', async () => {
    const session = await newSession();
    const { port } = panel;
    const origins = ['http://evil.example', `https://127.0.0.1:${port}`, 'http://127.0.0.1:1', 'null'];
    for (const origin of [...origins, `http://localhost:${port}`]) {
      assert.equal(await refusal(['corridor', session], { origin }), 403, origin);
      assert.equal((await redeem(tokenOf(panel.newAddress()), { Origin: origin })).status, 403, origin);
    }
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', '10.0.0.1']) {
      assert.equal((await ask('/', { headers: { Host: host } })).status, 403, host);
      const options = { host, origin: `http://${host}` };
      assert.notEqual(await refusal(['corridor', session], options), 101, host);
    }
    // By another name of this computer, and through a tunnel with another port at its end.
    for (const host of [`localhost:${port}`, '[::1]:8080', '127.0.0.1:8080']) {
      assert.equal((await ask('/', { headers: { Host: host } })).status, 200, host);
      assert.equal(await refusal(['corridor', session], { host, origin: `http://${host}` }), 101, host);
    }
  });

  it('listens on loopback alone', async () => {
    const reaches = (host: string): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connect({ host, port: panel.port });
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
        socket.setTimeout(1000, () => resolve(false));
        socket.once('close', () => socket.destroy()).unref();
      });
    assert.ok(await reaches('127.0.0.1'));
    // The whole of 127/8 is this computer; a server bound to all addresses would answer here.
    assert.equal(await reaches('127.0.0.2'), false);
    const others = Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).filter((one) => !one.internal),
    );
    for (const { address } of others) assert.equal(await reaches(address), false, address);
  });
});

describe('what is served', () => {
  it('the panel, with what it may do', async () => {
    const { status, headers, body } = await ask('/');
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
    const script = await ask('/assets/panel.js');
    assert.equal(script.headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal((await ask('/', { method: 'HEAD' })).body, '');
  });

  it('no other file', async () => {
    const paths = [
      '/../secret.json',
      '/assets/../../secret.json',
      '/%2e%2e/secret.json',
      '//secret.json',
      '/assets',
    ];
    paths.push(
      '/..%2fsecret.json',
      '/assets/panel.js/',
      '/assets/panel.js%00.html',
      '/constructor',
      '/__proto__',
    );
    for (const path of [...paths, 'http://127.0.0.1/secret.json', `${folder}/secret.json`]) {
      const { status, body } = await ask(path);
      assert.equal(status, 404, path);
      assert.doesNotMatch(body, /office/, path);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      assert.equal((await ask('/', { method })).status, 405, method);
    }
  });

  it('the API: answers, refusals, events', async () => {
    const { socket, call, next } = await open(await newSession());
    assert.deepEqual(await call('freeExtension'), { id: 7, ok: true, result: { extension: '101' } });
    assert.equal((await call('talkPress', { dial: 5 }))['code'], 'bad-arguments');
    assert.equal((await call('panel'))['code'], 'unknown-method');
    assert.equal((await call('__proto__'))['code'], 'unknown-method');
    assert.equal((await call('events'))['ok'], true);
    for (const listener of node.listeners) listener({ type: 'message-gone', at: 1, id: 'x' });
    assert.deepEqual(await next(), { event: { type: 'message-gone', at: 1, id: 'x' } });
    socket.terminate();
    await eventually(() => node.listeners.size === 0, 'nobody is told any more');
  });
});

describe('a page that goes wrong', () => {
  it('ends its talk when it is gone, and no other', async () => {
    const held = await open(await newSession());
    await held.call('talkPress');
    assert.equal(node.talking, 'talk-1');
    held.socket.terminate();
    await eventually(() => node.talking === null, 'the key was let go');
    // Gone before the press was answered.
    const hasty = await open(await newSession());
    await hasty.call('events');
    let answer: () => void = () => undefined;
    node.answersAfter = new Promise((resolve) => (answer = resolve));
    hasty.socket.send('{"id":1,"method":"talkPress"}');
    await eventually(() => node.pressed === 2, 'the node is asked');
    hasty.socket.terminate();
    await eventually(() => node.listeners.size === 0, 'the page is known to be gone');
    answer();
    await node.answersAfter;
    assert.equal(node.talking, 'talk-2');
    await eventually(() => node.talking === null, 'the key was let go');
    // Another face's talk goes on.
    const other = await open(await newSession());
    await other.call('events');
    await other.call('talkPress');
    await other.call('talkRelease');
    await node.call('talkPress');
    other.socket.terminate();
    await eventually(() => node.listeners.size === 0, 'the page is known to be gone');
    const another = await open(await newSession());
    await another.call('freeExtension');
    assert.equal(node.talking, 'talk-4');
    another.socket.terminate();
    await node.call('talkRelease');
  });

  it('garbage is answered, and in the end hung up on; the others are served', async () => {
    const quiet = await open(await newSession());
    const session = await newSession();
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
    const bad = await open(session);
    for (const text of garbage) {
      bad.socket.send(text);
      assert.equal((await bad.next())['code'], 'bad-request', text);
    }
    bad.socket.send(Buffer.from([0, 255, 254]), { binary: true });
    assert.equal((await bad.next())['code'], 'bad-request');
    for (let n = 0; n < 100; n++) bad.socket.send('no request');
    await once(bad.socket, 'close');
    const large = await open(session);
    large.socket.on('error', () => undefined);
    large.socket.send('x'.repeat(1024 * 1024 + 1));
    const [code] = (await once(large.socket, 'close')) as [number];
    assert.equal(code, 1009);
    assert.equal(logged.length, 1);
    assert.equal((await quiet.call('freeExtension'))['ok'], true);
    quiet.socket.terminate();
  });

  it('random bytes on the port and in the frames leave it alive', async () => {
    let state = 11;
    const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => random(256)));
    const session = await newSession();
    const upgrade = [
      'GET /api HTTP/1.1',
      `Host: 127.0.0.1:${panel.port}`,
      `Origin: http://127.0.0.1:${panel.port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      `Sec-WebSocket-Protocol: corridor, ${session}`,
    ];
    for (let n = 0; n < 60; n++) {
      const socket = connect({ host: '127.0.0.1', port: panel.port });
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      if (n % 3 > 0)
        socket.write(`${upgrade.slice(0, n % 3 === 1 ? 8 : 2 + random(6)).join('\r\n')}\r\n\r\n`);
      socket.resume().end(bytes(1 + random(400)));
      await once(socket, 'close');
    }
    const { socket, call } = await open(session);
    assert.equal((await call('freeExtension'))['ok'], true);
    socket.terminate();
  });

  it('a second panel on the same port says so; one that is not built, too', async () => {
    const renderer = join(folder, 'renderer');
    await assert.rejects(serveWebPanel({ api: node, folder: renderer, port: panel.port }), {
      code: 'port-taken',
    });
    await assert.rejects(serveWebPanel({ api: node, folder: join(folder, 'nothing') }), { code: 'no-panel' });
  });
});
