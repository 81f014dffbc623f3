import { NewestSet, type MessageId } from '../model/index.ts';

/** So many are remembered; the oldest is forgotten first. */
const MAX_IDS = 1000;

/** Messages to which something happened here that is to happen once. */
export class RecentIds {
  readonly #ids = new NewestSet<MessageId>(MAX_IDS);

  has(id: MessageId): boolean {
    return this.#ids.has(id);
  }

  /** False: it is there already. */
  add(id: MessageId): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    return true;
  }
}
