import { isHeardByAll } from './receipts.ts';
import type { Entry } from './stored-message.ts';

/** How much is kept. Both may be left out: then nothing is deleted on that account. */
export interface RetentionLimits {
  /** Total size of all messages' files, bytes. */
  readonly maxBytes?: number | undefined;
  /** How long a message is kept after key down, ms. */
  readonly retentionMs?: number | undefined;
}

/**
 * Whether a message may go at all. What somebody has not heard yet may not: on its recipient's node it was heard there;
 * on any other, every recipient has said so, and each of them thereby holds a copy.
 */
export function mayGo(entry: Entry): boolean {
  if (entry.roles.mine === 'recipient' && entry.local.heard === undefined) return false;
  if (entry.roles.mine === 'recipient' && !entry.roles.keeps) return true;
  return isHeardByAll(entry);
}

/** Which messages to delete now: those past their age, then, while all take too much room, the ones heard longest ago. */
export function toDelete(entries: Iterable<Entry>, limits: RetentionLimits, now: number): Entry[] {
  let bytes = 0;
  const candidates: Entry[] = [];
  for (const entry of entries) {
    bytes += entry.bytes;
    if (mayGo(entry)) candidates.push(entry);
  }
  candidates.sort((a, b) => heardAt(a) - heardAt(b));
  const { maxBytes = Infinity, retentionMs = Infinity } = limits;
  const chosen: Entry[] = [];
  for (const entry of candidates) {
    if (now - entry.header.facts.startedAt <= retentionMs) continue;
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
