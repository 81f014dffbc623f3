import { NewestMap } from '../model/index.ts';

/**
 * Listeners that lost the same fragment ask for it within this time, ms: each listener of the group waits up to 20 ms, at random, before it
 * asks.
 */
const TOGETHER_MS = 25;
/** The talker answers this many of them one by one. If one more asks, many lost the fragment, and it goes once more to the group. */
const ONE_BY_ONE = 2;
/**
 * A fragment that went to the group arrives within this time, ms: a listener that asks for it meanwhile had not received it yet. No
 * listener asks again for the same fragment before 25 ms have passed.
 */
const ON_ITS_WAY_MS = 20;
/** This many fragments that were asked for are remembered: more than are asked for in a second. */
const MAX_REMEMBERED = 512;

interface Asked {
  readonly at: number;
  readonly by: Set<string>;
  /** When it went to the group. */
  sentAt: number | undefined;
}

/** How a lost fragment goes to a listener of the group. `none`: it is on its way there by the group. */
export type RepairWay = 'own' | 'group' | 'none';

/**
 * Repair of what goes to the group. Few listeners who lost a fragment get it by unicast. What many lost, perhaps on the way out of the
 * talker's computer, goes to the group once instead: also to those who have not asked yet, and then need not. Pure: times are milliseconds.
 */
export class GroupRepair {
  readonly #asked = new NewestMap<number, Asked>(MAX_REMEMBERED);

  /** A listener of the group asks for fragment `n`. */
  wayOf(n: number, listener: string, now: number): RepairWay {
    const asked = this.#current(n, now);
    if (asked.sentAt !== undefined) return 'none';
    asked.by.add(listener);
    if (asked.by.size <= ONE_BY_ONE) return 'own';
    asked.sentAt = now;
    return 'group';
  }

  #current(n: number, now: number): Asked {
    const known = this.#asked.get(n);
    const isCurrent =
      known &&
      (known.sentAt === undefined ? now - known.at < TOGETHER_MS : now - known.sentAt < ON_ITS_WAY_MS);
    const asked = isCurrent ? known : { at: now, by: new Set<string>(), sentAt: undefined };
    this.#asked.set(n, asked);
    return asked;
  }
}
