import { createHash } from 'node:crypto';
import { ROSTER_BYTES } from '../election/index.ts';
import type { NodeId } from '../model/index.ts';

/*
 * Which nodes are online, in one place. The switch decides by what it sees of each; the others go by its roster, and by the
 * digest of it in the switch's beats they notice what they have missed. Pure; times are in ms, of a monotonic clock.
 */

/** How many beats of the switch show the same difference before the whole roster is asked for: what tells it may be on its way. */
const BEATS = 2;
/** The pause before it is asked for again. It doubles each time, until the answer has helped. */
const FIRST_PAUSE_MS = 1000;
const LAST_PAUSE_MS = 30_000;
/** The switch beats five times a second. After this long without a beat, nothing is known of a difference. */
const BEATS_WITHIN_MS = 3000;

/** What the switch sees of a node. */
interface Signs {
  /** By the election: it beats. */
  readonly isAlive: boolean;
  /** Its control link is up, and it has greeted over it. */
  readonly isLinked: boolean;
  /** What was reported last: it greeted, it fell silent, its link ended. */
  readonly wasOnline: boolean;
}

/**
 * Whether a node counts as online at the switch. Where beats and link agree, they decide, whatever was reported before. Where
 * they do not, the last report holds: the link of a computer that lost its power stays up for seconds, and members beat to a
 * new switch before they have linked to it.
 */
export function isOnlineBy({ isAlive, isLinked, wasOnline }: Signs): boolean {
  return isAlive === isLinked ? isAlive : wasOnline;
}

/** The digest of a roster: over who is online, and the revisions of their records. Their order does not matter. */
export function rosterDigest(online: Iterable<{ readonly node: NodeId; readonly revision: number }>): string {
  const lines = [...online].map(({ node, revision }) => `${node} ${revision}\n`).sort();
  const hash = createHash('sha256').update(lines.join('')).digest();
  return hash.subarray(0, ROSTER_BYTES).toString('base64url');
}

/** Decides when a member asks the switch for its whole roster. */
export class RosterRepair {
  #pair = '';
  #beats = 0;
  #since: number | undefined;
  #comparedAt = -Infinity;
  #notBefore = -Infinity;
  #pauseMs = FIRST_PAUSE_MS;

  /** A beat of the switch, over whose link this node is up to date, has this digest. True: ask for its whole roster now. */
  compare(theirs: string, ours: string, now: number): boolean {
    this.#comparedAt = now;
    if (theirs === ours) {
      this.beginAnew();
      return false;
    }
    this.#since ??= now;
    const pair = `${theirs} ${ours}`;
    this.#beats = pair === this.#pair ? this.#beats + 1 : 1;
    this.#pair = pair;
    if (this.#beats < BEATS || now < this.#notBefore) return false;
    this.#notBefore = now + this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, LAST_PAUSE_MS);
    return true;
  }

  /** There is another switch or link, so nothing is known of a difference; or there is none. */
  beginAnew(): void {
    this.#since = undefined;
    this.#pair = '';
    this.#pauseMs = FIRST_PAUSE_MS;
  }

  /** For how long the rosters have differed, in ms; 0: they do not, as far as is known. */
  differsMs(now: number): number {
    const isKnown = this.#since !== undefined && now - this.#comparedAt < BEATS_WITHIN_MS;
    return isKnown ? now - (this.#since ?? now) : 0;
  }
}
