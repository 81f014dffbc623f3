import type { LocalizedText } from '../../i18n/index.ts';
import type { Joined } from '../identity/index.ts';
import { CorridorError } from '../model/index.ts';

/** What comes of an attempt to be let in: once, and not after the person stopped it. */
export class JoinOutcome {
  /** Resolves once the node is let in. Rejects with a CorridorError `join-refused` or `join-ended` that says why it is not. */
  readonly joined: Promise<Joined>;
  readonly #show: (why: LocalizedText | undefined) => void;
  #settle!: { readonly resolve: (joined: Joined) => void; readonly reject: (error: CorridorError) => void };
  #isOver = false;

  /** @param show is given why one place did not help, while others are asked; undefined: one helps */
  constructor(show: (why: LocalizedText | undefined) => void) {
    this.#show = show;
    this.joined = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Whoever gave up on it has told the person already.
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

  /** Nothing comes of it any more. */
  stop(): void {
    this.#isOver = true;
  }
}
