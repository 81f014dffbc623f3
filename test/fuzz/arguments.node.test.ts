import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { methods } from '../../preload/api.ts';
import { Headless } from '../support/headless.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { wrongCalls, type WrongCall } from '../support/wrong-arguments.ts';

/** Asks one thing, given as JSON text after the id; the answer. */
type Ask = (request: string) => Promise<{ ok: boolean; code?: string; error?: string }>;

describe('arguments that are wrong', { timeout: 240_000 }, () => {
  const calls = wrongCalls();
  let dir: string;
  let node: Headless;

  before(async () => {
    dir = tempFolder('arguments');
    node = await Headless.start({
      name: 'Ana',
      extension: '101',
      office: 'new',
      interface: '127.0.0.1',
      profile: join(dir, 'profile'),
      speaker: `file:${join(dir, 'heard.wav')}`,
    });
  });
  after(async () => {
    await node?.stop();
  });

  test('the table covers every method and every field', () => {
    for (const [method, { args }] of Object.entries(methods)) {
      const own = calls.filter((call) => call.method === method);
      assert.ok(own.length >= 9, method);
      const fields = 'entries' in args ? Object.keys(args.entries) : [];
      for (const field of fields)
        assert.ok(own.filter(({ what }) => what.startsWith(`${field}: `)).length >= 5, `${method}.${field}`);
    }
  });

  test('are refused on the local socket', async (t) => {
    const socket = connect(join(node.profile, 'corridor.sock'));
    t.after(() => socket.destroy());
    await once(socket, 'connect');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await refused(async (request) => {
      socket.write(`${request}\n`);
      for (;;) {
        const end = text.indexOf('\n');
        if (end >= 0) {
          const line = text.slice(0, end);
          text = text.slice(end + 1);
          return JSON.parse(line) as { ok: boolean };
        }
        await once(socket, 'data');
      }
    });
  });

  test('are refused on the WebSocket', async (t) => {
    const { address } = (await node.api.ask('panel')) as { address: string };
    const { origin, host, hash } = new URL(address);
    const answer = await fetch(`${origin}/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: hash.slice(1) }),
    });
    const { session } = (await answer.json()) as { session: string };
    const socket = new WebSocket(`ws://${host}/api`, ['corridor', session], { origin });
    t.after(() => socket.terminate());
    await once(socket, 'open');
    await refused(async (request) => {
      socket.send(request);
      const [data] = (await once(socket, 'message')) as [Buffer];
      return JSON.parse(data.toString()) as { ok: boolean };
    });
  });

  async function refused(ask: Ask): Promise<void> {
    const before = await state();
    for (const call of calls) {
      const { ok, code, error = '' } = await ask(requestOf(call));
      assert.equal(ok, false, `${call.method}, ${call.what}`);
      assert.equal(code, 'bad-arguments', `${call.method}, ${call.what}: ${error}`);
      assert.ok(error.length > 0 && error.length < 1000, `${call.method}, ${call.what}: ${error.length}`);
    }
    assert.deepEqual(await state(), before, 'nothing of it had an effect');
  }

  async function state(): Promise<unknown> {
    const { presence, talking, playing, unheard } = await node.api.call('status');
    const settings = await node.api.call('settings');
    return { presence, talking, playing, unheard, settings, messages: await node.api.call('messages') };
  }
});

function requestOf({ method, args }: WrongCall): string {
  return JSON.stringify({ id: 1, method, args });
}
