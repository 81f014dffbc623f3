import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { loadOrCreateIdentity } from '../../main/identity/index.ts';
import type { NodeId } from '../../main/model/index.ts';
import { comeInByLink, linkAsMember } from '../support/by-link.ts';
import { Headless } from '../support/headless.ts';
import { tempFolder } from '../support/temp-folder.ts';

const ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
const EACH = 64;
const LINKS = 20;
const skip = process.platform !== 'linux' && 'all of 127.0.0.0/8 is this computer’s own on Linux';

test(
  '192 idle connections from three addresses do not keep a member out of a node: it links 20 times of 20',
  { skip, timeout: 240_000 },
  async (t) => {
    const folder = tempFolder('crowd');
    const node = await Headless.start({
      ...{ interface: '127.0.0.1', name: 'Ann', extension: '101', office: 'new', ready: 'cold' },
      ...{ profile: `${folder}/ann`, speaker: `file:${folder}/ann.wav` },
    });
    t.after(() => node.stop());
    const { endpoints, node: self } = await node.api.call('status');
    assert.ok(endpoints && self);
    const { link } = await node.api.call('joinLink');
    const member = await comeInByLink(await loadOrCreateIdentity(`${folder}/bob`), link, endpoints, '102');

    const sockets: Socket[] = [];
    t.after(() => sockets.forEach((socket) => socket.destroy()));
    /** As many as there were: those that the node has ended come again. */
    const crowd = async (): Promise<void> => {
      for (const localAddress of ADDRESSES) {
        const open = sockets.filter((one) => !one.destroyed && one.localAddress === localAddress);
        for (let n = open.length; n < EACH; n += 1) {
          const socket = connect({ port: endpoints.control, host: endpoints.address, localAddress });
          socket.on('error', () => undefined).resume();
          sockets.push(socket);
          await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
        }
      }
    };
    await crowd();
    for (let n = 0; n < LINKS; n += 1) {
      const control = await linkAsMember(member, endpoints, self.id as NodeId, {
        onMessage: () => undefined,
      });
      control.close();
      await crowd();
    }
    assert.ok(sockets.length > ADDRESSES.length * EACH, 'the door was full: some of the idle had to go');
    assert.equal((await node.api.call('status')).state, 'running');
  },
);
