/** A step that the microphone's frames go through: 480 samples in, 480 out, which are valid until the next call. */
export interface FrameStage {
  process(frame: Int16Array): Int16Array;
}

/**
 * A step whose library is loaded when it is first wanted. Until it is there, and where loading fails, frames pass unchanged:
 * nobody waits for it.
 */
export class LoadedStage<Stage extends FrameStage> implements FrameStage {
  readonly #create: () => Promise<Stage>;
  readonly #tell: (failure: string | null) => void;
  #stage: Stage | undefined;
  /** Counts creations: the result of an earlier one is not wanted any more. */
  #creating: object | undefined;

  /** `tell`: why it does not work, or null once it does. */
  constructor(create: () => Promise<Stage>, tell: (failure: string | null) => void) {
    this.#create = create;
    this.#tell = tell;
  }

  /** Makes it, unless it is there or on its way. */
  start(): void {
    if (this.#stage || this.#creating) return;
    const creating = {};
    this.#creating = creating;
    this.#create().then(
      (stage) => {
        if (this.#creating !== creating) return;
        this.#creating = undefined;
        this.#stage = stage;
        this.#tell(null);
      },
      (error: unknown) => {
        if (this.#creating === creating) this.#fail(error);
      },
    );
  }

  /** Frees it, with everything that it has learned. */
  stop(): void {
    this.#stage = undefined;
    this.#creating = undefined;
  }

  /** Does something with it, if it is there. A step that throws is not used again before the next `start`. */
  use<T>(act: (stage: Stage) => T): T | undefined {
    if (!this.#stage) return undefined;
    try {
      return act(this.#stage);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  process(frame: Int16Array): Int16Array {
    return this.use((stage) => stage.process(frame)) ?? frame;
  }

  #fail(error: unknown): void {
    this.stop();
    this.#tell(error instanceof Error ? error.message.split('\n')[0]! : String(error));
  }
}
