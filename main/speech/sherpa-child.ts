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
  isReady(stream: Stream): boolean;
  decode(stream: Stream): void;
  getResult(stream: Stream): unknown;
}
interface Voice {
  generate(request: object): unknown;
}
/** The parts of sherpa-onnx-node that are used. */
interface Library {
  readonly OfflineRecognizer: new (config: unknown) => Recogniser;
  readonly OnlineRecognizer: new (config: unknown) => Recogniser;
  readonly OfflineTts: new (config: unknown) => Voice;
}
/** Electron's utility process has a port to its parent; a process of Node.js has a channel. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: EngineRequest }) => void): void;
  postMessage(message: EngineAnswer): void;
}

let hear: ((samples: Float32Array) => unknown) | undefined;
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
  } else {
    const voice = new sherpa.OfflineTts(config);
    // Electron allows no buffers of others' memory.
    speak = (text, sid) => voice.generate({ text, sid, speed: 1, enableExternalBuffer: false });
  }
  return true;
}

function answer(request: EngineRequest): EngineAnswer {
  try {
    switch (request.type) {
      case 'open':
        return { ok: true, value: open(request.setup) };
      case 'hear':
        return { ok: true, value: hear?.(request.samples) };
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
