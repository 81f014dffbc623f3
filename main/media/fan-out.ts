import { addressKey, TokenBucket } from '../model/index.ts';
import { CONFIRM_WITHIN_MS } from './group-listening.ts';
import { GroupRepair } from './group-repair.ts';
import type { GroupReach, MediaAddress } from './protocol.ts';
import type { GroupReport } from './rtcp-app.ts';

/** Beyond the time that listeners have: the way there and back, and a computer that is busy. */
const CONFIRM_GRACE_MS = 100;
/** How many fragments one target may have resent, at once and per second: twice what a loss of a fifth of all packets needs. */
const RESENDS = { atOnce: 300, perSecond: 400 } as const;
/** The same of all targets together: a page to 250 of whom each loses a fifth needs 5,000 a second. */
const RESENDS_IN_ALL = { atOnce: 4000, perSecond: 8000 } as const;
/** How many fragments of one message go to an address from which its node has not answered: a record can name anybody's. */
const MAX_UNBELIEVED = 10;
/** What is made up to targets that the group does not reach, with each new fragment: four milliseconds of work. */
const MAX_CATCH_UP = 500;
/**
 * A listener that the group does not reach lacks more fragments than this when it says so, since it waits longer before. One that lacks
 * fewer has heard nothing because the talker was silent, and asks for single fragments.
 */
const LEAST_LACK = 15;
/** At most three seconds are made up to a target, in fragments. It asks for older ones itself. */
const MAX_BEHIND = 300;

/**
 * How a target gets the fragments: by the group, which it has confirmed or still may; by packets of its own; or from the switch, of
 * which it asks for them.
 */
type Way = 'waiting' | 'group' | 'own' | 'switch';

/** One target, for as long as the message lasts. */
class Outlet {
  address: MediaAddress;
  way: Way;
  /** It said itself that the group does not reach it: what anybody says in its name later counts no more. */
  insists = false;
  /** The next fragment that it is sent. */
  next: number;
  readonly resends = new TokenBucket(RESENDS);
  #unbelieved = 0;

  constructor(address: MediaAddress, way: Way, next: number) {
    this.address = address;
    this.way = way;
    this.next = next;
  }

  /** Counts a fragment to an address that is not believed. */
  mayGet(): boolean {
    if (this.address.isBelieved !== false) return true;
    this.#unbelieved += 1;
    return this.#unbelieved <= MAX_UNBELIEVED;
  }
}

/** Neither: what was asked for is on its way already. */
export interface Resend {
  readonly to?: MediaAddress;
  /** Why it is not sent. */
  readonly refusal?: string;
}

const TOO_MUCH: Resend = { refusal: 'asked for too much' };

export interface FanOutOptions {
  readonly targets: readonly MediaAddress[];
  /** The office's group: each fragment goes there once, for all targets that are `inGroup`. */
  readonly group?: MediaAddress | undefined;
  /** This many are sent their own, and more where they are not `inGroup`. The others are left to the switch. Left out: all are. */
  readonly own?: number | undefined;
}

/**
 * Decides where each fragment of a message goes: to each target in a packet of its own, or once to the group. A target in the group that
 * has not confirmed in time gets packets of its own, from the first fragment on. Pure: times are milliseconds.
 */
export class FanOut {
  readonly #group: MediaAddress | undefined;
  readonly #outlets = new Map<string, Outlet>();
  /** The outlets of the present targets. */
  #present: ReadonlySet<Outlet> = new Set();
  /** The present ones that get packets of their own. */
  #own: Set<Outlet> = new Set();
  #mostOwn = Infinity;
  readonly #resends = new TokenBucket(RESENDS_IN_ALL);
  readonly #repair = new GroupRepair();
  readonly #news = new Map<Outlet, boolean>();
  #isAnnounced = false;
  #confirmBy: number | undefined;
  #isConfirmed = false;
  #count = 0;

  constructor({ targets, group, own }: FanOutOptions) {
    this.#group = group;
    this.setTargets(targets, own);
  }

