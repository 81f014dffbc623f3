import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { correlate } from '../test/support/correlate.ts';
import { concat } from '../test/support/frames.ts';
import { seededRandom } from '../test/support/seeded-random.ts';
import { tempFolder } from '../test/support/temp-folder.ts';
import { muxOggOpus, OPUS_LOOKAHEAD_SAMPLES, OpusDecoder, OpusEncoder } from './index.ts';

const voice = makeVoice(3);

async function encoded(): Promise<Uint8Array[]> {
  const encoder = await OpusEncoder.create();
  const packets: Uint8Array[] = [];
  for (let at = 0; at + 480 <= voice.length; at += 480)
    packets.push(encoder.encode(voice.subarray(at, at + 480)));
  encoder.free();
  return packets;
}

test('the decoder returns what the encoder took, delayed by the lookahead', async () => {
  const packets = await encoded();
  const decoder = await OpusDecoder.create();
  const out = concat(packets.map((packet) => decoder.decode(packet)));
  const { peak, lagMs } = correlate(voice, out);
  // The `voip` application's high-pass shifts the phase of the lowest harmonics: the waveform is not quite the same.
  assert.ok(peak > 0.7, `correlation ${peak}`);
  assert.ok(Math.abs(lagMs - OPUS_LOOKAHEAD_SAMPLES / 48) < 0.3, `lag ${lagMs}`);
  const bitsPerSecond = (packets.reduce((sum, packet) => sum + packet.length, 0) * 8) / 3;
  assert.ok(bitsPerSecond < 45_000, `${bitsPerSecond} bit/s`);
  decoder.free();
});

test('the next packet rebuilds a lost frame better than concealment does', async () => {
  const packets = await encoded();
  const clean = await decodeWith(packets, (decoder, packet) => decoder.decode(packet));
  const rebuilt = await decodeWith(packets, (decoder, _, next) => decoder.decodeFec(next));
  const concealed = await decodeWith(packets, (decoder) => decoder.conceal());
  const fec = snrOfLost(clean, rebuilt);
  const plc = snrOfLost(clean, concealed);
  assert.ok(fec > plc + 2, `FEC ${fec} dB, concealment ${plc} dB`);
  assert.ok(plc > 0, 'concealment is better than silence');
});

test('the decoder conceals garbage', async () => {
  const decoder = await OpusDecoder.create();
  let seed = 7;
  for (let n = 0; n < 300; n++) {
    const bytes = Uint8Array.from({ length: n % 90 }, () => (seed = (seed * 75 + 74) % 65537) & 255);
    assert.equal(decoder.decode(bytes).length, 480);
    assert.equal(decoder.decodeFec(bytes).length, 480);
  }
  decoder.free();
});

const hasTools = ['opusinfo', 'ffmpeg'].every((tool) => !spawnSync(tool, ['-version']).error);
test(
  'opusinfo accepts the Ogg file, and ffmpeg decodes its speech',
  { skip: !hasTools && 'no opusinfo, ffmpeg' },
  async () => {
    const dir = tempFolder('ogg');
    const file = join(dir, 'a.ogg');
    writeFileSync(file, muxOggOpus(await encoded(), { title: 'From 101 to 102', date: '2024-01-02' }, 4242));
    const info = spawnSync('opusinfo', [file], { encoding: 'utf8' });
    assert.doesNotMatch(info.stdout + info.stderr, /warning|error|invalid|corrupt/i);
    assert.match(info.stdout, /Pre-skip: 312/);
    assert.match(info.stdout, /TITLE=From 101 to 102/);
    assert.match(info.stdout, /Playback length: 0m:02\.99/);
    const raw = spawnSync(
      'ffmpeg',
      ['-v', 'error', '-i', file, '-f', 's16le', '-ac', '1', '-ar', '48000', '-'],
      { maxBuffer: 1e8 },
    );
    assert.equal(raw.stderr.toString(), '');
    const samples = new Int16Array(raw.stdout.length >> 1);
    for (let i = 0; i < samples.length; i++) samples[i] = raw.stdout.readInt16LE(i * 2);
    const { peak, lagMs } = correlate(voice, samples);
    assert.ok(peak > 0.7 && Math.abs(lagMs) < 0.3, `correlation ${peak}, lag ${lagMs} ms`);
  },
);

const isLost = (n: number, count: number) => n % 6 === 3 && n + 1 < count;

async function decodeWith(
  packets: readonly Uint8Array[],
  onLost: (decoder: OpusDecoder, packet: Uint8Array, next: Uint8Array) => Int16Array,
): Promise<Int16Array[]> {
  const decoder = await OpusDecoder.create();
  const out = packets.map((packet, n) =>
    isLost(n, packets.length) ? onLost(decoder, packet, packets[n + 1]!) : decoder.decode(packet),
  );
  decoder.free();
  return out;
}

function snrOfLost(clean: readonly Int16Array[], other: readonly Int16Array[]): number {
  let signal = 1;
  let error = 1;
  clean.forEach((frame, n) => {
    if (!isLost(n, clean.length)) return;
    frame.forEach((value, i) => {
      signal += value ** 2;
      error += (value - other[n]![i]!) ** 2;
    });
  });
  return 10 * Math.log10(signal / error);
}

/** Like speech: gliding harmonics in syllables, with some noise (seeded). */
function makeVoice(seconds: number): Int16Array {
  let phase = 0;
  const random = seededRandom(1);
  return Int16Array.from({ length: seconds * 48_000 }, (_, i) => {
    const t = i / 48_000;
    phase += (2 * Math.PI * (120 + 30 * Math.sin(3 * t))) / 48_000;
    let value = 0;
    for (let h = 1; h < 20; h++) value += (Math.sin(phase * h) / h) * (1 + Math.sin(7 * t + h));
    return value * Math.sqrt(Math.max(0, Math.sin(8 * t))) * 4000 + (random() - 0.5) * 200;
  });
}
