import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { FRAME_SAMPLES, nodePorts } from '../model/index.ts';
import type { AudioPort } from './audio-port.ts';
import { Codecs } from './codecs.ts';
import type { WorkerEvent } from './protocol.ts';
import { SrtpReceiver } from './srtp.ts';
import { newKey } from './test-support.ts';
import { Transmitter } from './transmitter.ts';

const [BOB, CY] = [
  { address: '10.0.0.2', port: 4000 },
  { address: '10.0.0.3', port: 4000 },
];

/** A microphone in the test's hand. */
function ground() {
  const events: WorkerEvent[] = [];
  const sent: { readonly bytes: Uint8Array; readonly to: string }[] = [];
  const tones: string[] = [];
  let onFrame: (frame: Int16Array) => void = () => undefined;
  const audio = {
    state: { microphone: { state: 'running' }, speaker: { state: 'running' } },
    on: () => () => undefined,
    tone: (name: string) => void tones.push(name),
    startCapture: (sink: typeof onFrame, { onStarted }: { onStarted: () => void }) => {
      onFrame = sink;
      onStarted();
      return { stop: () => Promise.resolve(), end: () => undefined };
    },
  } as unknown as AudioPort;
  const transmitter = new Transmitter({
    ...{ audio, codecs: new Codecs(), emit: (event) => void events.push(event), clock: () => 0 },
    send: (bytes, { address }) => void sent.push({ bytes, to: address }),
  });
  const capture = (count: number, amplitude = 8000) => {
    for (let n = 0; n < count; n += 1)
      onFrame(
        Int16Array.from(
          { length: FRAME_SAMPLES },
          (_, i) => amplitude * Math.sin((n * FRAME_SAMPLES + i) / 20),
        ),
      );
  };
  const to = ({ address }: typeof BOB) => sent.filter((one) => one.to === address);
  const ended = () => events.flatMap((event) => (event.type === 'talk-ended' ? [event] : []));
  return { transmitter, events, tones, capture, to, ended };
}

for (const [when, isEncoderThere] of [
  ['in the middle', true],
  ['before the encoder is there', false],
] as const) {
  test(`a talk that goes on as another message ${when} loses no frame, and the first key opens nothing of the rest`, async () => {
    const { transmitter, events, tones, capture, to, ended } = ground();
    const keys = [newKey(), newKey()] as const;
    transmitter.start({
      type: 'talk',
      id: 'a',
      ssrc: 1,
      key: keys[0],
      targets: [BOB, CY],
      keyDownAt: nodePorts.clock.monotonic(),
    });
    capture(5);
    if (isEncoderThere) await eventually(() => to(CY).length === 5, 'the encoder is there');
    transmitter.renew({
      type: 'talk-renew',
      id: 'a',
      next: { id: 'b', ssrc: 2, key: keys[1], targets: [BOB] },
    });
    capture(7);
    transmitter.stop('b');
    await eventually(() => ended().length === 2, 'both have ended');
    assert.deepEqual(
      ended().map(({ id, count }) => [id, count]),
      [
        ['a', 5],
        ['b', 7],
      ],
    );
    assert.deepEqual(
      events.filter(({ type }) => type === 'talk-renewed'),
      [{ type: 'talk-renewed', id: 'a', next: 'b' }],
    );
    assert.equal(to(CY).length, 5, 'who was removed gets nothing more');
    assert.equal(to(BOB).length, 12);
    const [withFirst, withNext] = [new SrtpReceiver(keys[0], 2), new SrtpReceiver(keys[1], 2)];
    for (const [n, { bytes }] of to(BOB).slice(5).entries()) {
      assert.equal(withFirst.openAt(n, bytes), undefined);
      assert.ok(withNext.openAt(n, bytes));
    }
    assert.deepEqual(tones, ['start', 'stop'], 'the person hears nothing of it');
    transmitter.close();
  });
}

/** The order that Bob is talked to. */
const talk = (id: string, keyDownAt = nodePorts.clock.monotonic()) =>
  ({ type: 'talk', id, ssrc: 1, key: newKey(), targets: [BOB], keyDownAt }) as const;

