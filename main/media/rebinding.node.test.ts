import assert from 'node:assert/strict';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { OpusEncoder } from '../../native-audio/index.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { FRAME_SAMPLES, type Fragment } from '../model/index.ts';
import { MediaWorker, type MediaEvents } from './index.ts';
import { SrtpSender } from './srtp.ts';
import { newKey } from './test-support.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
/** Half a minute: both go on until the test has seen what it waits for. */
const FRAMES = 3000;

/** The next event of that name that fits. */
function next<Name extends keyof MediaEvents>(
  media: MediaWorker,
  name: Name,
  fits: (event: MediaEvents[Name]) => boolean = () => true,
): Promise<MediaEvents[Name]> {
  return new Promise((resolve) => {
    const stop = media.on(name, (event) => {
      if (!fits(event)) return;
      stop();
      resolve(event);
    });
  });
}

async function sealedTone(key: ReturnType<typeof newKey>, ssrc: number): Promise<Fragment[]> {
  const encoder = await OpusEncoder.create();
  const sender = new SrtpSender(key, ssrc);
  const tone = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => 8000 * Math.sin((i * Math.PI) / 60));
  const fragments = Array.from({ length: FRAMES }, (_, n) => ({
    n,
    bytes: sender.seal(n, encoder.encode(tone)),
  }));
  encoder.free();
  return fragments;
}

async function senderOf(socket: Socket): Promise<string> {
  const [, from] = (await once(socket, 'message')) as [Buffer, RemoteInfo];
  return `${from.address}:${from.port}`;
}

test(
  'playing and recording go on without an address, and while the media socket moves to another',
  { skip: process.platform === 'darwin' && 'macOS has one loopback address', timeout: 240_000 },
  async (t) => {
    const dir = tempFolder('rebinding');
    const colleague = createSocket('udp4').bind(0, '127.0.0.1');
    const media = new MediaWorker(WORKER);
    t.after(async () => {
      colleague.close();
      await media.close();
    });
    await once(colleague, 'listening');
    const { port } = colleague.address();
    const speakers: string[] = [];
    const recorded: number[] = [];
    media.on('sound-state', ({ speaker }) => speakers.push(speaker.state));
    media.on('talk-fragments', ({ fragments }) => recorded.push(...fragments.map(({ n }) => n)));

    const key = newKey();
    media.start({ microphone: null, speaker: `file:${join(dir, 'ear.wav')}`, ready: 'cold' });
    media.post({ type: 'play', id: 'kept', ssrc: 1, key, from: 0, speed: 1, count: FRAMES });
    media.post({ type: 'play-fragments', id: 'kept', fragments: await sealedTone(key, 1) });
    const pcm = new Int16Array(FRAMES * FRAME_SAMPLES);
    const targets = [{ address: '127.0.0.1', port }];
    media.post({ type: 'talk', id: 'said', ssrc: 2, key: newKey(), targets, pcm, keyDownAt: 0 });
    const recording = next(media, 'talk-fragments');
    await next(media, 'sounding', ({ id }) => id === 'kept');
    await recording;

    let position = 0;
    for (const address of ['127.0.0.1', '127.0.0.2', '127.0.0.2']) {
      const own = await media.bind(address, 0);
      // What is said is sent from the new place, and what is played has gone on.
      while ((await senderOf(colleague)) !== `${address}:${own}`);
      const moved = await next(media, 'playback', ({ positionFragment }) => positionFragment > position);
      assert.equal(moved.state, 'playing');
      position = moved.positionFragment;
    }

    const saidEnds = next(media, 'talk-ended');
    const keptEnds = next(media, 'playback-ended');
    media.post({ type: 'talk-stop', id: 'said' });
    media.post({ type: 'playback-seek', from: FRAMES - 20 });
    const { count, failed } = await saidEnds;
    assert.equal(failed, null);
    assert.deepEqual(
      recorded,
      Array.from({ length: count }, (_, n) => n),
    );
    assert.equal((await keptEnds).reason, 'end');
    assert.deepEqual(
      speakers.slice(speakers.indexOf('running')).filter((state) => state !== 'running'),
      [],
      'the loudspeaker was reopened',
    );
  },
);
