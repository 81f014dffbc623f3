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
  const waiting: Int16Array[] = [];
  socket.bind(Number(port), '127.0.0.1');
  socket.on('message', (bytes) => {
    waiting.push(new Int16Array(new Uint8Array(bytes).buffer));
    // Two frames wait at most: a burst must not become delay for ever.
    while (waiting.length > 2) waiting.shift();
  });
  const speaker = new SpeakerStream(
    audio,
    (frame) => {
      const next = waiting.shift();
      if (next) frame.set(next);
      else frame.fill(0);
      return true;
    },
    () => undefined,
  );
  speaker.open();
}
