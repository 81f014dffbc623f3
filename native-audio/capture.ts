import { FRAME_MS, type FrameSink } from './frame.ts';

export interface CaptureOptions {
  /** How much of the pre-roll comes first, ms; at most as much as is held. */
  readonly prerollMs?: number;
  /** Called once, when the first frame has come. */
  readonly onStarted?: () => void;
}

/** The device's frames measure the tail. If the device dies meanwhile, the capture ends this much after the tail. */
const GRACE_MS = 200;

/** One use of the microphone, from key down to the end of the tail. */
export class Capture {
  readonly #onFrame: FrameSink;
  readonly #options: CaptureOptions;
  readonly #onEnd: () => void;
  #framesLeft = Infinity;
  #hasStarted = false;
  #hasEnded = false;
  #timer: NodeJS.Timeout | undefined;
  #resolve: (() => void) | undefined;
  #stopped: Promise<void> | undefined;

  constructor(onFrame: FrameSink, options: CaptureOptions, onEnd: () => void) {
    this.#onFrame = onFrame;
    this.#options = options;
    this.#onEnd = onEnd;
  }

  /** A frame from the microphone. */
  push(frame: Int16Array): void {
    if (this.#hasEnded) return;
    this.#onFrame(frame);
    if (!this.#hasStarted) {
      this.#hasStarted = true;
      this.#options.onStarted?.();
    }
    if (--this.#framesLeft <= 0) this.end();
  }

  /** Hands on frames for `tailMs` more, so that the last word is whole. Resolves after the last frame. */
  stop(tailMs = 0): Promise<void> {
    if (this.#stopped) return this.#stopped;
    this.#stopped = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#framesLeft = Math.ceil(tailMs / FRAME_MS);
    if (this.#framesLeft === 0 || this.#hasEnded) this.end();
    else this.#timer = setTimeout(() => this.end(), tailMs + GRACE_MS);
    return this.#stopped;
  }

  /** Ends at once. */
  end(): void {
    clearTimeout(this.#timer);
    if (!this.#hasEnded) {
      this.#hasEnded = true;
      this.#onEnd();
    }
    this.#resolve?.();
  }
}
