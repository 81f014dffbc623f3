import { CorridorError, FRAME_MS, MAX_FRAGMENTS } from '../main/model/index.ts';
import { SAMPLE_RATE_HZ } from './frame.ts';
import { resample, resampleInTurns } from './resample.ts';

const MAX_BYTES = 512 * 1024 * 1024;
/** The longest message. */
const MAX_SECONDS = (MAX_FRAGMENTS * FRAME_MS) / 1000;
/** What a program that writes to a pipe says, since it does not know the length: the sound goes on to the end. */
const UNKNOWN_SIZES: readonly number[] = [0, 0xffffffff];
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
  /** The bytes of a sample, which may be more than its bits need. */
  readonly width: number;
}

/**
 * Reads a WAV file (RIFF; PCM of 8 to 32 bits, or float of 32 or 64; any rate and number of channels) as
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
      const samples = toMono(UNKNOWN_SIZES.includes(size) ? bytes.subarray(at + 8) : body, format);
      if (samples.length === 0) break;
      return { samples, rateHz: format.rateHz };
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
  const channels = body.readUInt16LE(2);
  const bits = body.readUInt16LE(14);
  const isFloat = kind === FORMAT_FLOAT;
  // Some programs leave the bytes of a frame out.
  const given = body.readUInt16LE(12) / channels;
  const width = Number.isInteger(given) && given * 8 >= bits ? given : Math.ceil(bits / 8);
  const format: Format = { isFloat, channels, rateHz: body.readUInt32LE(4), bits, width };
  const isKnown = isFloat
    ? width * 8 === bits && [32, 64].includes(bits)
    : kind === FORMAT_PCM && bits >= 8 && width <= 4 && (width > 1 || bits === 8);
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
function toMono(body: Buffer, format: Format): Float32Array {
  const { channels, rateHz, width } = format;
  const frames = Math.floor(body.length / (width * channels));
  if (frames > MAX_SECONDS * rateHz) throw tooLong();
  const read = sampleReader(body, format);
  const mono = new Float32Array(frames);
  for (let i = 0; i < frames; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += read((i * channels + channel) * width);
    const value = sum / channels;
    mono[i] = Number.isFinite(value) ? Math.min(1, Math.max(-1, value)) : 0;
  }
  return mono;
}

function sampleReader(body: Buffer, { isFloat, bits, width }: Format): (at: number) => number {
  if (isFloat) return bits === 32 ? (at) => body.readFloatLE(at) : (at) => body.readDoubleLE(at);
  if (width === 1) return (at) => (body.readUInt8(at) - 128) / 128;
  const scale = 2 ** ((isAtBottom(body, bits, width) ? bits : width * 8) - 1);
  return (at) => body.readIntLE(at, width) / scale;
}

/** Samples of fewer bits than their bytes have are at the top, above zeros, as the format says; some programs put them at the bottom. */
function isAtBottom(body: Buffer, bits: number, width: number): boolean {
  const unused = 2 ** (width * 8 - bits) - 1;
  if (unused === 0) return false;
  for (let at = 0; at + width <= body.length; at += width)
    if ((body.readIntLE(at, width) & unused) !== 0) return true;
  return false;
}

function tooLong(): CorridorError {
  return new CorridorError('wav-too-long', 'This sound file is too long: a message has at most ten minutes.');
}
