import { isPassing, type MessageId, type NodeId } from '../model/index.ts';
import { OrderedEntries } from './ordered-entries.ts';
import { EVERYBODY, isHeardByAll, isWith } from './receipts.ts';
import type { Totals } from './store-options.ts';
import { arrivalOf, isUnheard, type Entry } from './stored-message.ts';

/** What messages have in common, by name. */
const SETS = {
  /** This node's person has not heard it, could hear it here, and did not delete it. */
  unheard: (entry: Entry) => isUnheard(entry) && !isHidden(entry),
  incomplete: ({ state }: Entry) => state === 'incomplete',
  /** It is deleted, and not erased yet. */
  hidden: isHidden,
  /** It is kept for others alone. */
  others: ({ roles }: Entry) => roles.mine === undefined,
  /** It is for this node's person, but this computer has no key for it. */
  sealed: ({ roles, local }: Entry) => roles.mine === 'recipient' && local.sealed === true,
  /** Some recipient has not got it, who was removed perhaps. Nobody waits for a page that is not kept once it is over. */
  awaited: (entry: Entry) => recipientsOf(entry).some((node) => isAwaitedBy(entry, node)),
  /** It was said here, and will soon wait no longer for people who have been away for months. */
  ending: ({ roles, local: { ending } }: Entry) =>
    roles.mine === 'talker' && ending !== undefined && ending.endedAt === undefined,
  /** It was said here, and some recipient has not heard it, who was removed perhaps, or heard it at another computer. */
  unheardOfOwn: (entry: Entry) => entry.roles.mine === 'talker' && !isHeardByAll(entry, EVERYBODY),
} as const;
export type SetName = keyof typeof SETS;
const SET_NAMES = Object.keys(SETS) as readonly SetName[];

/** How a message names an earlier one in its header: it is that one sealed again, or handed on. */
const REFERENCES = ['again', 'handsOn'] as const;
export type Reference = (typeof REFERENCES)[number];

/** How a message is listed at present, so that it is found again once it has changed. */
export interface Listed {
  /** Its place among those that are shown, and the time under which it stands among those that were heard; undefined: it is in none. */
  place: number | undefined;
  heardAt: number | undefined;
  bytes: number;
  isHiddenOther: boolean;
}

export function notListed(): Listed {
  return { place: undefined, heardAt: undefined, bytes: 0, isHiddenOther: false };
}

/**
 * What the store is asked for often, kept up to date with each change of a message. So an answer costs as much as what is in it, however
 * many messages there are.
 */
export class MessageSets {
  readonly #shown = new OrderedEntries();
  readonly #heard = new OrderedEntries();
  readonly #sets = new Map<SetName, Set<Entry>>(SET_NAMES.map((name) => [name, new Set()]));
  readonly #awaitedBy = new SetsByKey<NodeId>();
  readonly #references = new Map(REFERENCES.map((name) => [name, new SetsByKey<MessageId>()]));
  #bytes = 0;
  #messages = 0;
  #hiddenOthers = 0;

  of(name: SetName): ReadonlySet<Entry> {
    return this.#sets.get(name)!;
  }

  /** Those that this recipient has not got, as `awaited`. */
  awaitedBy(node: NodeId): ReadonlySet<Entry> {
    return this.#awaitedBy.of(node);
  }

  /** Those whose headers name that message so. */
  naming(id: MessageId, as: Reference): ReadonlySet<Entry> {
    return this.#references.get(as)!.of(id);
  }

  /** Those of this node's person that are not deleted, in the order in which they came. */
  get shown(): OrderedEntries {
    return this.#shown;
  }

  /** Those that this node's person heard, by the time at which they did. */
  get heard(): OrderedEntries {
    return this.#heard;
  }

  totals(): Totals {
    const others = this.of('others').size - this.#hiddenOthers;
    return {
      messages: this.#messages - this.of('hidden').size,
      bytes: this.#bytes,
      keptForOthers: others,
    };
  }

