import type { MessageId, NodeId } from '../model/index.ts';
import { viewOf } from './entry.ts';
import type { MessageFiles } from './message-files.ts';
import type { MessageIndex } from './message-index.ts';
import { hasEnded } from './ending.ts';
import { isReceivedByAll, type IsRemoved } from './receipts.ts';
import type { RetrievalNumbers } from './retrieval-number.ts';
import type { Totals } from './store-options.ts';
import { arrivalOf, isUnheard, type Entry, type StoredMessage } from './stored-message.ts';

/** Selects the messages for one recipient, with one role of this node, or in one state. */
export interface ListFilter {
  readonly for?: NodeId;
  readonly mine?: 'talker' | 'recipient';
  readonly state?: Entry['state'];
}

/** Finds messages, as they are at this moment, in memory alone. */
export class Lookup {
  readonly #index: MessageIndex;
  readonly #files: MessageFiles;
  readonly #numbers: RetrievalNumbers;

  constructor(index: MessageIndex, files: MessageFiles, numbers: RetrievalNumbers) {
    this.#index = index;
    this.#files = files;
    this.#numbers = numbers;
  }

  get(id: MessageId): StoredMessage | undefined {
    const entry = this.#index.get(id);
    return entry && this.view(entry);
  }

  byNumber(number: string): StoredMessage | undefined {
    const id = this.#numbers.find(number);
    const entry = id === undefined ? undefined : this.#index.get(id);
    return entry && isShown(entry) ? this.view(entry) : undefined;
  }

  list(filter: ListFilter): StoredMessage[] {
    return this.select(
      ({ header, roles, state }) =>
        (filter.for === undefined || header.facts.recipients.includes(filter.for)) &&
        (filter.mine === undefined || roles.mine === filter.mine) &&
        (filter.state === undefined || state === filter.state),
    );
  }

  shown(): StoredMessage[] {
    return this.select((entry) => entry.roles.mine !== undefined && isShown(entry));
  }

  unheard(): StoredMessage[] {
    return this.select((entry) => isUnheard(entry) && isShown(entry));
  }

  outbox(isOut: IsRemoved): StoredMessage[] {
    return this.select(
      (entry) => entry.roles.mine === 'talker' && !hasEnded(entry) && !isReceivedByAll(entry, isOut),
    );
  }

  totals(): Totals {
    const totals = { messages: 0, bytes: 0, keptForOthers: 0 };
    for (const entry of this.#index.entries()) {
      totals.bytes += entry.bytes;
      if (!isShown(entry)) continue;
      totals.messages++;
      if (entry.roles.mine === undefined) totals.keptForOthers++;
    }
    return totals;
  }

  /** The messages that match, in the order in which they came, oldest first. */
  select(wanted: (entry: Entry) => boolean): StoredMessage[] {
    const found: StoredMessage[] = [];
    for (const entry of this.#index.entries()) if (wanted(entry)) found.push(this.view(entry));
    return found.sort((a, b) => arrivalOf(a).place - arrivalOf(b).place);
  }

  view(entry: Entry): StoredMessage {
    const file = this.#files.get(entry.id);
    const isCounted = entry.state === 'complete' && entry.manifest;
    return viewOf(entry, isCounted ? isCounted.facts.count : (file?.table.held ?? 0));
  }
}

function isShown({ local }: Entry): boolean {
  return local.deletedAt === undefined;
}
