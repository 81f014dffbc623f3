import type { Arguments, NodeApi } from '../preload/api.ts';

/** What the person types instead of saying it. */
export class TypingState {
  readonly #api: NodeApi;
  readonly #attempt: (work: () => Promise<unknown>) => Promise<boolean>;
  /** Whom the words go to, asked for when they are sent; null: nothing is being typed. */
  to = $state.raw<(() => Arguments<'talkPress'>) | null>(null);
  /** Their name. */
  name = $state('');
  text = $state('');
  /** Whether a voice of this computer speaks it; null: not known yet. */
  isSpoken = $state<boolean | null>(null);
  isSending = $state(false);

  constructor(api: NodeApi, attempt: (work: () => Promise<unknown>) => Promise<boolean>) {
    this.#api = api;
    this.#attempt = attempt;
  }

  open(to: () => Arguments<'talkPress'>, name: string): void {
    this.to = to;
    this.name = name;
    void this.look();
  }

  /** Asks whether a voice speaks what is typed now: that depends on its language. */
  async look(): Promise<void> {
    const { text } = this;
    const found = await this.#api.call('textPreview', { text }).catch(() => undefined);
    if (found && text === this.text) this.isSpoken = found.isSpoken;
  }

  close(): void {
    this.to = null;
    this.text = '';
  }

  /** Sends what was typed, or a preset. What was typed stays where it cannot be sent. */
  async send(text = this.text): Promise<void> {
    const { to } = this;
    if (!to || this.isSending || text.trim() === '') return;
    this.isSending = true;
    const isSent = await this.#attempt(() => this.#api.call('talkText', { ...to(), text }));
    this.isSending = false;
    if (isSent) this.close();
  }
}
