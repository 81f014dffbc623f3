import { createHash } from 'node:crypto';
import { NewestMap, RETRIEVAL_DIGITS, type MessageId } from '../model/index.ts';
import type { Entry } from './stored-message.ts';

const { least: LEAST, most: MOST } = RETRIEVAL_DIGITS;
/** This many numbers of messages are remembered that only another computer of the person has; the oldest are forgotten first. */
const MAX_ELSEWHERE = 10_000;

/** The number of a message at one of its person's computers. */
export interface NumberClaim {
  readonly id: MessageId;
  readonly number: string;
}

/** The result of merging the claims of another computer. */
interface MergedNumbers {
  /** Messages that are here and have a longer number now. */
  readonly lengthened: readonly Entry[];
  /** The claims that the other computer lacks. */
  readonly answer: readonly NumberClaim[];
}

/** Looks up a message that is here and has a number. */
type EntryOf = (id: MessageId) => Entry | undefined;

interface Place {
  readonly place: string;
  /** The message that has had the number until now. */
  readonly holder: MessageId | undefined;
}

/**
 * The short number that plays a message when dialled: four digits of its id's hash, so that every node of a recipient
 * gives it the same one; more digits while a kept message has that number already.
 */
export function retrievalNumber(id: MessageId, taken: { has(number: string): boolean }): string {
  const digits = digitsOf(id);
  let length: number = LEAST;
  while (length < MOST && taken.has(digits.slice(0, length))) length++;
  return digits.slice(0, length);
}

/**
 * Which message has which number. A number stays with its message for as long as that is kept here; it only gets longer where two
 * computers of a person gave numbers independently. All numbers of a message are prefixes of the same digits, so all computers agree on
 * the longest; of two messages with the same number the one with the lower id keeps it. Both rules only make numbers longer.
 */
export class RetrievalNumbers {
  readonly #ids = new Map<string, MessageId>();
  /** Numbers of messages that only another computer of the person has. */
  readonly #elsewhere = new NewestMap<MessageId, string>(MAX_ELSEWHERE);

  find(number: string): MessageId | undefined {
    return this.#ids.get(number);
  }

  /** Notes the number of a message, if it has one. */
  learn({ id, local }: Entry): void {
    if (local.number !== undefined) this.#ids.set(local.number, id);
  }

  /** Gives a message a number, if it has none: `wanted` unless that is taken, otherwise that of another computer, or a new one. */
  give(entry: Entry, wanted?: string): void {
    if (entry.local.number !== undefined || (wanted !== undefined && this.#ids.has(wanted))) return;
    const number = wanted ?? this.#elsewhere.get(entry.id) ?? retrievalNumber(entry.id, this.#ids);
    this.#elsewhere.delete(entry.id);
    entry.local = { ...entry.local, number };
    this.#ids.set(number, entry.id);
  }

  forget({ id, local }: Entry): void {
    if (local.number !== undefined && this.#ids.get(local.number) === id) this.#ids.delete(local.number);
  }

  /** Merges the claims of another computer of this person. A number that is no prefix of the message's digits is ignored. */
  merge(claims: readonly NumberClaim[], entryOf: EntryOf): MergedNumbers {
    const lengthened = new Set<Entry>();
    const own = claims.filter(({ id, number }) => isNumberOf(id, number));
    for (const { id, number } of own) {
      const known = this.#numberOf(id, entryOf);
      if (known === undefined || known.length < number.length)
        this.#lengthen(id, number.length, entryOf, lengthened);
    }
    const news = new Set([...lengthened].map(({ id }) => id));
    for (const { id, number } of own) {
      if (this.#numberOf(id, entryOf) === number) news.delete(id);
      else news.add(id);
      const holder = this.#ids.get(number);
      if (holder !== undefined && holder !== id) news.add(holder);
    }
    const answer = [...news].flatMap((id) => {
      const number = this.#numberOf(id, entryOf);
      return number === undefined ? [] : [{ id, number }];
    });
    return { lengthened: [...lengthened], answer };
  }

  /** Gives a message a number of at least `least` digits. A message with that number and a higher id gets a longer one then. */
  #lengthen(id: MessageId, least: number, entryOf: EntryOf, lengthened: Set<Entry>): void {
    let next: { readonly id: MessageId; readonly least: number } | undefined = { id, least };
    while (next) {
      const { place, holder }: Place = this.#placeOf(next.id, next.least);
      this.#put(next.id, place, entryOf, lengthened);
      next = holder === undefined ? undefined : { id: holder, least: place.length + 1 };
    }
  }

  #numberOf(id: MessageId, entryOf: EntryOf): string | undefined {
    return entryOf(id)?.local.number ?? this.#elsewhere.get(id);
  }

  /** The shortest number of at least this length that no message with a lower id has. */
  #placeOf(id: MessageId, least: number): Place {
    const digits = digitsOf(id);
    for (let length = least; ; length++) {
      const place = digits.slice(0, length);
      const holder = this.#ids.get(place);
      if (holder === undefined || holder === id) return { place, holder: undefined };
      if (id < holder) return { place, holder: length < MOST ? holder : undefined };
      // No number is longer: dialling it finds the message with the lower id.
      if (length >= MOST) return { place, holder: undefined };
    }
  }

  #put(id: MessageId, number: string, entryOf: EntryOf, lengthened: Set<Entry>): void {
    const entry = entryOf(id);
    const before = entry ? entry.local.number : this.#elsewhere.get(id);
    if (before !== undefined && this.#ids.get(before) === id) this.#ids.delete(before);
    const holder = this.#ids.get(number);
    if (holder === undefined || id < holder) this.#ids.set(number, id);
    if (entry) {
      entry.local = { ...entry.local, number };
      lengthened.add(entry);
      return;
    }
    const oldest = this.#elsewhere.keep(id, number);
    if (oldest && this.#ids.get(oldest[1]) === oldest[0]) this.#ids.delete(oldest[1]);
  }
}

function isNumberOf(id: MessageId, number: string): boolean {
  return number.length >= LEAST && number.length <= MOST && digitsOf(id).startsWith(number);
}

/** Twelve digits of the id's hash: the same on every node. */
function digitsOf(id: MessageId): string {
  const hash = createHash('sha256').update('corridor retrieval number ').update(id).digest();
  return (hash.readBigUInt64BE() % 10n ** BigInt(MOST)).toString().padStart(MOST, '0');
}
