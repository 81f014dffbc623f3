import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { NodeApi, NodeEvent } from '../../preload/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { SLOW_BYTES } from './api-requests.ts';
import { LineReader } from './lines.ts';
import { SocketSession } from './socket-session.ts';
import { MAX_BULK_LINE_BYTES } from './wire.ts';

const MEBIBYTE = 1024 * 1024;
/** More bytes than the system keeps for both ends of a connection. */
const OVER_ALL_BUFFERS = 32 * MEBIBYTE;

/** A node that answers each call with as many bytes as the test wants, and remembers what it was asked. */
class AnsweringNode implements NodeApi {
  readonly listeners = new Set<(event: NodeEvent) => void>();
  readonly asked: string[] = [];
  answer: unknown = 'answer';

  call: NodeApi['call'] = (method) => {
    this.asked.push(method);
    return Promise.resolve(this.answer as never);
  };

  onEvent = (listener: (event: NodeEvent) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  tell(event: NodeEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

/** A session, its end of the socket, and the program at the other end. */
class TestSession {
  readonly node = new AnsweringNode();
  readonly logged: string[] = [];
  readonly session: SocketSession;
  readonly own: Socket;
  readonly program: Socket;
  readonly #lines: string[] = [];

  private constructor(own: Socket, program: Socket) {
    this.own = own;
    this.program = program;
    const api = Promise.resolve(this.node);
    this.session = new SocketSession({ socket: own, api, log: (line) => this.logged.push(line), own: {} });
    const reader = new LineReader(MAX_BULK_LINE_BYTES);
    program.on('data', (chunk: Buffer) => {
      for (const line of reader.push(chunk)) if (typeof line === 'string') this.#lines.push(line);
    });
  }

  static async open(t: TestContext): Promise<TestSession> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const program = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [own] = (await once(server, 'connection')) as [Socket];
    server.close();
    t.after(() => {
      program.destroy();
      own.destroy();
    });
    return new TestSession(own, program);
  }

  ask(id: number, method = 'status'): void {
    this.program.write(`${JSON.stringify({ id, method })}\n`);
  }

  /** Tells one event of a mebibyte. */
  tellLarge(): void {
    this.node.tell({ at: 0, type: 'message-gone', id: 'x'.repeat(MEBIBYTE) });
  }

  /** The program asks for events and reads none, until more waits for it than levels are sent at. */
  async fallBehind(): Promise<void> {
    this.ask(1, 'events');
    await this.next();
    this.program.pause();
    await eventually(() => {
      this.tellLarge();
      return this.own.writableLength > SLOW_BYTES;
    }, 'the program is behind');
  }

  /** What comes next to the program, which reads. */
  async next(): Promise<Record<string, unknown>> {
    await eventually(() => this.#lines.length > 0, 'an answer');
    return JSON.parse(this.#lines.shift() ?? '') as Record<string, unknown>;
  }
}

describe('a session of the local socket', () => {
  it('answers garbage with what a request is, and then requests', async (t) => {
    const session = await TestSession.open(t);
    const garbage = [
      'hello',
      '{}',
      '[]',
      '{"id":-1,"method":"status"}',
      '{"id":1e400,"method":"status"}',
      '{"id":1,"method":5}',
      '\u0000\ufffd',
      '{"id":1,"method":"status","more":1}',
    ];
    for (const line of garbage) {
      session.program.write(`${line}\n`);
      assert.equal((await session.next())['code'], 'bad-request', line);
    }
    for (const method of ['__proto__', 'constructor', 'toString', 'nothing']) {
      session.ask(3, method);
      assert.equal((await session.next())['code'], 'unknown-method', method);
    }
    session.ask(4);
    assert.deepEqual(await session.next(), { id: 4, ok: true, result: 'answer' });
  });

  it('refuses a request of more than a megabyte, and answers the next', async (t) => {
    const session = await TestSession.open(t);
    session.program.write(`{"id":1,"method":"setup","args":{"name":"${'A'.repeat(2 * MEBIBYTE)}"}}\n`);
    session.ask(2);
    assert.equal((await session.next())['code'], 'too-long');
    assert.equal((await session.next())['id'], 2);
    assert.deepEqual(session.node.asked, ['status']);
  });

  it('disconnects a program that sends garbage only, and handles none of its lines afterwards', async (t) => {
    const session = await TestSession.open(t);
    session.program.write(`${'no request\n'.repeat(100)}{"id":1,"method":"status"}\n`);
    await once(session.program, 'close');
    assert.deepEqual(session.node.asked, []);
    assert.equal(session.logged.length, 1);
  });

  it('stops reading a program that does not read its answers, until it reads', async (t) => {
    const session = await TestSession.open(t);
    session.node.answer = 'A'.repeat(OVER_ALL_BUFFERS);
    session.program.pause();
    session.ask(1);
    await eventually(() => session.own.isPaused(), 'the session reads no more');
    session.ask(2);
    await eventually(() => session.program.writableLength === 0, 'the second request is sent');
    assert.equal(session.node.asked.length, 1);
    session.program.resume();
    assert.equal((await session.next())['id'], 1);
    assert.equal((await session.next())['id'], 2);
  });

  it('leaves levels out for a program that is behind, and keeps all other events for it', async (t) => {
    const session = await TestSession.open(t);
    await session.fallBehind();
    const waiting = session.own.writableLength;
    session.node.tell({ at: 0, type: 'level', microphone: 0.5, speaker: 0.5 });
    assert.equal(session.own.writableLength, waiting);
    session.node.tell({ at: 0, type: 'message-gone', id: 'x' });
    assert.ok(session.own.writableLength > waiting);
    assert.equal(session.node.listeners.size, 1);
  });

  it('disconnects a program that reads no event at all', async (t) => {
    const session = await TestSession.open(t);
    await session.fallBehind();
    for (let told = 0; told < OVER_ALL_BUFFERS; told += MEBIBYTE) session.tellLarge();
    assert.equal(session.own.destroyed, true);
    await eventually(() => session.node.listeners.size === 0, 'nobody is told any more');
    assert.match(session.logged.join(), /does not read its events/);
  });

  it('ends after what was answered has gone out, and tells no event any more', async (t) => {
    const session = await TestSession.open(t);
    session.ask(1, 'events');
    await session.next();
    session.node.answer = 'A'.repeat(OVER_ALL_BUFFERS);
    session.program.pause();
    session.ask(2);
    await eventually(() => session.own.writableLength > SLOW_BYTES, 'the answer is on its way');
    session.session.end();
    assert.equal(session.node.listeners.size, 0);
    session.program.resume();
    await once(session.program, 'end');
    assert.equal((await session.next())['result'], session.node.answer);
  });

  it('tells no event any more once the program has hung up', async (t) => {
    const session = await TestSession.open(t);
    session.ask(1, 'events');
    await session.next();
    assert.equal(session.node.listeners.size, 1);
    session.program.destroy();
    await eventually(() => session.node.listeners.size === 0, 'nobody is told any more');
  });
});