  /** New targets get the following fragments, and ask for the earlier ones. @param own as in the options */
  setTargets(targets: readonly MediaAddress[], own = Infinity): void {
    this.#mostOwn = own;
    const before = this.#present;
    const present = new Set<Outlet>();
    this.#present = present;
    // A target that gets packets of its own keeps them. So fewer places are left for new targets, wherever these stand in the list.
    const known = targets.flatMap((target) => this.#outlets.get(addressKey(target)) ?? []);
    this.#own = new Set(known.filter(({ way }) => way === 'own'));
    for (const target of targets) {
      const outlet = this.#outletOf(target, before);
      present.add(outlet);
      if (outlet.way === 'own') this.#own.add(outlet);
    }
  }

  /** The message's header went out: from now on listeners can confirm. */
  announced(now: number): void {
    this.#isAnnounced = true;
    this.#startWaiting(now);
  }

  /** There are `count` fragments now, one more than before: `send` is called for each that goes somewhere. */
  next(count: number, now: number, send: (n: number, to: MediaAddress) => void): void {
    this.#count = count;
    if (this.#group) {
      this.#startWaiting(now);
      if (now >= (this.#confirmBy ?? Infinity)) this.#endWaiting();
      send(count - 1, this.#group);
    }
    let spare = MAX_CATCH_UP;
    for (const outlet of this.#own) {
      // Each gets as many as are made at least, in order: a gap would be asked for.
      const end = Math.min(count, outlet.next + 1 + spare);
      spare -= end - outlet.next - 1;
      for (; outlet.next < end; outlet.next += 1) if (outlet.mayGet()) send(outlet.next, outlet.address);
    }
  }

  /** The target at this address: it alone may ask. */
  isTarget(from: MediaAddress): boolean {
    return this.#find(from) !== undefined;
  }

  /** The target at this address is left to the switch: what it asks for here it gets there. */
  isLeftToSwitch(from: MediaAddress): boolean {
    return this.#find(from)?.way === 'switch';
  }

  /** The target at this address asks for fragment `n`: whether it is sent once more, and where to. */
  resend(from: MediaAddress, n: number, now: number): Resend {
    const outlet = this.#find(from);
    if (!outlet) return { refusal: 'asked by no target' };
    if (!outlet.mayGet()) return { refusal: 'asked from an address that is not believed' };
    if (!outlet.resends.take(now)) return TOO_MUCH;
    const way = outlet.way === 'group' ? this.#repair.wayOf(n, addressKey(from), now) : 'own';
    if (way === 'none') return {};
    return this.#resends.take(now) ? { to: (way === 'group' && this.#group) || from } : TOO_MUCH;
  }

  /** A listener says how the group reaches it. */
  report(from: MediaAddress, { kind, next }: GroupReport): void {
    const outlet = this.#find(from);
    if (!this.#group || !outlet) return;
    if (kind === 'hears-group') {
      if (outlet.insists || outlet.way === 'group' || outlet.address.inGroup === undefined) return;
      if (outlet.way !== 'waiting') this.#news.set(outlet, true);
      outlet.way = 'group';
      this.#own.delete(outlet);
    } else if (this.#count - next >= LEAST_LACK) {
      outlet.insists = true;
      if (outlet.way === 'waiting') this.#decide(outlet, next);
      else if (outlet.way === 'group') this.#sendOwn(outlet, next);
    }
  }

  /** What became known since the last call. */
  takeReach(): GroupReach[] {
    const news = [...this.#news].map(([{ address: target }, isReached]) => ({ target, isReached }));
    this.#news.clear();
    return news;
  }

  #startWaiting(now: number): void {
    if (!this.#isAnnounced || this.#count === 0) return;
    this.#confirmBy ??= now + CONFIRM_WITHIN_MS + CONFIRM_GRACE_MS;
  }

  #endWaiting(): void {
    if (this.#isConfirmed) return;
    this.#isConfirmed = true;
    for (const outlet of this.#present) if (outlet.way === 'waiting') this.#decide(outlet, 0);
  }

  #sendOwn(outlet: Outlet, from: number): void {
    outlet.way = 'own';
    this.#own.add(outlet);
    outlet.next = Math.max(from, this.#count - MAX_BEHIND);
    this.#news.set(outlet, false);
  }

  /** The group does not reach it. */
  #decide(outlet: Outlet, from: number): void {
    if (this.#mayHaveOwn(outlet.address)) return this.#sendOwn(outlet, from);
    outlet.way = 'switch';
    this.#news.set(outlet, false);
  }

  /**
   * A node that joins no group may be of a version that asks the switch for nothing; and the switch has it from here. A target that
   * the group stops reaching in the middle gets its own as well: it has begun to play, and asks the switch for nothing until the end.
   */
  #mayHaveOwn({ inGroup, isSwitch }: MediaAddress): boolean {
    return inGroup === undefined || isSwitch === true || this.#own.size < this.#mostOwn;
  }

  #outletOf(target: MediaAddress, before: ReadonlySet<Outlet>): Outlet {
    const key = addressKey(target);
    let outlet = this.#outlets.get(key);
    if (!outlet) {
      const waits = this.#group !== undefined && target.inGroup === 'likely' && !this.#isConfirmed;
      const way = this.#mayHaveOwn(target) ? 'own' : 'switch';
      outlet = new Outlet(target, waits ? 'waiting' : way, this.#count);
      this.#outlets.set(key, outlet);
    } else if (!before.has(outlet)) outlet.next = this.#count;
    outlet.address = target;
    // The switch is gone. As long as it is there each goes on with what it asked for.
    if (outlet.way === 'switch' && this.#mostOwn === Infinity) {
      outlet.way = 'own';
      outlet.next = this.#count;
    }
    return outlet;
  }

  #find(from: MediaAddress): Outlet | undefined {
    const outlet = this.#outlets.get(addressKey(from));
    return outlet && this.#present.has(outlet) ? outlet : undefined;
  }
}
