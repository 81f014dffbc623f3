import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CaptionTap } from './caption-tap.ts';
import type { WorkerEvent } from './protocol.ts';
import { Desk, sealedTone } from './test-playouts.ts';

type Played = Extract<WorkerEvent, { type: 'played' }>;
const playedIn = (events: readonly WorkerEvent[]): Played[] =>
  events.filter((event) => event.type === 'played');

test('what is played is handed on in tenths of a second, and nothing is lost of it or added', () => {
  const events: WorkerEvent[] = [];
  const tap = new CaptionTap((event) => events.push(event));
  tap.isOn = true;
  const samples = Int16Array.from({ length: 11_000 }, (_, i) => i);
  for (let at = 0; at < samples.length; at += 7000) tap.put('message', 'a', samples.subarray(at, at + 7000));
  tap.put('call', 'b', samples.subarray(0, 80));
  tap.over('message', 'a');
  tap.over('message', 'a');
  tap.over('message', 'never played');
  const played = playedIn(events);
  assert.deepEqual(
    played.map(({ id, pcm, isOver }) => [id, pcm.length, isOver]),
    [
      ['a', 4800, false],
      ['a', 4800, false],
      ['a', 1400, true],
    ],
  );
  assert.deepEqual(
    played.flatMap(({ pcm }) => [...pcm]),
    [...samples],
  );
});

test('while it is off nothing is handed on, also of what began before', () => {
  const events: WorkerEvent[] = [];
  const tap = new CaptionTap((event) => events.push(event));
  tap.put('message', 'a', new Int16Array(9600));
  tap.isOn = true;
  tap.put('message', 'a', new Int16Array(480));
  tap.isOn = false;
  tap.put('message', 'a', new Int16Array(9600));
  tap.over('message', 'a');
  assert.deepEqual(events, []);
});

test('a message that sounds is handed on as loud as it was spoken, and its end is told', async () => {
  const quiet = new Desk();
  quiet.captions.isOn = true;
  await quiet.play('a', { gain: 0.01 });
  quiet.playouts.putStored('a', await sealedTone());
  quiet.hear(60);
  const played = playedIn(quiet.events);
  assert.equal(played.at(-1)?.isOver, true);
  const peak = Math.max(...played.flatMap(({ pcm }) => [...pcm]));
  assert.ok(peak > 6000, `${peak}`);
  assert.ok(quiet.loudestHeard < 0.01, `${quiet.loudestHeard}`);
});
