import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { newMessageId, type BudgetName } from '../model/index.ts';
import type { ControlLink, LinkEvents } from './control-link.ts';
import { encodeFrame, FRAME_JSON } from './frames.ts';
import type { ControlMessage } from './schemas.ts';
import { Ear, memberOpening, tlsConnection, withServer, type Room } from './test-server.ts';

const signed = { payload: '{}', signature: 'A'.repeat(86) };
const json = (message: ControlMessage): Buffer =>
  encodeFrame(FRAME_JSON, Buffer.from(JSON.stringify(message)));

/** A member that says all of this at once, and then goes on listening. */
async function sayAtOnce({ server, links }: Room, messages: readonly ControlMessage[]) {
  const member = tlsConnection(server);
  await new Promise((resolve) => member.once('secureConnect', resolve));
  member.write(memberOpening(member));
  await eventually(() => links.length === 1, 'the link');
  member.write(Buffer.concat(messages.map(json)));
  return member;
}

/** Listens to a link, and keeps what it is told. */
function listenTo(link: ControlLink, onMessage: LinkEvents['onMessage']) {
  const heard = { over: [] as BudgetName[], closed: undefined as string | undefined };
  link.listen({
    onMessage,
    onFragments: () => undefined,
    onOver: (name) => heard.over.push(name),
    onClose: (reason) => (heard.closed = reason),
  });
  return heard;
}

describe('a member that sends too much', () => {
  /** A server whose one link is told to `onMessage`. */
  const withLink = (
    onMessage: LinkEvents['onMessage'],
    use: (room: Room, heard: () => ReturnType<typeof listenTo>) => Promise<void>,
  ) => {
    let heard: ReturnType<typeof listenTo> | undefined;
    const links: ControlLink[] = [];
    return withServer((room) => use({ ...room, links }, () => heard!), {
      onLink: (link) => {
        links.push(link);
        heard = listenTo(link, onMessage);
      },
    });
  };

  it('never holds the loop for more than a few milliseconds: other work has its turn between its frames', () => {
    const inTurn = [0];
    let handled = 0;
    const slow = (): void => {
      const until = performance.now() + 1;
      while (performance.now() < until);
      handled += 1;
      inTurn[inTurn.length - 1]! += 1;
    };
    return withLink(slow, async (room) => {
      let isOver = false;
      const countTurns = (): void => {
        inTurn.push(0);
        if (!isOver) setImmediate(countTurns);
      };
      countTurns();
      const member = await sayAtOnce(room, Array<ControlMessage>(200).fill({ type: 'inbox' }));
      await eventually(() => handled === 200, 'all 200');
      isOver = true;
      const most = Math.max(...inTurn);
      assert.ok(most <= 4, `${most} frames of a millisecond each in one turn`);
      member.destroy();
    });
  });

  it('waits where its frames matter: all arrive, in their order', () => {
    const arrived: ControlMessage[] = [];
    return withLink(
      (message) => arrived.push(message),
      async (room, heard) => {
        const roster = (full: boolean): ControlMessage => ({ type: 'roster', entries: [], full });
        const id = newMessageId();
        const messages = [
          ...Array<ControlMessage>(2100).fill(roster(true)),
          { type: 'fetch-stop', id } as const,
        ];
        const member = await sayAtOnce(room, messages);
        await eventually(() => arrived.length === messages.length, 'all of them');
        assert.deepEqual(arrived, messages);
        // How often depends on how fast this computer reads them; at what pace, the budget's own tests say.
        assert.ok(heard().over.every((name) => name === 'roster'));
        assert.equal(room.links[0]?.counts.over, heard().over.length);
        assert.equal(heard().closed, undefined);
        member.destroy();
      },
    );
  });

  it('is told once of dropped frames', () => {
    const arrived: ControlMessage[] = [];
    return withLink(
      (message) => arrived.push(message),
      async (room, heard) => {
        const link = await room.connect();
        const ear = new Ear(link);
        for (let n = 0; n < 100; n += 1) link.send({ type: 'hello', record: signed, version: String(n) });
        link.send({ type: 'inbox' });
        await eventually(() => arrived.some(({ type }) => type === 'inbox'), 'what came after it');
        assert.equal(arrived.length, 6, 'five greetings');
        assert.equal(heard().over.length, 95);
        await eventually(() => ear.messages.length > 0, 'the refusal');
        assert.deepEqual(ear.messages, [
          { type: 'refuse', code: 'too-many', text: 'Too many greetings came at once.', re: 'hello' },
        ]);
      },
    );
  });

  it('leaves nothing behind: when its link ends, its waiting frames are dropped too', () => {
    let arrived = 0;
    return withLink(
      () => (arrived += 1),
      async (room, heard) => {
        const record: ControlMessage = { type: 'record', record: signed };
        const member = await sayAtOnce(room, Array<ControlMessage>(300).fill(record));
        member.end();
        await eventually(() => heard().closed !== undefined, 'the end of the link');
        assert.equal(heard().closed, 'peer-closed');
        assert.ok(arrived >= 50 && arrived < 60, String(arrived));
      },
    );
  });
});
