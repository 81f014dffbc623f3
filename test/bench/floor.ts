import { createSocket } from 'node:dgram';
import { MicrophoneStream, PortAudio, SpeakerStream, silenceNativeOutput } from '../../native-audio/index.ts';

/**
 * Run as a process of its own: microphone → UDP → loudspeaker with 10 ms buffers and nothing else, the least delay that
 * these devices allow. `floor.ts send PORT` or `floor.ts play PORT`.
 */
silenceNativeOutput();
const [, , role, port] = process.argv;
const audio = new PortAudio();
const socket = createSocket('udp4');

if (role === 'send') {
  const microphone = new MicrophoneStream(
    audio,
    (frame) =>
      socket.send(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength), Number(port), '127.0.0.1'),
    () => undefined,
  );
  microphone.open();
} else {
  /** 20 ms at most wait: a burst must not become delay for ever. */
  const waiting = new Int16Array(960);
  let held = 0;
  socket.bind(Number(port), '127.0.0.1');
  socket.on('message', (bytes) => {
    const frame = new Int16Array(new Uint8Array(bytes).buffer);
    const drop = Math.max(0, held + frame.length - waiting.length);
    waiting.copyWithin(0, drop, held);
    held -= drop;
    waiting.set(frame, held);
    held += frame.length;
  });
  const speaker = new SpeakerStream(
    audio,
    {
      fill: (part) => {
        const taken = Math.min(held, part.length);
        part.fill(0);
        part.set(waiting.subarray(0, taken));
        waiting.copyWithin(0, taken, held);
        held -= taken;
        return true;
      },
      decided: 0,
    },
    () => undefined,
  );
  speaker.open();
}
