import type { MessageId, NodeId } from '../model/index.ts';
import type { IsWanted, ListFilter, Lookup, Place } from './lookup.ts';
import type { Reference, SetName } from './message-sets.ts';
import { EVERYBODY, type IsRemoved } from './receipts.ts';
import type { Totals } from './store-options.ts';
import type { StoredMessage } from './stored-message.ts';

/** What of a store is only read, in memory. What names no order comes in the order in which messages came, oldest first. */
export abstract class KeptMessages {
  protected abstract readonly lookup: Lookup;

  get(id: MessageId): StoredMessage | undefined {
    return this.lookup.get(id);
  }

  findByNumber(number: string): StoredMessage | undefined {
    return this.lookup.byNumber(number);
  }

  /** All messages, or those that match. It looks at every one: for what happens at a start, or in no hour of most days. */
  list(filter: ListFilter = {}): StoredMessage[] {
    return this.lookup.list(filter);
  }

  /** The messages of a set that is kept up to date: an answer costs as much as what is in it. */
  those(name: SetName): StoredMessage[] {
    return this.lookup.those(name);
  }

  count(name: SetName): number {
    return this.lookup.count(name);
  }

  /** The messages that this recipient has not got, as far as its receipts tell here. */
  awaitedBy(node: NodeId): StoredMessage[] {
    return this.lookup.awaitedBy(node);
  }

  /** The messages whose headers name that one as sealed again, or handed on. */
  naming(id: MessageId, as: Reference): StoredMessage[] {
    return this.lookup.naming(id, as);
  }

  /** The messages to show: spoken here or for this node's person, and not deleted. */
  shown(): StoredMessage[] {
    return this.lookup.shown();
  }

  /**
   * The messages to show that are wanted, the newest first, of those before a place if one is given. They are looked up as they are taken:
   * to be taken at once.
   */
  newest(before?: Place, isWanted?: IsWanted): IterableIterator<StoredMessage> {
    return this.lookup.newest(before, isWanted);
  }

  /** Messages that this node's person heard here, the one that they heard last first, deleted ones too. As `newest`. */
  heardLast(): IterableIterator<StoredMessage> {
    return this.lookup.heardLast();
  }

  /** Messages for this node's person that were not heard here yet, those still being spoken too. */
  unheard(): StoredMessage[] {
    return this.lookup.those('unheard');
  }

  /** This node's messages that some recipient has not got. `isOut`: whether that node was removed from the office. */
  outbox(isOut: IsRemoved = EVERYBODY.isOut): StoredMessage[] {
    return this.lookup.outbox(isOut);
  }

  totals(): Totals {
    return this.lookup.totals();
  }
}
