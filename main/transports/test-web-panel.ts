import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { eventually } from '../../test/support/eventually.ts';
import { TalkingNode } from '../../test/support/talking-node.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { serveWebPanel, type WebPanel } from './index.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

interface Asked {
  readonly method?: string;
  readonly host?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Dialled {
  readonly origin?: string;
  readonly path?: string;
  readonly host?: string;
}

/** A page's WebSocket, with the answers and events that it got, in order. */
interface TestPage {
  readonly socket: WebSocket;
  readonly call: (method: string, args?: unknown) => Promise<Record<string, unknown>>;
  readonly next: () => Promise<Record<string, unknown>>;
}

/** The browser panel of a `TalkingNode`, on a port of its own, as any program of this computer reaches it. */
export class TestWebPanel {
  readonly node: TalkingNode;
  readonly panel: WebPanel;
  /** The folder with `renderer`, the panel's files, and `secret.json`, which must not be served. */
  readonly folder: string;
  readonly logged: readonly string[];

  private constructor(node: TalkingNode, panel: WebPanel, folder: string, logged: readonly string[]) {
    this.node = node;
    this.panel = panel;
    this.folder = folder;
    this.logged = logged;
  }

  static async serve(t: TestContext): Promise<TestWebPanel> {
    const folder = tempFolder('web-panel');
    await mkdir(join(folder, 'renderer', 'assets'), { recursive: true });
    const policy = `<meta\n http-equiv="Content-Security-Policy"\n content="default-src 'none'"\n/>`;
    await writeFile(
      join(folder, 'renderer', 'index.html'),
      `<!doctype html>${policy}<title>Corridor</title>`,
    );
    await writeFile(join(folder, 'renderer', 'assets', 'panel.js'), 'export {};');
    await writeFile(join(folder, 'secret.json'), '{"key":"of the office"}');
    const node = new TalkingNode();
    const logged: string[] = [];
    const panel = await serveWebPanel({
      api: node,
      folder: join(folder, 'renderer'),
      port: 0,
      log: (line) => logged.push(line),
    });
    t.after(() => panel.close());
    return new TestWebPanel(node, panel, folder, logged);
  }

  get port(): number {
    return this.panel.port;
  }

  /** The token of a new address. */
  newToken(): string {
    return new URL(this.panel.newAddress()).hash.slice(1);
  }

  /** Asks over HTTP as any program can, with any path and headers. */
  ask(path: string, asked: Asked = {}): Promise<Answer> {
    const { method = 'GET', host = '127.0.0.1', body, headers = {} } = asked;
    return new Promise((resolve, reject) => {
      const options = { host, port: this.port, path, method, headers, agent: false };
      const sent = request(options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: text }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** Asks for a session, as the page does with the token of its address. */
  redeem(token: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const body = JSON.stringify({ token });
    return this.ask('/session', { method: 'POST', body, headers: { ...JSON_TYPE, ...headers } });
  }

  async newSession(): Promise<string> {
    const { status, body } = await this.redeem(this.newToken());
    assert.equal(status, 200);
    return (JSON.parse(body) as { session: string }).session;
  }

  /** A page that is connected, with a session of its own. */
  async open(): Promise<TestPage> {
    const socket = this.#dial(['corridor', await this.newSession()]);
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

  /** The HTTP status that a WebSocket is refused with; 101 where it is not refused. */
  refusal(protocols: readonly string[], dialled: Dialled = {}): Promise<number | undefined> {
    return new Promise((resolve) => {
      const socket = this.#dial(protocols, dialled);
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

  #dial(protocols: readonly string[], dialled: Dialled = {}): WebSocket {
    const { origin = `http://127.0.0.1:${this.port}`, path = '/api', host } = dialled;
    return new WebSocket(`ws://127.0.0.1:${this.port}${path}`, [...protocols], {
      ...(origin === '' ? {} : { origin }),
      ...(host === undefined ? {} : { headers: { Host: host } }),
    });
  }
}
