import type { MessageSummary, NodeApi } from '../preload/api.ts';

/** The deleted messages that the person can still restore. */
export class UndoState {
  deleted = $state.raw<readonly MessageSummary[]>([]);
  readonly #api: NodeApi;
  readonly #try: (work: () => Promise<unknown>) => Promise<boolean>;

  constructor(api: NodeApi, attempt: (work: () => Promise<unknown>) => Promise<boolean>) {
    this.#api = api;
    this.#try = attempt;
  }

  /** Deletes it; for `undoMs` it can be undone. */
  async delete(message: MessageSummary, undoMs: number): Promise<void> {
    const done = await this.#try(() => this.#api.call('deleteMessage', { id: message.id }));
    if (!done) return;
    this.deleted = [...this.deleted, message];
    setTimeout(() => (this.deleted = this.deleted.filter((one) => one !== message)), undoMs);
  }

  /** Restores all messages that still can be. */
  async undo(): Promise<void> {
    const back = this.deleted;
    this.deleted = [];
    await this.#try(async () => {
      for (const { id } of back) await this.#api.call('restoreMessage', { id });
    });
  }
}
