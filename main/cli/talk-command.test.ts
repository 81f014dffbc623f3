import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../test/support/eventually.ts';
import { TalkingNode } from '../../test/support/talking-node.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { serveLocalSocket } from '../transports/index.ts';

const program = fileURLToPath(new URL('corridor.ts', import.meta.url));

/** A command that talks, as a process of its own, and the node that it holds the key of. */
class Talking {
  readonly node = new TalkingNode();
  readonly profile = tempFolder('talk-command');

  static async of(t: TestContext): Promise<Talking> {
    const talking = new Talking();
    const server = await serveLocalSocket({ profile: talking.profile, api: talking.node });
    t.after(() => server.close());
    return talking;
  }

  start(t: TestContext, ...words: readonly string[]): ChildProcess {
    const command = spawn(process.execPath, [program, ...words, '--profile', this.profile]);
    t.after(() => command.kill('SIGKILL'));
    return command;
  }

  async hold(t: TestContext, ...words: readonly string[]): Promise<ChildProcess> {
    const command = this.start(t, ...words);
    // Only then does it listen to its input.
    let printed = '';
    command.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await eventually(() => printed.includes('until you press Enter'), 'the command talks');
    assert.equal(this.node.talking, 'talk-1');
    return command;
  }
}

describe('a command that holds the talk key', () => {
  for (const signal of ['SIGHUP', 'SIGKILL'] as const) {
    it(`lets go of it at ${signal}`, async (t) => {
      const talking = await Talking.of(t);
      const command = await talking.hold(t, 'talk', '102');
      command.kill(signal);
      await eventually(() => talking.node.talking === null, 'the key is let go');
    });
  }

  it('lets go of it when its input ends', async (t) => {
    const talking = await Talking.of(t);
    const command = await talking.hold(t, 'page');
    command.stdin?.end();
    await eventually(() => talking.node.talking === null, 'the key is let go');
  });

  it('lets go of it at Enter, also from a program', async (t) => {
    const talking = await Talking.of(t);
    const command = await talking.hold(t, 'talk', '102');
    command.stdin?.write('\n');
    await eventually(() => talking.node.talking === null, 'the key is let go');
  });

  for (const word of ['talk', 'page']) {
    it(`is not meant by ${word} press, which talks until ${word} release`, async (t) => {
      const talking = await Talking.of(t);
      assert.deepEqual(await once(talking.start(t, word, 'press'), 'exit'), [0, null]);
      assert.equal(talking.node.talking, 'talk-1');
      assert.deepEqual(await once(talking.start(t, word, 'release'), 'exit'), [0, null]);
      assert.equal(talking.node.talking, null);
    });
  }
});

it(
  'press and release say when they were started, so that their order shows whichever comes first',
  { skip: process.platform !== 'linux' && 'elsewhere the start of a program is not known as exactly' },
  async (t) => {
    const talking = await Talking.of(t);
    const both = [talking.start(t, 'talk', 'press'), talking.start(t, 'talk', 'release')];
    await Promise.all(both.map((command) => once(command, 'exit')));
    const [pressed, released] = ['talkPress', 'talkRelease'].map(
      (method) => (talking.node.asked.get(method) as { readonly at: number }).at,
    );
    assert.ok(pressed !== undefined && released !== undefined && pressed <= released);
    const later = talking.start(t, 'page', 'press');
    await once(later, 'exit');
    assert.ok((talking.node.asked.get('talkPress') as { readonly at: number }).at > released);
  },
);
