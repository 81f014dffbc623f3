import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { connectAsOutsider } from './connect.ts';
import type { ControlLink } from './control-link.ts';
import { encodeFrame, FRAME_FRAGMENTS, FRAME_JSON } from './frames.ts';
import { mayAsk } from './outsiders.ts';
import {
  assertServes,
  credentials,
  Ear,
  ended,
  tlsConnection,
  withServer,
  type Room,
} from './test-server.ts';
import { AS_OUTSIDER } from './tls-peer.ts';

interface Door {
  readonly heard: Ear[];
  readonly links: ControlLink[];
}

async function withDoor(use: (room: Room, door: Door) => Promise<void>): Promise<void> {
  const door: Door = { heard: [], links: [] };
  const onOutsider = (link: ControlLink): void => {
    door.links.push(link);
    door.heard.push(new Ear(link));
  };
  await withServer((room) => use(room, door), { onOutsider });
}

function asked({ server, log }: Room, own = credentials()): Promise<ControlLink> {
  const to = { address: server.address, port: server.port };
  return connectAsOutsider({ credentials: own, ...to, log: (line) => void log.push(line) });
}

describe('the link of an outsider', () => {
  it('tells both ends the same secret and each the key of the other', () =>
    withDoor(async (room, { links }) => {
      const own = credentials();
      const link = await asked(room, own);
      await eventually(() => links.length === 1, 'the outsider is heard');
      const [theirs] = links as [ControlLink];
      assert.equal(theirs.peer, own.nodeId);
      assert.equal(link.peer, room.own.nodeId);
      const label = 'EXPORTER-corridor-join';
      assert.deepEqual(Buffer.from(link.exported(label)), Buffer.from(theirs.exported(label)));
      assert.notDeepEqual(Buffer.from(link.exported(label)), Buffer.from(link.exported('EXPORTER-other')));
      assert.equal(theirs.peerKey.length, 91);
      assert.equal(room.links.length, 0, 'it is no member’s');
      link.close();
    }));

  it('is read for what an outsider may say, and ends with anything else', () =>
    withDoor(async (room, { heard }) => {
      const openings = [
        encodeFrame(FRAME_JSON, Buffer.from('{"type":"inbox"}')),
        encodeFrame(FRAME_JSON, Buffer.from('not JSON')),
        encodeFrame(FRAME_JSON, Buffer.from('{"type":"of-a-later-version"}')),
        encodeFrame(FRAME_FRAGMENTS, Buffer.alloc(40)),
        encodeFrame(9, Buffer.alloc(1)),
        encodeFrame(FRAME_JSON, Buffer.alloc(17 * 1024)),
      ];
      for (const [at, opening] of openings.entries()) {
        const socket = tlsConnection(room.server);
        socket.write(Buffer.concat([Buffer.from([AS_OUTSIDER]), opening]));
        await ended(socket);
        await eventually(() => heard[at]?.closed === 'bad-frames', `opening ${at}`);
        assert.deepEqual(heard[at]?.messages, []);
      }
      const link = await asked(room);
      link.send({ type: 'agree' });
      await eventually(() => heard.at(-1)?.messages.length === 1, 'a good frame');
      link.close();
      await assertServes(room);
    }));

  it('is one of few for each address', () =>
    withDoor(async (room) => {
      const links = await Promise.all(Array.from({ length: 4 }, () => asked(room)));
      await eventually(() => room.server.counts.outsiders === 4, 'four are heard');
      const more = new Ear(await asked(room));
      await eventually(() => more.closed !== undefined, 'the fifth is turned away');
      for (const link of links) link.close();
      await assertServes(room);
    }));
});

describe('mayAsk', () => {
  it('holds sixteen in all, four of an address', () => {
    const of = (count: number, address?: string) =>
      Array.from({ length: count }, (_, at) => address ?? `10.0.0.${at}`);
    assert.equal(mayAsk('10.1.1.1', of(15)), true);
    assert.equal(mayAsk('10.1.1.1', of(16)), false);
    assert.equal(mayAsk('10.1.1.1', of(3, '10.1.1.1')), true);
    assert.equal(mayAsk('10.1.1.1', of(4, '10.1.1.1')), false);
  });
});
