import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { TalkingNode } from '../../test/support/talking-node.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { connectLocalSocket, serveLocalSocket, type RemoteNode } from './index.ts';

/** A node, and a program that is connected to its local socket. */
async function connected(
  t: TestContext,
): Promise<{ readonly node: TalkingNode; readonly program: RemoteNode }> {
  const profile = tempFolder('held-talk');
  const node = new TalkingNode();
  const server = await serveLocalSocket({ profile, api: node });
  t.after(() => server.close());
  const program = await connectLocalSocket(profile);
  // The node is told to listen, so that the test sees when the connection has ended.
  await program.call('status');
  program.onEvent(() => undefined);
  await eventually(() => node.listeners.size === 1, 'the program is told events');
  return { node, program };
}

it('a talk over the local socket ends with the program that holds the key', async (t) => {
  const { node, program } = await connected(t);
  await program.call('talkPress');
  assert.equal(node.talking, 'talk-1');
  program.close();
  await eventually(() => node.talking === null, 'the key is let go');
});

it('a latched talk goes on when the program that pressed is gone', async (t) => {
  const { node, program } = await connected(t);
  await program.call('talkPress', { isLatched: true });
  program.close();
  await eventually(() => node.listeners.size === 0, 'the program is known to be gone');
  // What the session would have done, it has done by the next turn but one: the node answers at once.
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.equal(node.talking, 'talk-1');
});
