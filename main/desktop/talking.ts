import type { Arguments, NodeApi, TalkStatus } from '../../preload/api.ts';
import { TalkSwitch, type TalkOutput, type TalkTarget } from './talk-switch.ts';

export interface TalkingOptions {
  readonly api: Pick<NodeApi, 'call'>;
  /** A talk could not begin. */
  readonly failed: (error: unknown) => void;
  readonly log: (line: string) => void;
}

/** What keys, tray and notifications talk by: they begin and end talks of the node, in the order of the hand. */
export class Talking {
  readonly #options: TalkingOptions;
  readonly #switch = new TalkSwitch();
  #calls: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  /** The talk that was begun here last, once the node named it, and the one that goes on now. */
  #begun: { id?: string } = {};
  #current: string | undefined;

  constructor(options: TalkingOptions) {
    this.#options = options;
  }

  /** Keys are pressed once to begin and once to end. */
  set latches(latches: boolean) {
    this.#switch.latches = latches;
  }

  press(target: TalkTarget): void {
    this.#put(this.#switch.press(target, performance.now()));
  }

  release(target: TalkTarget): void {
    this.#put(this.#switch.release(target));
  }

  /** Begins, or ends what goes on; whether it began. */
  toggle(target: TalkTarget): boolean {
    const outputs = this.#switch.toggle(target, performance.now());
    this.#put(outputs);
    return outputs.some(({ type }) => type === 'begin');
  }

  /** Ends whatever goes on, also what was begun elsewhere. */
  stop(): void {
    const outputs = this.#switch.giveUp();
    if (outputs.length === 0 && this.#current !== undefined) this.#release();
    this.#put(outputs);
  }

  /** What the node tells about talking. */
  on(talk: TalkStatus | null): void {
    if (talk) {
      this.#current = talk.id;
      return;
    }
    if (this.#current !== undefined && this.#current === this.#begun.id) this.#ended();
    this.#current = undefined;
  }

  #put(outputs: readonly TalkOutput[]): void {
    for (const output of outputs) {
      if (output.type === 'begin') this.#press(output.target);
      else this.#release();
    }
    this.#arm();
  }

  #press(target: TalkTarget): void {
    const begun: { id?: string } = (this.#begun = {});
    this.#calls = this.#calls
      .then(() => this.#options.api.call('talkPress', argumentsOf(target)))
      .then(
        ({ id }) => (begun.id = id),
        (error: unknown) => {
          if (this.#begun === begun) this.#ended();
          this.#options.failed(error);
        },
      );
  }

  #release(): void {
    this.#calls = this.#calls
      .then(() => this.#options.api.call('talkRelease'))
      .catch((error: unknown) => this.#options.log(`talkRelease: ${String(error)}`));
  }

  #ended(): void {
    this.#switch.ended();
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const { nextAt } = this.#switch;
    if (nextAt === null) return;
    const wait = Math.max(1, Math.ceil(nextAt - performance.now()));
    this.#timer = setTimeout(() => this.#put(this.#switch.tick(performance.now())), wait);
    this.#timer.unref();
  }
}

function argumentsOf(target: TalkTarget): Arguments<'talkPress'> {
  if (target.kind === 'person') return { dial: target.extension };
  return target.kind === 'reply' ? { reply: target.message ?? 'last' } : {};
}
