import type { LocalizedText } from '../../i18n/index.ts';
import type { Joined } from '../identity/index.ts';
import { CorridorError } from '../model/index.ts';

/** The outcome of an attempt to join: settled once, and never after the person stopped it. */
export class JoinOutcome {
  /** Resolves once the node is let in. Rejects with a CorridorError `join-refused` or `join-ended` that says why it is not. */
  readonly joined: Promise<Joined>;
  readonly #show: (why: LocalizedText | undefined) => void;
  #settle!: { readonly resolve: (joined: Joined) => void; readonly reject: (error: CorridorError) => void };
  #isOver = false;

  /** @param show shows why a place did not let this node in, while others are asked; undefined: nothing is wrong */
  constructor(show: (why: LocalizedText | undefined) => void) {
    this.#show = show;
    this.joined = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // A caller that has stopped waiting has told the person already, so the rejection is not unhandled.
    this.joined.catch(() => undefined);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  show(why: LocalizedText | undefined): void {
    if (!this.#isOver) this.#show(why);
  }

  succeed(joined: Joined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#settle.resolve(joined);
  }

  fail({ sentence, phrase }: LocalizedText): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#settle.reject(new CorridorError(phrase.code, sentence, { phrase }));
  }

  /** Ends the attempt: `joined` will not settle any more. */
  stop(): void {
    this.#isOver = true;
  }
}
