import { muxOggOpus, OpusDecoder, writeWav } from '../../native-audio/index.ts';
import { FRAME_MS, FRAME_SAMPLES, MAX_FRAGMENTS } from '../model/index.ts';
import type { WorkerCommand, WorkerEvent } from './protocol.ts';
import { SrtpReceiver } from './srtp.ts';

/** An Opus packet that says "10 ms were lost": a table of contents (RFC 6716 §3.1) without a frame behind it. */
const LOST = Uint8Array.of(0x60);
/** After this many frames the other work of this thread has its turn. */
const FRAMES_AT_ONCE = 50;

export interface Rendered {
  readonly bytes: Uint8Array;
  readonly durationMs: number;
}

/** Opens a whole message, and makes it a file or sound. Missing fragments are concealed. @throws RangeError beyond the longest message */
export async function render(command: Extract<WorkerCommand, { type: 'render' }>): Promise<Rendered> {
  const { count, format } = command;
  if (count < 0 || count > MAX_FRAGMENTS) throw new RangeError(`a message cannot have ${count} fragments`);
  const receiver = new SrtpReceiver(command.key, command.ssrc);
  const packets = new Array<Uint8Array | undefined>(count).fill(undefined);
  for (const [i, { n, bytes }] of command.fragments.entries()) {
    if (n < count) packets[n] = receiver.openAt(n, bytes);
    if (i % FRAMES_AT_ONCE === 0) await nextTurn();
  }
  const durationMs = count * FRAME_MS;
  const tags = command.words === undefined ? {} : { lyrics: command.words };
  if (format === 'ogg')
    return {
      bytes: muxOggOpus(
        packets.map((packet) => packet ?? LOST),
        tags,
      ),
      durationMs,
    };
  const pcm = await decode(packets);
  return { bytes: format === 'wav' ? writeWav(pcm) : new Uint8Array(pcm.buffer), durationMs };
}

async function decode(packets: readonly (Uint8Array | undefined)[]): Promise<Int16Array> {
  const decoder = await OpusDecoder.create();
  try {
    const samples = new Int16Array(packets.length * FRAME_SAMPLES);
    for (const [n, packet] of packets.entries()) {
      const next = packets[n + 1];
      const frame = packet ? decoder.decode(packet) : next ? decoder.decodeFec(next) : decoder.conceal();
      samples.set(frame, n * FRAME_SAMPLES);
      if (n % FRAMES_AT_ONCE === 0) await nextTurn();
    }
    return samples;
  } finally {
    decoder.free();
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The answer to `render`. Where a message cannot be made into a file, the answer says so. */
export async function rendered(command: Extract<WorkerCommand, { type: 'render' }>): Promise<WorkerEvent> {
  const { request } = command;
  try {
    return { type: 'rendered', request, ...(await render(command)) };
  } catch {
    return { type: 'render-failed', request, sentence: 'This message cannot be made into a file.' };
  }
}
