import type { Arguments, NodeApi, TalkStatus } from '../../preload/api.ts';
import { TalkSwitch, type TalkOutput, type TalkTarget } from './talk-switch.ts';

interface TalkControllerOptions {
  readonly api: Pick<NodeApi, 'call'>;
  /** A talk did not begin. */
  readonly failed: (error: unknown) => void;
  readonly log: (line: string) => void;
}

/** Begins and ends the node's talks for keys, tray and notifications, in the order in which the person acts. */
export class TalkController {
  readonly #options: TalkControllerOptions;
  readonly #switch = new TalkSwitch();
  #calls: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  /** The last talk that began here, with its id once the node has answered, and the id of the current talk. */
  #begun: { id?: string } = {};
  #current: string | undefined;

  constructor(options: TalkControllerOptions) {
    this.#options = options;
  }

  /** One press of a key begins a talk and the next ends it. */
  set latches(latches: boolean) {
    this.#switch.latches = latches;
  }

  press(target: TalkTarget): void {
    this.#put(this.#switch.press(target, performance.now()));
  }

  release(target: TalkTarget): void {
    this.#put(this.#switch.release(target));
  }

  /** Begins a talk or ends the current one. Returns whether one began. */
  toggle(target: TalkTarget): boolean {
    const outputs = this.#switch.toggle(target, performance.now());
    this.#put(outputs);
    return outputs.some(({ type }) => type === 'begin');
  }

  /** Ends the current talk, also one that began in the panel or on the command line. */
  stop(): void {
    const outputs = this.#switch.giveUp();
    if (outputs.length === 0 && this.#current !== undefined) this.#release();
    this.#put(outputs);
  }

  /** Follows the node's `talk` events. */
  on(talk: TalkStatus | null): void {
    if (talk) {
      this.#current = talk.pressed;
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
    const { isHeld } = this.#switch;
    this.#calls = this.#calls
      .then(() => this.#options.api.call('talkPress', { ...argumentsOf(target), ...(isHeld && { isHeld }) }))
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
  if (target.kind === 'person' && target.group !== undefined) return { group: target.group };
  if (target.kind === 'person') return { dial: target.extension, person: target.person };
  if (target.kind === 'page') return { page: {} };
  return target.kind === 'reply' ? { reply: target.message ?? 'last' } : {};
}
