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
class CommandDesk {
  readonly node = new TalkingNode();
  readonly profile = tempFolder('talk-command');

  static async of(t: TestContext): Promise<CommandDesk> {
    const desk = new CommandDesk();
    const server = await serveLocalSocket({ profile: desk.profile, api: desk.node });
    t.after(() => server.close());
    return desk;
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
      const desk = await CommandDesk.of(t);
      const command = await desk.hold(t, 'talk', '102');
      command.kill(signal);
      await eventually(() => desk.node.talking === null, 'the key is let go');
    });
  }

  it('lets go of it when its input ends', async (t) => {
    const desk = await CommandDesk.of(t);
    const command = await desk.hold(t, 'page');
    command.stdin?.end();
    await eventually(() => desk.node.talking === null, 'the key is let go');
  });

  it('lets go of it at Enter, also from a program', async (t) => {
    const desk = await CommandDesk.of(t);
    const command = await desk.hold(t, 'talk', '102');
    command.stdin?.write('\n');
    await eventually(() => desk.node.talking === null, 'the key is let go');
  });

  for (const word of ['talk', 'page']) {
    it(`is not meant by ${word} press, which talks until ${word} release`, async (t) => {
      const desk = await CommandDesk.of(t);
      assert.deepEqual(await once(desk.start(t, word, 'press'), 'exit'), [0, null]);
      assert.equal(desk.node.talking, 'talk-1');
      assert.deepEqual(await once(desk.start(t, word, 'release'), 'exit'), [0, null]);
      assert.equal(desk.node.talking, null);
    });
  }
});

it(
  'press and release say when they were started, so that their order shows whichever comes first',
  { skip: process.platform !== 'linux' && 'elsewhere the start of a program is not known as exactly' },
  async (t) => {
    const desk = await CommandDesk.of(t);
    const both = [desk.start(t, 'talk', 'press'), desk.start(t, 'talk', 'release')];
    await Promise.all(both.map((command) => once(command, 'exit')));
    const [pressed, released] = ['talkPress', 'talkRelease'].map(
      (method) => (desk.node.asked.get(method) as { readonly at: number }).at,
    );
    assert.ok(pressed !== undefined && released !== undefined && pressed <= released);
    const later = desk.start(t, 'page', 'press');
    await once(later, 'exit');
    assert.ok((desk.node.asked.get('talkPress') as { readonly at: number }).at > released);
  },
);
