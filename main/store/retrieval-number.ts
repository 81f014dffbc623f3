import { createHash } from 'node:crypto';
import { RETRIEVAL_DIGITS, type MessageId } from '../model/index.ts';
import type { Entry } from './stored-message.ts';

/**
 * The short number that plays a message when dialled: four digits of its id's hash, so that every node of a recipient
 * gives it the same one; more digits while a kept message has that number already.
 */
export function retrievalNumber(id: MessageId, taken: { has(number: string): boolean }): string {
  const hash = createHash('sha256').update('corridor retrieval number ').update(id).digest();
  const { least, most } = RETRIEVAL_DIGITS;
  const digits = (hash.readBigUInt64BE() % 10n ** BigInt(most)).toString().padStart(most, '0');
  let length: number = least;
  while (length < most && taken.has(digits.slice(0, length))) length++;
  return digits.slice(0, length);
}

/** Which message has which number. A number, once given, stays with its message for as long as that is kept. */
export class RetrievalNumbers {
  readonly #ids = new Map<string, MessageId>();

  find(number: string): MessageId | undefined {
    return this.#ids.get(number);
  }

  /** Learns the number that a message has, if it has one. */
  learn({ id, local }: Entry): void {
    if (local.number !== undefined) this.#ids.set(local.number, id);
  }

  /** Gives a message its number, if it has none: `wanted`, unless that is taken, or its own. */
  give(entry: Entry, wanted?: string): void {
    if (entry.local.number !== undefined || (wanted !== undefined && this.#ids.has(wanted))) return;
    const number = wanted ?? retrievalNumber(entry.id, this.#ids);
    entry.local = { ...entry.local, number };
    this.#ids.set(number, entry.id);
  }

  forget({ local }: Entry): void {
    if (local.number !== undefined) this.#ids.delete(local.number);
  }
}
