import type { Clock, Header } from '../model/index.ts';
import type { OfficePort } from './ports.ts';

/** A clock that is wrong by less is no trouble, ms: what it says is shown. */
const NO_TROUBLE_MS = 60_000;
/** Nobody waits for a message for longer, ms: where its header says so, the talker's clock was never set. */
const LONGEST_WAIT_MS = 366 * 24 * 60 * 60 * 1000;
/** A smaller difference is not worth remembering, ms. */
const NOTHING_MS = 1000;

/** What this node knows of a message when it comes. */
interface Coming {
  /** This node's clock, ms since the epoch. */
  readonly now: number;
  /** How far the talker's clock was measured to be ahead of this one's, ms; undefined: it was not. */
  readonly aheadMs: number | undefined;
  /** Its talker's datagram brought the header: it begins at this moment. */
  readonly isFresh: boolean;
}

/** For `Archive.begin`. `isFresh`: its talker's datagram brought the header. */
export function beginning(
  header: Header,
  { office, clock }: { readonly office: Pick<OfficePort, 'clockAheadMs'>; readonly clock: Clock },
  isFresh: boolean,
): { readonly spokenAt: number | undefined } {
  const aheadMs = office.clockAheadMs(header.talker);
  return { spokenAt: spokenAt(header, { now: clock.now(), aheadMs, isFresh }) };
}

/**
 * When a message that comes now was begun, by this node's clock, ms: as the header says, corrected by what was measured of its talker's
 * clock. Where nothing was, and the header cannot be right, when it came. Undefined: when the header says.
 */
export function spokenAt({ startedAt }: Pick<Header, 'startedAt'>, coming: Coming): number | undefined {
  const at = Math.max(0, Math.min(coming.now, begunAt(startedAt, coming)));
  return Math.abs(at - startedAt) < NOTHING_MS ? undefined : at;
}

function begunAt(startedAt: number, { now, aheadMs, isFresh }: Coming): number {
  if (aheadMs !== undefined) return startedAt - aheadMs;
  const agoMs = now - startedAt;
  const canBe = agoMs > -NO_TROUBLE_MS && agoMs < (isFresh ? NO_TROUBLE_MS : LONGEST_WAIT_MS);
  return canBe ? startedAt : now;
}
