import { hasEnded } from './ending.ts';
import { EVERYBODY, isHeardByAll, type Audience } from './receipts.ts';
import { arrivalOf, isBrokenOff, isUnheard, type Entry } from './stored-message.ts';

/** How long a message without known recipients is kept, ms: a recipient's admission may come late. */
const FOR_NOBODY_MS = 7 * 24 * 60 * 60 * 1000;

/** Limits of what is kept. A limit that is left out does not apply. */
export interface RetentionLimits {
  /** Total size of all messages' files, bytes. */
  readonly maxBytes?: number | undefined;
  /** How long a message is kept after it came to this node, ms. */
  readonly retentionMs?: number | undefined;
}

/**
 * Whether retention may delete a message at all. At its recipient's node it must have been heard there, unless it has no key there; at any
 * other node every recipient's person who was not removed must have heard it, and so holds a copy.
 */
export function mayGo(entry: Entry, audience: Audience = EVERYBODY): boolean {
  if (isForNobody(entry, audience)) return true;
  if (isUnheard(entry)) return false;
  if (hasEnded(entry)) return true;
  if (entry.roles.mine === 'recipient' && !entry.roles.keeps) return true;
  return isHeardByAll(entry, audience);
}

/**
 * Whether it is kept for others of whom none is in the office. If its talker is unknown too, this computer may have lost the list of
 * people, so the message stays.
 */
function isForNobody({ roles, header: { facts } }: Entry, { isKnown }: Audience): boolean {
  return roles.mine === undefined && isKnown(facts.talker) && !facts.recipients.some(isKnown);
}

/**
 * Whether it was broken off, and is too old since that was said: to this node's person where it is for them and unheard. A keeper waits as
 * long for a recipient who comes back. Nobody can ever get all of it, so nobody has to.
 */
function isGivenUp(entry: Entry, retentionMs: number, now: number | undefined): boolean {
  const { brokenOff, notifiedAt } = entry.local;
  if (now === undefined || brokenOff === undefined || !isBrokenOff(entry)) return false;
  const saidAt = isUnheard(entry) ? notifiedAt : brokenOff.at;
  return saidAt !== undefined && now - Math.max(saidAt, brokenOff.at) > retentionMs;
}

/**
 * The messages to delete now: those that are too old and then, while all need too much room, those heard longest ago.
 * @param now undefined: the clock cannot be believed, and nothing is too old
 */
export function toDelete(
  entries: Iterable<Entry>,
  limits: RetentionLimits,
  now: number | undefined,
  audience: Audience = EVERYBODY,
): Entry[] {
  let bytes = 0;
  const candidates: Entry[] = [];
  const chosen = new Set<Entry>();
  const { maxBytes = Infinity, retentionMs = Infinity } = limits;
  for (const entry of entries) {
    if (isGivenUp(entry, retentionMs, now) || isKeptInVain(entry)) {
      chosen.add(entry);
      continue;
    }
    bytes += entry.bytes;
    if (mayGo(entry, audience)) candidates.push(entry);
  }
  candidates.sort((a, b) => heardAt(a, now) - heardAt(b, now));
  const keptFor = (entry: Entry) =>
    isForNobody(entry, audience) ? Math.min(retentionMs, FOR_NOBODY_MS) : retentionMs;
  for (const entry of candidates) {
    // Since it came: when it began is the talker's claim.
    if (now === undefined || now - keptFrom(entry) <= keptFor(entry)) continue;
    chosen.add(entry);
    bytes -= entry.bytes;
  }
  for (const entry of candidates) {
    if (bytes <= maxBytes) break;
    if (chosen.has(entry)) continue;
    chosen.add(entry);
    bytes -= entry.bytes;
  }
  return [...chosen];
}

/** Whether it is kept for others alone, and they have been away for too long. */
function isKeptInVain(entry: Entry): boolean {
  return entry.roles.mine === undefined && hasEnded(entry);
}

/** Its talker is to see that nobody got it, for as long as any other message. */
function keptFrom(entry: Entry): number {
  return Math.max(arrivalOf(entry).at, entry.local.ending?.endedAt ?? 0);
}

/** When it was heard last. Others say it by their clocks: it was not before it came, nor is it still to come. */
function heardAt(entry: Entry, now: number | undefined): number {
  const cameAt = arrivalOf(entry).at;
  let last = entry.local.heard ?? 0;
  for (const { facts } of entry.receipts.reached.values()) {
    if (facts.state !== 'heard') continue;
    const canBe = facts.at >= cameAt && facts.at <= (now ?? cameAt);
    last = Math.max(last, canBe ? facts.at : cameAt);
  }
  return last;
}
