import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CorridorError } from '../main/model/index.ts';
import { correlate } from '../test/support/correlate.ts';
import { seededBelow } from '../test/support/seeded-random.ts';
import { readWav, readWavInTurns, writeWav } from './index.ts';

const tone = (rateHz: number) => (i: number) =>
  0.5 * Math.sin((2 * Math.PI * (300 + 100 * (i / rateHz)) * i) / rateHz);
const expected = Int16Array.from({ length: 48_000 }, (_, i) => 32767 * tone(48_000)(i));

function wav(rateHz: number, channels: number, bits: number, isFloat = false, isExtensible = false): Buffer {
  const width = bits / 8;
  const data = Buffer.alloc(rateHz * channels * width);
  for (let i = 0; i < rateHz; i++) {
    for (let channel = 0; channel < channels; channel++) {
      const at = (i * channels + channel) * width;
      const value = tone(rateHz)(i);
      if (isFloat && bits === 32) data.writeFloatLE(value, at);
      else if (isFloat) data.writeDoubleLE(value, at);
      else if (bits === 8) data.writeUInt8(Math.round(128 + value * 127), at);
      else data.writeIntLE(Math.round(value * (2 ** (bits - 1) - 1)), at, width);
    }
  }
  const format = Buffer.alloc(isExtensible ? 40 : 16);
  const kind = isFloat ? 3 : 1;
  format.writeUInt16LE(isExtensible ? 0xfffe : kind, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rateHz, 4);
  format.writeUInt16LE(bits, 14);
  if (isExtensible) format.writeUInt16LE(kind, 24);
  const chunk = (name: string, body: Buffer) => {
    const head = Buffer.alloc(8);
    head.write(name);
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
  };
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    chunk('LIST', Buffer.alloc(5)),
    chunk('fmt ', format),
    chunk('data', data),
  ]);
  return chunk('RIFF', body);
}

const forms: [number, number, number, boolean?, boolean?][] = [
  [48_000, 1, 16],
  [44_100, 2, 16],
  [16_000, 1, 8],
  [22_050, 1, 24],
  [96_000, 6, 32],
  [44_100, 1, 32, true],
  [8000, 2, 64, true, true],
];
for (const form of forms) {
  test(`WAV ${form.join(' ')} becomes 48 kHz mono`, async () => {
    const samples = readWav(wav(...form));
    assert.deepEqual(await readWavInTurns(wav(...form)), samples);
    assert.ok(Math.abs(samples.length - 48_000) <= 1, `${samples.length} samples`);
    const { peak, lagMs } = correlate(expected, samples);
    assert.ok(peak > 0.995 && Math.abs(lagMs) < 0.1, `correlation ${peak}, lag ${lagMs} ms`);
    const loudest = Math.max(...samples.subarray(4800, 9600)) / 16384;
    assert.ok(Math.abs(loudest - 1) < 0.02, `loudness ${loudest}`);
  });
}

test('resampling removes a tone above half the new rate, instead of aliasing it', () => {
  const rateHz = 96_000;
  const file = wav(rateHz, 1, 16);
  for (let i = 0; i < rateHz; i++)
    file.writeInt16LE(
      Math.round(16_000 * Math.sin((2 * Math.PI * 30_000 * i) / rateHz)),
      file.length - (rateHz - i) * 2,
    );
  assert.ok(Math.max(...readWav(file).subarray(1000, 40_000)) < 100);
});

test('readWav returns what writeWav wrote', () => {
  const back = readWav(writeWav(expected));
  assert.equal(back.length, expected.length);
  assert.ok(expected.every((value, i) => Math.abs(value - back[i]!) <= 1));
});

test('a damaged or random file gives a clear error or the sound that is left, and nothing else', () => {
  const good = wav(8000, 1, 16);
  const random = seededBelow(3);
  let refused = 0;
  for (let n = 0; n < 2000; n++) {
    const file = Buffer.from(good.subarray(0, n % 4 === 0 ? random(200) : 400));
    for (let k = random(8); k > 0 && file.length > 0; k--)
      file[random(Math.min(80, file.length))] = random(256);
    try {
      readWav(file);
    } catch (error) {
      assert.ok(error instanceof CorridorError, String(error));
      refused++;
    }
  }
  assert.ok(refused > 500);
});

/** One second of the tone, whose samples have fewer bits than bytes. */
function padded(bits: number, width: number, shift: number): Buffer {
  const file = wav(48_000, 1, width * 8);
  const format = file.indexOf('fmt ') + 8;
  file.writeUInt16LE(width, format + 12);
  file.writeUInt16LE(bits, format + 14);
  const data = file.indexOf('data') + 8;
  for (let i = 0; i < 48_000; i++)
    file.writeIntLE(
      Math.round(tone(48_000)(i) * (2 ** (bits - 1) - 1)) * 2 ** shift,
      data + i * width,
      width,
    );
  return file;
}

for (const [bits, width, shift] of [
  [24, 4, 8],
  [24, 4, 0],
  [16, 3, 8],
  [20, 3, 4],
  [20, 3, 0],
] as const)
  test(`WAV samples of ${bits} bits in ${width} bytes, moved by ${shift}, are the tone`, () => {
    const read = readWav(padded(bits, width, shift));
    assert.equal(read.length, expected.length);
    assert.ok(expected.every((value, i) => Math.abs(value - (read[i] ?? 0)) <= 2));
  });

test('the sound of a file that came from a pipe goes on to its end', () => {
  const file = wav(48_000, 1, 16);
  for (const size of [0, 0xffffffff]) {
    file.writeUInt32LE(size, file.indexOf('data') + 4);
    assert.equal(readWav(file).length, 48_000);
  }
});

test('a file without sound is refused, and so is one that is longer than a message can be', () => {
  assert.throws(() => readWav(writeWav(new Int16Array(0))), { code: 'wav-invalid' });
  assert.equal(readWav(writeWav(new Int16Array(600 * 8000), 8000)).length, 600 * 48_000);
  assert.throws(() => readWav(writeWav(new Int16Array(601 * 8000), 8000)), { code: 'wav-too-long' });
});
