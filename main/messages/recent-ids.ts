import { NewestSet, type MessageId } from '../model/index.ts';

/** How many are remembered; the oldest is forgotten first. */
const MAX_IDS = 1000;

/** The ids of messages for which something was done that is to be done once. */
export class RecentIds {
  readonly #ids = new NewestSet<MessageId>(MAX_IDS);

  has(id: MessageId): boolean {
    return this.#ids.has(id);
  }

  /** False: it was added before. */
  add(id: MessageId): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    return true;
  }
}