test('a talk that is over does not go on', async () => {
  const { transmitter, events, capture, ended } = ground();
  transmitter.start(talk('a'));
  capture(1);
  transmitter.stop('a');
  await eventually(() => ended().length === 1, 'it has ended');
  transmitter.renew({
    type: 'talk-renew',
    id: 'a',
    next: { id: 'b', ssrc: 2, key: newKey(), targets: [BOB] },
  });
  assert.deepEqual(
    events.filter(({ type }) => type === 'talk-renewed'),
    [],
  );
  transmitter.close();
});

/** The same of a talk that may be a click. */
const heldTalk = (id: string, keyDownAt?: number) => ({ ...talk(id, keyDownAt), mayBeClick: true }) as const;

test('of a click nothing is sent, and no tone says that it was', async () => {
  const { transmitter, events, tones, capture, to, ended } = ground();
  transmitter.start(heldTalk('a'));
  capture(20, 20);
  transmitter.stop('a');
  await eventually(() => ended().length === 1, 'it has ended');
  assert.deepEqual(ended(), [{ type: 'talk-ended', id: 'a', count: 0, failed: null, isClick: true }]);
  assert.deepEqual([to(BOB), tones], [[], ['start']]);
  assert.ok(!events.some(({ type }) => type === 'talk-meant'));
  transmitter.close();
});

test('a voice is sent at once, with the quiet before it; a short word is no click', async () => {
  const { transmitter, events, tones, capture, to, ended } = ground();
  transmitter.start(heldTalk('a'));
  capture(3, 20);
  assert.deepEqual(events.slice(1), []);
  capture(2);
  await eventually(() => to(BOB).length === 5, 'all of it');
  assert.deepEqual(events[1], { type: 'talk-meant', id: 'a' }, 'before any fragment');
  transmitter.stop('a');
  await eventually(() => ended().length === 1, 'it has ended');
  assert.deepEqual(ended(), [{ type: 'talk-ended', id: 'a', count: 5, failed: null }]);
  assert.deepEqual(tones, ['start', 'stop']);
  transmitter.close();
});

test('a key that was held for long means a talk, though the microphone gave little until it came up', async () => {
  const { transmitter, capture, ended } = ground();
  transmitter.start(heldTalk('a', nodePorts.clock.monotonic() - 2000));
  capture(3, 20);
  transmitter.stop('a');
  await eventually(() => ended().length === 1, 'it has ended');
  assert.deepEqual([ended()[0]?.count, ended()[0]?.isClick], [3, undefined]);
  transmitter.close();
});

test('what goes on as another message before there is a voice is sent as that one', async () => {
  const { transmitter, events, capture, to, ended } = ground();
  transmitter.start(heldTalk('a'));
  capture(3, 20);
  const next = { id: 'b', ssrc: 2, key: newKey(), targets: [BOB] };
  transmitter.renew({ type: 'talk-renew', id: 'a', next });
  capture(1);
  await eventually(() => to(BOB).length === 4, 'all of it');
  transmitter.stop('b');
  await eventually(() => ended().length === 2, 'both have ended');
  assert.deepEqual(
    ended().map(({ id, count, isClick }) => ({ id, count, isClick })),
    [
      { id: 'a', count: 0, isClick: undefined },
      { id: 'b', count: 4, isClick: undefined },
    ],
  );
  assert.deepEqual(
    events.flatMap((event) => (event.type === 'talk-meant' ? event.id : [])),
    ['b'],
  );
  transmitter.close();
});

test('a microphone that gives no sound while somebody talks is told, and that it does again', async () => {
  const { transmitter, events, capture, ended } = ground();
  transmitter.start(talk('a'));
  capture(250, 0);
  capture(1);
  transmitter.stop('a');
  await eventually(() => ended().length === 1, 'it has ended');
  assert.deepEqual(
    events.filter(({ type }) => type === 'talk-silent'),
    [
      { type: 'talk-silent', id: 'a', isSilent: true },
      { type: 'talk-silent', id: 'a', isSilent: false },
    ],
  );
  transmitter.close();
});