  /** Lists many messages that are in no list yet. */
  fill(all: Iterable<readonly [Entry, Listed]>): void {
    const entries = [...all];
    const withKey = (keyOf: (entry: Entry) => number | undefined) =>
      entries.flatMap(([entry]) => {
        const key = keyOf(entry);
        return key === undefined ? [] : [{ key, entry }];
      });
    this.#shown.fill(withKey(placeOf));
    this.#heard.fill(withKey(heardAtOf));
    for (const [entry, listed] of entries) {
      this.#messages++;
      listed.place = placeOf(entry);
      listed.heardAt = heardAtOf(entry);
      this.#updateSets(entry, listed);
    }
  }

  add(entry: Entry, listed: Listed): void {
    this.#messages++;
    this.update(entry, listed);
  }

  /** To be called after each change of an entry. */
  update(entry: Entry, listed: Listed): void {
    this.#place(entry, listed, placeOf(entry), heardAtOf(entry));
    this.#updateSets(entry, listed);
  }

  remove(entry: Entry, listed: Listed): void {
    this.#messages--;
    this.#place(entry, listed, undefined, undefined);
    for (const set of this.#sets.values()) set.delete(entry);
    for (const node of recipientsOf(entry)) this.#awaitedBy.put(node, entry, false);
    for (const name of REFERENCES) this.#refer(name, entry, false);
    this.#bytes -= listed.bytes;
    if (listed.isHiddenOther) this.#hiddenOthers--;
  }

  #place(entry: Entry, listed: Listed, place: number | undefined, heardAt: number | undefined): void {
    if (listed.place !== place) {
      if (listed.place !== undefined) this.#shown.remove(listed.place, entry);
      if (place !== undefined) this.#shown.put(place, entry);
      listed.place = place;
    }
    if (listed.heardAt !== heardAt) {
      if (listed.heardAt !== undefined) this.#heard.remove(listed.heardAt, entry);
      if (heardAt !== undefined) this.#heard.put(heardAt, entry);
      listed.heardAt = heardAt;
    }
  }

  #updateSets(entry: Entry, listed: Listed): void {
    for (const name of SET_NAMES) put(this.#sets.get(name)!, entry, SETS[name](entry));
    for (const node of recipientsOf(entry)) this.#awaitedBy.put(node, entry, isAwaitedBy(entry, node));
    for (const name of REFERENCES) this.#refer(name, entry, true);
    const isHiddenOther = isHidden(entry) && entry.roles.mine === undefined;
    this.#bytes += entry.bytes - listed.bytes;
    this.#hiddenOthers += Number(isHiddenOther) - Number(listed.isHiddenOther);
    listed.bytes = entry.bytes;
    listed.isHiddenOther = isHiddenOther;
  }

  #refer(name: Reference, entry: Entry, isIn: boolean): void {
    const named = entry.header.facts[name];
    if (named !== undefined) this.#references.get(name)!.put(named, entry, isIn);
  }
}

/** A set for each key that has any. */
class SetsByKey<Key> {
  readonly #sets = new Map<Key, Set<Entry>>();

  of(key: Key): ReadonlySet<Entry> {
    return this.#sets.get(key) ?? EMPTY;
  }

  put(key: Key, entry: Entry, isIn: boolean): void {
    const set = this.#sets.get(key);
    if (!set) {
      if (isIn) this.#sets.set(key, new Set([entry]));
      return;
    }
    put(set, entry, isIn);
    if (set.size === 0) this.#sets.delete(key);
  }
}
const EMPTY: ReadonlySet<Entry> = new Set();

function put(set: Set<Entry>, entry: Entry, isIn: boolean): void {
  if (isIn) set.add(entry);
  else set.delete(entry);
}

function isHidden({ local }: Entry): boolean {
  return local.deletedAt !== undefined;
}

function placeOf(entry: Entry): number | undefined {
  return entry.roles.mine === undefined || isHidden(entry) ? undefined : arrivalOf(entry).place;
}

function heardAtOf({ roles, local }: Entry): number | undefined {
  return roles.mine === 'recipient' ? local.heard : undefined;
}

function recipientsOf({ header }: Entry): readonly NodeId[] {
  return header.facts.recipients;
}

/** Whether that recipient has not got all of it. Nobody waits for a page that is not kept once it is over. */
function isAwaitedBy(entry: Entry, node: NodeId): boolean {
  const isOver = entry.manifest !== undefined && isPassing(entry.header.facts);
  return !isOver && !isWith(entry.receipts, node);
}
