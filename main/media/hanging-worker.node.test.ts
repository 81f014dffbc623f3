import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { MediaWorker, type WorkerCommand } from './index.ts';
import { newKey } from './test-support.ts';

const HANGING = fileURLToPath(new URL('test-hanging-worker.ts', import.meta.url));
const COLD = { microphone: null, speaker: null, ready: 'cold', tones: false } as const;

/** 48 kHz. */
const seconds = (count: number) => new Int16Array(count * 48_000);

it('a worker that hangs in a talk is ended and started again on its port; what was said until then is here', async (t) => {
  const log: string[] = [];
  const media = new MediaWorker(HANGING, { log: (line) => void log.push(line) });
  t.after(() => media.close());
  const seen: string[] = [];
  for (const name of ['crashed', 'restarted'] as const) media.on(name, () => void seen.push(name));
  const counts = new Map<string, number>();
  media.on('talk-fragments', ({ id, fragments }) => counts.set(id, (counts.get(id) ?? 0) + fragments.length));
  let bound = 0;
  media.on('bound', ({ port }) => (bound = port));
  media.start(COLD);
  const port = await media.bind('127.0.0.1', 0);
  const talk = (id: string, pcm: Int16Array): void =>
    media.post({ type: 'talk', id, ssrc: 7, key: newKey(), targets: [], keyDownAt: 0, pcm });
  talk('cut', seconds(60));
  await eventually(() => (counts.get('cut') ?? 0) > 20, 'it is spoken');
  media.post({ type: 'hang' } as unknown as WorkerCommand);
  await eventually(() => seen.includes('restarted'), 'the next thread', 60_000);
  assert.deepEqual(seen, ['crashed', 'restarted']);
  assert.ok(log.some((line) => line.includes('does not answer')));
  await eventually(() => bound === port, 'the same port');
  const ended = new Promise<number>((resolve) => media.on('talk-ended', ({ count }) => resolve(count)));
  talk('next', seconds(1));
  assert.equal(await ended, 100);
});
