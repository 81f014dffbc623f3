import type { MessageId, NodeId } from '../model/index.ts';
import { viewOf } from './entry.ts';
import type { MessageFiles } from './message-files.ts';
import type { MessageIndex } from './message-index.ts';
import { hasEnded } from './ending.ts';
import type { Reference, SetName } from './message-sets.ts';
import { compareIds } from './ordered-entries.ts';
import { isReceivedByAll, type IsRemoved } from './receipts.ts';
import type { RetrievalNumbers } from './retrieval-number.ts';
import type { Totals } from './store-options.ts';
import { arrivalOf, type Entry, type StoredMessage } from './stored-message.ts';

/** Selects the messages for one recipient, with one role of this node, or in one state. */
export interface ListFilter {
  readonly for?: NodeId;
  readonly mine?: 'talker' | 'recipient';
  readonly state?: Entry['state'];
}

/** Where a message stands among those that came: its `arrived.place` and, where two have the same, its id. */
export interface Place {
  readonly place: number;
  readonly id: MessageId;
}

export type IsWanted = (message: Pick<StoredMessage, 'header' | 'roles'>) => boolean;

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
    return entry && entry.local.deletedAt === undefined ? this.view(entry) : undefined;
  }

  /** Looks at every message that is kept. */
  list(filter: ListFilter): StoredMessage[] {
    const found: Entry[] = [];
    for (const entry of this.#index.entries()) if (matches(entry, filter)) found.push(entry);
    return this.#inOrder(found);
  }

  /** The messages of a set. */
  those(name: SetName): StoredMessage[] {
    return this.#inOrder(this.#index.sets.of(name));
  }

  count(name: SetName): number {
    return this.#index.sets.of(name).size;
  }

  awaitedBy(node: NodeId): StoredMessage[] {
    return this.#inOrder(this.#index.sets.awaitedBy(node));
  }

  naming(id: MessageId, as: Reference): StoredMessage[] {
    return this.#inOrder(this.#index.sets.naming(id, as));
  }

  shown(): StoredMessage[] {
    return [...this.#index.sets.shown.forth()].map((entry) => this.view(entry));
  }

  *newest(before?: Place, isWanted: IsWanted = () => true): IterableIterator<StoredMessage> {
    const position = before && { key: before.place, id: before.id };
    for (const entry of this.#index.sets.shown.back(position)) if (isWanted(entry)) yield this.view(entry);
  }

  *heardLast(): IterableIterator<StoredMessage> {
    for (const entry of this.#index.sets.heard.back()) yield this.view(entry);
  }

  outbox(isOut: IsRemoved): StoredMessage[] {
    const awaited = [...this.#index.sets.of('awaited')];
    return this.#inOrder(
      awaited.filter(
        (entry) => entry.roles.mine === 'talker' && !hasEnded(entry) && !isReceivedByAll(entry, isOut),
      ),
    );
  }

  totals(): Totals {
    return this.#index.sets.totals();
  }

  view(entry: Entry): StoredMessage {
    const file = this.#files.get(entry.id);
    const isCounted = entry.state === 'complete' && entry.manifest;
    return viewOf(entry, isCounted ? isCounted.facts.count : (file?.table.held ?? 0));
  }

  /** In the order in which they came, oldest first. */
  #inOrder(entries: Iterable<Entry>): StoredMessage[] {
    const placed = [...entries].map((entry) => ({ entry, place: arrivalOf(entry).place }));
    placed.sort((a, b) => a.place - b.place || compareIds(a.entry.id, b.entry.id));
    return placed.map(({ entry }) => this.view(entry));
  }
}

function matches({ header, roles, state }: Entry, filter: ListFilter): boolean {
  return (
    (filter.for === undefined || header.facts.recipients.includes(filter.for)) &&
    (filter.mine === undefined || roles.mine === filter.mine) &&
    (filter.state === undefined || state === filter.state)
  );
}
