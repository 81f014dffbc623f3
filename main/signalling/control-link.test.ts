import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { faults, newMessageId } from '../model/index.ts';
import type { ControlLink } from './control-link.ts';
import type { ControlMessage } from './schemas.ts';
import { credentials, Ear, ended, memberOpening, tlsConnection, withServer } from './test-server.ts';

describe('control link', () => {
  it('joins two members, each certain of the other, both ways', () =>
    withServer(async ({ links, ears, own, connect }) => {
      const me = credentials();
      const link = await connect({ credentials: me });
      await eventually(() => links.length === 1, 'the link at the server');
      const there = links[0] as ControlLink;
      assert.equal(link.peer, own.nodeId);
      assert.equal(there.peer, me.nodeId);
      assert.equal(there.address, '127.0.0.1');

      const mine = new Ear(link);
      const id = newMessageId();
      assert.ok(link.send({ type: 'fetch', id, from: 0, follow: true }));
      const fragments = Array.from({ length: 300 }, (_, n) => ({ n, bytes: randomBytes(160) }));
      assert.ok(there.sendFragments(id, fragments));
      there.send({ type: 'fetch-end', id, upTo: 300, complete: true });
      await eventually(() => mine.messages.length === 1 && ears[0]?.messages.length === 1, 'both messages');
      assert.deepEqual(ears[0]?.messages, [{ type: 'fetch', id, from: 0, follow: true }]);
      const received = mine.fragments.flatMap((part) => part.fragments);
      assert.deepEqual(
        received.map(({ n, bytes }) => [n, Buffer.from(bytes).toString('hex')]),
        fragments.map(({ n, bytes }) => [n, bytes.toString('hex')]),
      );
    }));

  it('brings a listener all that came before it listened', () => {
    let there: ControlLink | undefined;
    return withServer(
      async ({ connect }) => {
        const link = await connect();
        await eventually(() => there?.closed === true, 'all has been said');
        const ear = new Ear(link);
        await eventually(() => ear.closed !== undefined, 'the end');
        assert.deepEqual(ear.messages, [{ type: 'bye', reason: 'quit' }]);
        assert.equal(ear.closed, 'peer-closed');
      },
      {
        onLink: (link) => {
          there = link;
          link.send({ type: 'bye', reason: 'quit' });
          link.close();
        },
      },
    );
  });

  it('sends its last messages before it closes, and gives both sides the reason once', () =>
    withServer(async ({ ears, connect }) => {
      const link = await connect();
      const ear = new Ear(link);
      for (let n = 0; n < 500; n += 1) link.send({ type: 'inbox', since: n });
      link.close();
      assert.equal(ear.closed, 'closed');
      assert.equal(link.send({ type: 'inbox' }), false);
      await eventually(() => ears[0]?.closed !== undefined, 'the end at the server');
      assert.equal(ears[0]?.messages.length, 500);
      assert.equal(ears[0]?.closed, 'peer-closed');
    }));

  it('counts frames that cannot be read, logs the first, and ends after twenty', () =>
    withServer(async ({ links, ears, log, connect }) => {
      const link = await connect();
      const unchecked = (value: unknown): void => void link.send(value as ControlMessage);
      unchecked({ type: 'whiteboard' });
      for (let n = 0; n < 19; n += 1) unchecked({ type: 'fetch', id: 'x', n });
      link.send({ type: 'inbox' });
      await eventually(() => ears[0]?.messages.length === 1, 'the good one among the bad');
      assert.deepEqual(links[0]?.counts, { bad: 19, unknown: 1, over: 0 });
      assert.equal(log.length, 2, log.join('\n'));
      assert.equal(ears[0]?.closed, undefined);
      unchecked('not even an object');
      await eventually(() => ears[0]?.closed !== undefined, 'the end');
      assert.equal(ears[0]?.closed, 'bad-frames');
    }));

  it('ignores any number of message types of a later version', () =>
    withServer(async ({ links, ears, log, connect }) => {
      const link = await connect();
      for (let n = 0; n < 100; n += 1) link.send({ type: 'whiteboard' } as unknown as ControlMessage);
      link.send({ type: 'inbox' });
      await eventually(() => ears[0]?.messages.length === 1, 'the known message after them');
      assert.deepEqual(links[0]?.counts, { bad: 0, unknown: 100, over: 0 });
      assert.equal(log.length, 1, log.join('\n'));
      assert.equal(ears[0]?.closed, undefined);
    }));

  it('survives a fault of its own listener', () =>
    withServer(
      async ({ connect }) => {
        const said: string[] = [];
        const stop = faults.onLogged(({ line }) => said.push(line));
        const link = await connect();
        link.send({ type: 'inbox' });
        await eventually(() => said.some((line) => line.includes('a bug')), 'the fault is said');
        stop();
        assert.equal(link.closed, false);
      },
      {
        onLink: (link) =>
          link.listen({
            onMessage: () => {
              throw new Error('a bug');
            },
            onFragments: () => undefined,
            onClose: () => undefined,
          }),
      },
    ));

  it('notices a peer that has gone silent, and keeps one that has nothing to say', () =>
    withServer(
      async ({ ears, connect }) => {
        const quiet = await connect();
        new Ear(quiet);
        await connect(); // never listens, so it never answers a ping
        await eventually(() => ears[1]?.closed !== undefined, 'the silent one ended');
        assert.equal(ears[1]?.closed, 'silent');
        // The quiet one has said nothing for longer than that, and is still heard.
        quiet.send({ type: 'inbox' });
        await eventually(() => ears[0]?.messages.length === 1, 'the quiet one’s message');
        assert.equal(ears[0]?.closed, undefined);
      },
      { pingIntervalMs: 20, deadAfterMs: 400 },
    ));

  it('holds back a fast sender, and ends a link that takes nothing at all', () =>
    withServer(async ({ links, connect }) => {
      const link = await connect();
      await eventually(() => links.length === 1, 'the link');
      const there = links[0] as ControlLink;
      const batch = Array.from({ length: 60 }, (_, n) => ({ n, bytes: Buffer.alloc(1400) }));
      const id = newMessageId();
      // More than the system's own buffers hold on both sides, and less than a link is ended for.
      while (there.bufferedBytes < 24_000_000) there.sendFragments(id, batch);
      let drained = false;
      const waiting = there.drained().then(() => {
        drained = true;
      });
      const deaf = await connect();
      await eventually(() => links.length === 2, 'the second link');
      assert.equal(
        drained,
        false,
        'nobody reads, while another link was made from its first packet to its last',
      );
      const ear = new Ear(link);
      await waiting;
      assert.ok(ear.fragments.length > 0);

      const toDeaf = links[1] as ControlLink;
      for (let round = 0; round < 2000 && toDeaf.sendFragments(id, batch); round += 1);
      assert.ok(toDeaf.closed);
      await toDeaf.drained();
      deaf.close();
    }));

  it('ends where a frame is too long', () =>
    withServer(async ({ server, links, ears, connect }) => {
      const link = await connect();
      await eventually(() => links.length === 1, 'the link');
      assert.throws(
        () => link.send({ type: 'refuse', code: 'x', text: 'x'.repeat(2_000_000) }),
        RangeError,
        'is not sent in the first place',
      );
      const faulty = tlsConnection(server);
      await new Promise((resolve) => faulty.once('secureConnect', resolve));
      faulty.write(memberOpening(faulty));
      await eventually(() => links.length === 2, 'the faulty member’s link');
      faulty.write(Buffer.from('7fffffff00', 'hex'));
      await ended(faulty);
      assert.equal(ears[1]?.closed, 'bad-frames');
      assert.equal(ears[0]?.closed, undefined);
    }));
});
