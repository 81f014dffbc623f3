import { CorridorError } from '../main/model/index.ts';
import { SAMPLE_RATE_HZ } from './frame.ts';
import { resample, resampleInTurns } from './resample.ts';

const MAX_BYTES = 512 * 1024 * 1024;
/** A little more than the longest message. */
const MAX_SECONDS = 630;
const MIN_RATE_HZ = 4000;
const MAX_RATE_HZ = 384_000;
const MAX_CHANNELS = 32;
const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;

interface Format {
  readonly isFloat: boolean;
  readonly channels: number;
  readonly rateHz: number;
  readonly bits: number;
}

/**
 * Reads a WAV file (RIFF; PCM of 8, 16, 24 or 32 bits, or float of 32 or 64; any rate and number of channels) as
 * 48 kHz mono. @throws CorridorError `wav-invalid`, `wav-unsupported` or `wav-too-long`
 */
export function readWav(file: Uint8Array): Int16Array {
  const { samples, rateHz } = decode(file);
  return resample(samples, rateHz, SAMPLE_RATE_HZ);
}

/** The same, without stopping the event loop for the time that a long file takes. */
export async function readWavInTurns(file: Uint8Array): Promise<Int16Array> {
  const { samples, rateHz } = decode(file);
  return resampleInTurns(samples, rateHz, SAMPLE_RATE_HZ);
}

function decode(file: Uint8Array): { readonly samples: Float32Array; readonly rateHz: number } {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length > MAX_BYTES) throw tooLong();
  if (
    bytes.length < 12 ||
    bytes.toString('latin1', 0, 4) !== 'RIFF' ||
    bytes.toString('latin1', 8, 12) !== 'WAVE'
  ) {
    throw new CorridorError('wav-invalid', 'This is not a WAV file. Convert it to WAV first.');
  }
  let format: Format | undefined;
  // A chunk is named by four letters, then its size; it is padded to an even length.
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const body = bytes.subarray(at + 8, Math.min(bytes.length, at + 8 + size));
    if (name === 'fmt ') format = readFormat(body);
    if (name === 'data') {
      if (!format) throw new CorridorError('wav-invalid', 'This WAV file is damaged: its format is missing.');
      return { samples: toMono(body, format), rateHz: format.rateHz };
    }
    at += 8 + size + (size % 2);
  }
  throw new CorridorError('wav-invalid', 'This WAV file is damaged: it holds no sound.');
}

/** Mono samples of 16 bits as a WAV file. */
export function writeWav(samples: Int16Array, rateHz = SAMPLE_RATE_HZ): Buffer {
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(FORMAT_PCM, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rateHz, 24);
  bytes.writeUInt32LE(rateHz * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.length * 2, 40);
  for (let i = 0; i < samples.length; i++) bytes.writeInt16LE(samples[i]!, 44 + i * 2);
  return bytes;
}

function readFormat(body: Buffer): Format {
  if (body.length < 16)
    throw new CorridorError('wav-invalid', 'This WAV file is damaged: its format is cut off.');
  const tag = body.readUInt16LE(0);
  // The extensible form names the true format in the first two bytes of a GUID.
  const kind = tag === FORMAT_EXTENSIBLE && body.length >= 26 ? body.readUInt16LE(24) : tag;
  const format: Format = {
    isFloat: kind === FORMAT_FLOAT,
    channels: body.readUInt16LE(2),
    rateHz: body.readUInt32LE(4),
    bits: body.readUInt16LE(14),
  };
  const widths = format.isFloat ? [32, 64] : [8, 16, 24, 32];
  const isKnown = (kind === FORMAT_PCM || kind === FORMAT_FLOAT) && widths.includes(format.bits);
  const isSane =
    format.channels >= 1 &&
    format.channels <= MAX_CHANNELS &&
    format.rateHz >= MIN_RATE_HZ &&
    format.rateHz <= MAX_RATE_HZ;
  if (!isKnown || !isSane) {
    throw new CorridorError(
      'wav-unsupported',
      'This kind of WAV file cannot be read. Save it as 16 bit PCM.',
    );
  }
  return format;
}

/** The mean of all channels, -1..1. */
function toMono(body: Buffer, { isFloat, channels, rateHz, bits }: Format): Float32Array {
  const width = bits / 8;
  const frames = Math.floor(body.length / (width * channels));
  if (frames > MAX_SECONDS * rateHz) throw tooLong();
  const read = sampleReader(body, isFloat, bits);
  const mono = new Float32Array(frames);
  for (let i = 0; i < frames; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += read((i * channels + channel) * width);
    const value = sum / channels;
    mono[i] = Number.isFinite(value) ? Math.min(1, Math.max(-1, value)) : 0;
  }
  return mono;
}

function sampleReader(body: Buffer, isFloat: boolean, bits: number): (at: number) => number {
  if (isFloat) return bits === 32 ? (at) => body.readFloatLE(at) : (at) => body.readDoubleLE(at);
  if (bits === 8) return (at) => (body.readUInt8(at) - 128) / 128;
  if (bits === 16) return (at) => body.readInt16LE(at) / 32768;
  if (bits === 24) return (at) => body.readIntLE(at, 3) / 8388608;
  return (at) => body.readInt32LE(at) / 2147483648;
}

function tooLong(): CorridorError {
  return new CorridorError('wav-too-long', 'This sound file is too long: a message has at most ten minutes.');
}
