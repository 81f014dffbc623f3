import type { Audience } from './receipts.ts';
import { arrivalOf, isUnheard, type Ending, type Entry } from './stored-message.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A message waits this long for people whose computers are all off, ms. */
const GONE_AFTER_MS = 90 * DAY_MS;
/** That it will wait no longer is said for this long before, ms. */
const SAID_BEFORE_MS = 7 * DAY_MS;

/**
 * Since when everybody who has yet to hear it has been away, and it has waited for them; undefined: nobody has to, this node's own
 * person has, or nothing is known of who was there.
 */
function awaySince(entry: Entry, { isOut, personOf, seenAt }: Audience): number | undefined {
  const { roles, header, receipts } = entry;
  if (!seenAt || isUnheard(entry) || (roles.mine !== 'talker' && !roles.keeps)) return undefined;
  const heard = [...receipts.reached.values()].filter(({ facts }) => facts.state === 'heard');
  const hearers = new Set(heard.map(({ facts }) => personOf(facts.node)));
  const awaited = header.facts.recipients.filter((node) => !isOut(node) && !hearers.has(personOf(node)));
  if (awaited.length === 0) return undefined;
  return Math.max(arrivalOf(entry).at, ...awaited.map((node) => seenAt(node)));
}

/**
 * What is to be noted of a message's end. It is said a week before, and comes only if nobody was seen since: a computer that was off for
 * months has seen nobody. Somebody who comes back ends it; undefined then.
 */
export function endingOf(entry: Entry, audience: Audience, now: number): Ending | undefined {
  const since = awaySince(entry, audience);
  if (since === undefined || now - since < GONE_AFTER_MS - SAID_BEFORE_MS) return undefined;
  const { ending } = entry.local;
  if (!ending) return { endsAt: Math.max(since + GONE_AFTER_MS, now + SAID_BEFORE_MS) };
  const isDue = ending.endedAt === undefined && now >= ending.endsAt;
  return isDue ? { ...ending, endedAt: now } : ending;
}

/** Whether it waits for its recipients no longer. */
export function hasEnded({ local }: Pick<Entry, 'local'>): boolean {
  return local.ending?.endedAt !== undefined;
}
