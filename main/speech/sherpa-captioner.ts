import * as v from 'valibot';
import { captionOf } from './caption-line.ts';
import { listenedSchema, type EngineRequest } from './child-protocol.ts';
import { engineGarbage } from './engine-errors.ts';
import { EngineProcess, SHERPA } from './engine-process.ts';
import { LiveSpeechRate } from './live-speech-rate.ts';
import { listeningIn } from './sherpa-setup.ts';
import { floatsOf } from './sixteen-kilohertz.ts';
import type { CaptionListener, Captioner, LiveSpeech } from './speech.ts';
import type { StartChild } from './start-child.ts';
import { WaitingSpeech } from './waiting-speech.ts';

/** For five seconds of sound at most: a model that needs longer than that is of no use. */
const LIMIT_MS = 30_000;

/** One stretch of what is spoken. */
type Listened = Omit<Extract<EngineRequest, { type: 'listen' }>, 'type'>;
/** Has the model listen, once it is loaded. */
type Ask = (request: Listened, signal: AbortSignal) => Promise<unknown>;

/** A folder of the person's with a model that sherpa-onnx hears by while somebody speaks: a streaming Zipformer. */
export class SherpaCaptioner implements Captioner {
  readonly #folder: string;
  readonly #process: EngineProcess;
  #closing = new AbortController();

  constructor(folder: string, start: StartChild, idleMs?: number) {
    this.#folder = folder;
    this.#process = new EngineProcess(start, 'background', idleMs);
  }

  listen(listener: CaptionListener): LiveSpeech {
    const setup = listeningIn(this.#folder);
    // Whoever asks is told.
    setup.catch(() => undefined);
    const ask: Ask = async (request, signal) =>
      this.#process.ask(await setup, { type: 'listen', ...request }, LIMIT_MS, signal);
    return new SpokenToModel(ask, listener, this.#closing.signal);
  }

  close(): void {
    this.#closing.abort(new DOMException('The captions are closed.', 'AbortError'));
    this.#closing = new AbortController();
    this.#process.close();
  }
}

class SpokenToModel implements LiveSpeech {
  readonly #ask: Ask;
  readonly #listener: CaptionListener;
  readonly #signal: AbortSignal;
  readonly #rate = new LiveSpeechRate();
  readonly #waiting = new WaitingSpeech();
  #isFirst = true;
  #isAsking = false;
  #hasEnded = false;
  #isOver = false;

  constructor(ask: Ask, listener: CaptionListener, signal: AbortSignal) {
    this.#ask = ask;
    this.#listener = listener;
    this.#signal = signal;
  }

  put(pcm: Int16Array): void {
    if (this.#hasEnded || this.#isOver) return;
    this.#waiting.put(this.#rate.put(pcm));
    void this.#work();
  }

  end(): void {
    if (this.#hasEnded || this.#isOver) return;
    this.#hasEnded = true;
    void this.#work();
  }

  abort(): void {
    this.#isOver = true;
  }

  get #hasWork(): boolean {
    return !this.#isOver && (this.#hasEnded || !this.#waiting.isEmpty);
  }

  /** One stretch after the other. What comes meanwhile is the next one. */
  async #work(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      while (this.#hasWork) await this.#next();
    } catch (error) {
      // Who closed it wants to hear no more of it.
      if (this.#signal.aborted) this.abort();
      else this.#finish(error);
    }
    this.#isAsking = false;
  }

  async #next(): Promise<void> {
    const isLast = this.#hasEnded;
    const samples = floatsOf(this.#waiting.take());
    const request = { samples, isFirst: this.#isFirst, isLast };
    this.#isFirst = false;
    const answer = v.safeParse(listenedSchema, await this.#ask(request, this.#signal));
    if (!answer.success) throw engineGarbage(SHERPA);
    if (this.#isOver) return;
    const said = captionOf(answer.output.text, answer.output.isWhole);
    if (said?.isWhole) this.#listener.onPhrase(said.text);
    else if (said) this.#listener.onPartial(said.text);
    if (isLast) this.#finish();
  }

  #finish(error?: unknown): void {
    if (this.#isOver) return;
    this.abort();
    this.#listener.onEnd(error);
  }
}
