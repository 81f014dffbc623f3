import type { Arguments, NodeApi } from '../preload/api.ts';

type Address = () => Arguments<'talkPress'>;

/** Whom words go to, asked for when they are sent: as a message, as a page, or as either. */
interface TypedFor {
  readonly message?: Address;
  readonly page?: Address;
  /** Their name; null: everybody. */
  readonly name: string | null;
}

/** What the person types instead of saying it. */
export class TypingState {
  readonly #api: NodeApi;
  readonly #send: (to: Arguments<'talkPress'>, text: string) => Promise<boolean>;
  /** null: nothing is being typed. */
  to = $state.raw<TypedFor | null>(null);
  text = $state('');
  /** It goes as a page, which is heard at once. */
  isPage = $state(false);
  /** Whether a voice of this computer speaks it; null: not known yet. */
  isSpoken = $state<boolean | null>(null);
  isSending = $state(false);

  /** @param send sends the words; true: they are sent. It shows why they are not. */
  constructor(api: NodeApi, send: (to: Arguments<'talkPress'>, text: string) => Promise<boolean>) {
    this.#api = api;
    this.#send = send;
  }

  open(to: TypedFor): void {
    this.to = to;
    this.isPage = to.message === undefined;
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
    const to = this.isPage ? this.to?.page : this.to?.message;
    if (!to || this.isSending || text.trim() === '') return;
    this.isSending = true;
    const isSent = await this.#send(to(), text);
    this.isSending = false;
    if (isSent) this.close();
  }
}
