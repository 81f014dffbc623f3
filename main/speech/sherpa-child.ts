// The process in which sherpa-onnx runs, so that its crash ends nothing else: the library ends the process where it does not like a model.
import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import type { EngineAnswer, EngineRequest, EngineSetup } from './child-protocol.ts';

/** Silence after a stretch of sound, samples: a streaming model says the last word only after some more frames. */
const TAIL = new Float32Array(16_000);
const RATE_HZ = 16_000;

interface Stream {
  acceptWaveform(wave: { readonly samples: Float32Array; readonly sampleRate: number }): void;
  inputFinished(): void;
}
interface Recogniser {
  createStream(): Stream;
  decode(stream: Stream): void;
  getResult(stream: Stream): unknown;
}
interface StreamingRecogniser extends Recogniser {
  isReady(stream: Stream): boolean;
  getResult(stream: Stream): { readonly text: string };
  /** Whether a pause has followed what was said. */
  isEndpoint(stream: Stream): boolean;
  reset(stream: Stream): void;
}
interface Voice {
  generate(request: object): unknown;
}
/** The parts of sherpa-onnx-node that are used. */
interface Library {
  readonly OfflineRecognizer: new (config: unknown) => Recogniser;
  readonly OnlineRecognizer: new (config: unknown) => StreamingRecogniser;
  readonly OfflineTts: new (config: unknown) => Voice;
}
/** Electron's utility process has a port to its parent; a process of Node.js has a channel. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: EngineRequest }) => void): void;
  postMessage(message: EngineAnswer): void;
}

let hear: ((samples: Float32Array) => unknown) | undefined;
let listen: ((samples: Float32Array, isFirst: boolean, isLast: boolean) => unknown) | undefined;
let speak: ((text: string, speaker: number) => unknown) | undefined;

function open({ library, part, config, nice }: EngineSetup): true {
  setPriority(nice);
  const sherpa = createRequire(library)(library) as Library;
  if (part === 'hear') {
    const recogniser = new sherpa.OfflineRecognizer(config);
    hear = (samples) => {
      const stream = recogniser.createStream();
      stream.acceptWaveform({ samples, sampleRate: RATE_HZ });
      recogniser.decode(stream);
      return recogniser.getResult(stream);
    };
  } else if (part === 'hear-streaming') {
    const recogniser = new sherpa.OnlineRecognizer(config);
    hear = (samples) => {
      const stream = recogniser.createStream();
      stream.acceptWaveform({ samples, sampleRate: RATE_HZ });
      stream.acceptWaveform({ samples: TAIL, sampleRate: RATE_HZ });
      stream.inputFinished();
      while (recogniser.isReady(stream)) recogniser.decode(stream);
      return recogniser.getResult(stream);
    };
  } else if (part === 'listen') {
    listen = listening(new sherpa.OnlineRecognizer(config));
  } else {
    const voice = new sherpa.OfflineTts(config);
    // Electron allows no buffers of others' memory.
    speak = (text, sid) => voice.generate({ text, sid, speed: 1, enableExternalBuffer: false });
  }
  return true;
}

function listening(recogniser: StreamingRecogniser): NonNullable<typeof listen> {
  let stream = recogniser.createStream();
  return (samples, isFirst, isLast) => {
    if (isFirst) stream = recogniser.createStream();
    stream.acceptWaveform({ samples, sampleRate: RATE_HZ });
    if (isLast) {
      stream.acceptWaveform({ samples: TAIL, sampleRate: RATE_HZ });
      stream.inputFinished();
    }
    while (recogniser.isReady(stream)) recogniser.decode(stream);
    const { text } = recogniser.getResult(stream);
    const isWhole = isLast || recogniser.isEndpoint(stream);
    if (isWhole && !isLast) recogniser.reset(stream);
    return { text, isWhole };
  };
}

function answer(request: EngineRequest): EngineAnswer {
  try {
    switch (request.type) {
      case 'open':
        return { ok: true, value: open(request.setup) };
      case 'hear':
        return { ok: true, value: hear?.(request.samples) };
      case 'listen':
        return { ok: true, value: listen?.(request.samples, request.isFirst, request.isLast) };
      case 'speak':
        return { ok: true, value: speak?.(request.text, request.speaker) };
    }
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

const { parentPort } = process as unknown as { readonly parentPort?: ParentPort };
if (parentPort) {
  parentPort.on('message', ({ data }) => parentPort.postMessage(answer(data)));
} else {
  process.on('message', (request: EngineRequest) => process.send?.(answer(request)));
  process.on('disconnect', () => process.exit());
}
