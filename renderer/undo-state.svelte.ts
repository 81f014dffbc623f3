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
    setTimeout(() => this.#forget(message), undoMs);
  }

  /** Restores all messages that still can be. One that the node could not restore can be tried again. */
  async undo(): Promise<void> {
    const back = this.deleted;
    await this.#try(async () => {
      for (const message of back) {
        await this.#api.call('restoreMessage', { id: message.id });
        this.#forget(message);
      }
    });
  }

  #forget(message: MessageSummary): void {
    this.deleted = this.deleted.filter((one) => one !== message);
  }
}
