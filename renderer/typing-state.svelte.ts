import type { Arguments, NodeApi } from '../preload/api.ts';

/** Whom typed words go to; no fields: to whom the talk key reaches. */
export type TypedTo = Omit<Arguments<'talkText'>, 'text' | 'language'>;

/** What the person types instead of saying it. */
export class TypingState {
  readonly #api: NodeApi;
  readonly #attempt: (work: () => Promise<unknown>) => Promise<boolean>;
  /** null: nothing is being typed. */
  to = $state.raw<TypedTo | null>(null);
  /** Their name; null: it is whom the talk key reaches. */
  name = $state<string | null>(null);
  text = $state('');
  /** Whether a voice of this computer speaks it; null: not known yet. */
  isSpoken = $state<boolean | null>(null);
  isSending = $state(false);

  constructor(api: NodeApi, attempt: (work: () => Promise<unknown>) => Promise<boolean>) {
    this.#api = api;
    this.#attempt = attempt;
  }

  open(to: TypedTo = {}, name: string | null = null): void {
    this.to = to;
    this.name = name;
    void this.#api
      .call('voices')
      .then(({ voices }) => (this.isSpoken = voices.length > 0))
      .catch(() => undefined);
  }

  close(): void {
    this.to = null;
    this.text = '';
  }

  /** Sends what was typed, or a preset. What was typed stays where it cannot be sent. */
  async send(text = this.text): Promise<boolean> {
    const { to } = this;
    if (!to || this.isSending || text.trim() === '') return false;
    this.isSending = true;
    const isSent = await this.#attempt(() => this.#api.call('talkText', { ...to, text }));
    this.isSending = false;
    if (isSent) this.close();
    return isSent;
  }
}
