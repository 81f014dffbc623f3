import { createHash } from 'node:crypto';
import type { MessageId } from '../model/index.ts';

const SHORTEST = 4;
const LONGEST = 12;

/**
 * The short number that plays a message when dialled: four digits of its id's hash, so that every node of a recipient
 * gives it the same one; more digits while a kept message has that number already.
 */
export function retrievalNumber(id: MessageId, taken: { has(number: string): boolean }): string {
  const hash = createHash('sha256').update('corridor retrieval number ').update(id).digest();
  const digits = (hash.readBigUInt64BE() % 10n ** BigInt(LONGEST)).toString().padStart(LONGEST, '0');
  let length = SHORTEST;
  while (length < LONGEST && taken.has(digits.slice(0, length))) length++;
  return digits.slice(0, length);
}
