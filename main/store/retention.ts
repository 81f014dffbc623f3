import { EVERYBODY, isHeardByAll, type Audience } from './receipts.ts';
import { isUnheard, type Entry } from './stored-message.ts';

/** How long a message is kept that is for nobody: news of a colleague may come late. */
const FOR_NOBODY_MS = 7 * 24 * 60 * 60 * 1000;

/** How much is kept. Both may be left out: then nothing is deleted on that account. */
export interface RetentionLimits {
  /** Total size of all messages' files, bytes. */
  readonly maxBytes?: number | undefined;
  /** How long a message is kept after key down, ms. */
  readonly retentionMs?: number | undefined;
}

/**
 * Whether a message may go at all. What somebody has not heard yet may not, unless they could not hear it here: on its recipient's node it was heard there;
 * on any other, every person whom it is for and who is not out has said so, and each of them thereby holds a copy.
 */
export function mayGo(entry: Entry, audience: Audience = EVERYBODY): boolean {
  if (isForNobody(entry, audience)) return true;
  if (isUnheard(entry)) return false;
  if (entry.roles.mine === 'recipient' && !entry.roles.keeps) return true;
  return isHeardByAll(entry, audience);
}

/**
 * Whether it is kept for others, and the office has none of them. Where its talker is unknown too, the list of people may have been
 * lost on this computer: then it stays.
 */
function isForNobody({ roles, header: { facts } }: Entry, { isKnown }: Audience): boolean {
  return roles.mine === undefined && isKnown(facts.talker) && !facts.recipients.some(isKnown);
}

/** Which messages to delete now: those past their age, then, while all take too much room, the ones heard longest ago. */
export function toDelete(
  entries: Iterable<Entry>,
  limits: RetentionLimits,
  now: number,
  audience: Audience = EVERYBODY,
): Entry[] {
  let bytes = 0;
  const candidates: Entry[] = [];
  for (const entry of entries) {
    bytes += entry.bytes;
    if (mayGo(entry, audience)) candidates.push(entry);
  }
  candidates.sort((a, b) => heardAt(a) - heardAt(b));
  const { maxBytes = Infinity, retentionMs = Infinity } = limits;
  const keptFor = (entry: Entry) =>
    isForNobody(entry, audience) ? Math.min(retentionMs, FOR_NOBODY_MS) : retentionMs;
  // When it began is its talker's word: what is for nobody must not stay for ever because it is said to begin in the future.
  const ageOf = (entry: Entry) => {
    const ageMs = now - entry.header.facts.startedAt;
    return isForNobody(entry, audience) ? Math.abs(ageMs) : ageMs;
  };
  const chosen: Entry[] = [];
  for (const entry of candidates) {
    if (ageOf(entry) <= keptFor(entry)) continue;
    chosen.push(entry);
    bytes -= entry.bytes;
  }
  for (const entry of candidates) {
    if (bytes <= maxBytes) break;
    if (chosen.includes(entry)) continue;
    chosen.push(entry);
    bytes -= entry.bytes;
  }
  return chosen;
}

function heardAt(entry: Entry): number {
  let last = entry.local.heard ?? 0;
  for (const { facts } of entry.receipts.reached.values())
    if (facts.state === 'heard') last = Math.max(last, facts.at);
  return last;
}
