import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { PROTOCOLS } from '../model/index.ts';
import type { ControlLink } from './control-link.ts';
import { encodeFrame, FRAME_JSON, MAX_FRAME_BYTES } from './frames.ts';
import type { ControlMessage, ControlMessageOf } from './schemas.ts';
import { ended, memberOpening, tlsConnection, withServer } from './test-server.ts';

const hello: ControlMessageOf<'hello'> = {
  type: 'hello',
  record: { payload: '{}', signature: 'A'.repeat(86) },
  version: '9.0.0',
};
const { min, max } = PROTOCOLS;

/** A node of this version, and a member of a later one, which writes what a test gives it. Each greeting is settled on. */
async function withLaterMember(
  use: (meeting: {
    readonly say: (...frames: readonly Buffer[]) => void;
    readonly heard: readonly ControlMessage[];
    readonly link: () => ControlLink;
    readonly ended: () => Promise<void>;
    readonly received: () => string;
  }) => Promise<void>,
): Promise<void> {
  const heard: ControlMessage[] = [];
  let here: ControlLink | undefined;
  await withServer(
    async ({ server }) => {
      const member = tlsConnection(server);
      await new Promise((resolve) => member.once('secureConnect', resolve));
      let received = '';
      member.on('data', (bytes: Buffer) => (received += bytes.toString('latin1')));
      member.write(memberOpening(member));
      await eventually(() => here !== undefined, 'the link');
      await use({
        say: (...frames) => void member.write(Buffer.concat(frames)),
        ...{ heard, link: () => here!, ended: () => ended(member), received: () => received },
      });
      member.destroy();
    },
    {
      onLink: (link) => {
        here = link;
        link.listen({
          onMessage: (message) => {
            heard.push(message);
            if (message.type === 'hello') link.settle(message.protocol);
          },
          onFragments: () => undefined,
          onClose: () => undefined,
        });
      },
    },
  );
}

const json = (value: unknown): Buffer => encodeFrame(FRAME_JSON, Buffer.from(JSON.stringify(value)));

describe('a link to a later version', () => {
  it('settles on the highest protocol of both, and passes over frame types and fields that are new', () =>
    withLaterMember(async ({ say, heard, link }) => {
      assert.equal(link().protocol, undefined, 'nothing was said yet');
      const protocol = { min, max: max + 3, preferred: max + 2 };
      say(
        json({ ...hello, protocol, mood: 'x'.repeat(10_000) }),
        encodeFrame(200, Buffer.alloc(5000, 7)),
        json({ type: 'whiteboard', strokes: [[1, 2]] }),
        json({ type: 'inbox', since: 5, deep: { er: [1] } }),
      );
      await eventually(() => heard.length === 2, 'what this version knows');
      assert.deepEqual(heard, [
        { ...hello, protocol: { min, max: max + 3 } },
        { type: 'inbox', since: 5 },
      ]);
      assert.equal(link().protocol, max);
      assert.deepEqual(link().counts, { bad: 0, unknown: 2, over: 0 });
      assert.equal(link().closed, false);
    }));

  it('takes a greeting that names no protocols for the first', () =>
    withLaterMember(async ({ say, heard, link }) => {
      say(json(hello));
      await eventually(() => heard.length === 1, 'the greeting');
      assert.equal(link().protocol, 1);
    }));

  it('without a common protocol ends, and the other end is told why', () =>
    withLaterMember(async ({ say, heard, link, ended: hasEnded, received }) => {
      say(json({ ...hello, protocol: { min: max + 1, max: max + 2 } }), json({ type: 'inbox' }));
      await hasEnded();
      assert.equal(link().closed, true);
      assert.equal(link().protocol, undefined);
      assert.deepEqual(
        heard.map(({ type }) => type),
        ['hello'],
        'nothing is heard after it',
      );
      assert.match(received(), /"type":"refuse","code":"no-common-protocol"/);
    }));

  it('takes new fields within the size of a frame alone', () =>
    withLaterMember(async ({ say, heard, link }) => {
      const empty = JSON.stringify({ type: 'inbox', more: '' }).length + 1;
      say(json({ type: 'inbox', more: 'x'.repeat(MAX_FRAME_BYTES - empty) }));
      await eventually(() => heard.length === 1, 'the longest frame');
      const tooLong = Buffer.alloc(5);
      tooLong.writeUInt32BE(MAX_FRAME_BYTES + 1);
      say(tooLong);
      await eventually(() => link().closed, 'the end');
    }));
});
