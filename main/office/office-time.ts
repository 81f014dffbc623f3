import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import type { Clock, NodeId, Random, Schedule } from '../model/index.ts';
import { ColleagueClocks, type ClockReading } from './colleague-clocks.ts';

/**
 * A clock that differs from the office's by more than the first is a trouble. It ends once the clock differs by less than the second, ms.
 */
const WRONG_MS = 60_000;
const RIGHT_MS = 45_000;
/** The trouble's sentence names minutes: it is written again once the difference has changed by this much, ms. */
const OTHERWISE_MS = 45_000;
/** This node asks a colleague for the time at most once in this time, ms. */
const ASK_AGAIN_MS = 60_000;
/** While the clock is wrong it is looked at this often: somebody may set it while no colleague is there. */
const LOOK_MS = 10_000;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365.25 * DAY_MS;

interface OfficeTimeParts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly random: Pick<Random, 'fraction'>;
  /** Other nodes that are online. */
  readonly online: () => readonly NodeId[];
  /** Reports that this computer's clock is wrong; undefined: it is right again. */
  readonly trouble: (text: LocalizedText | undefined) => void;
}

/**
 * The office's time, for the node's whole life. Colleagues' clocks are measured by the beats that come anyway; others are asked only while a
 * clock differs by half a minute.
 */
export class OfficeTime {
  readonly #parts: OfficeTimeParts;
  readonly #clocks: ColleagueClocks;
  readonly #askedAt = new Map<NodeId, number>();
  /** How far this computer's clock is ahead by the trouble's sentence, ms; undefined: there is no trouble. */
  #toldMs: number | undefined;
  #cancel: (() => void) | undefined;

  constructor(parts: OfficeTimeParts) {
    this.#parts = parts;
    this.#clocks = new ColleagueClocks(parts.clock);
  }

  /** The office's time, ms since the epoch: this computer's, unless that is known to be wrong. */
  now(): number {
    this.#look();
    return this.#parts.clock.now() - (this.#toldMs ?? 0);
  }

  /** As `ColleagueClocks.aheadMs`. */
  aheadMs(node: NodeId): number | undefined {
    this.#look();
    return this.#clocks.aheadMs(node);
  }

  /** Whether enough colleagues' clocks are known to tell whether this one is right. */
  get isKnown(): boolean {
    this.#look();
    return this.#clocks.ownAheadMs !== undefined;
  }

  /** A beat told the time of a node. @param ask asks a node for a beat */
  heard(told: ClockReading, ask: (node: NodeId) => void): void {
    this.#look();
    if (!this.#clocks.measure(told)) return;
    this.#judge();
    for (const node of this.#clocks.toAsk(this.#othersToAsk())) {
      this.#askedAt.set(node, this.#parts.clock.monotonic());
      ask(node);
    }
  }

  /** This node is in another office, or in none. */
  forget(): void {
    this.#clocks.forget();
    this.#askedAt.clear();
    this.#tell(undefined);
  }

  close(): void {
    this.#cancel?.();
  }

  /** Notices that somebody has set the clock right, before a colleague confirms it. */
  #look(): void {
    const stepMs = this.#clocks.look();
    if (stepMs === 0) return;
    this.#askedAt.clear();
    if (this.#toldMs !== undefined && Math.abs(this.#toldMs + stepMs) < WRONG_MS) this.#tell(undefined);
  }

  /** Beginning with another one each time, so that not all nodes ask the same few. */
  #othersToAsk(): readonly NodeId[] {
    const { clock, online, random } = this.#parts;
    const now = clock.monotonic();
    const others = online().filter((node) => now - (this.#askedAt.get(node) ?? -Infinity) >= ASK_AGAIN_MS);
    const from = Math.floor(random.fraction() * others.length);
    return [...others.slice(from), ...others.slice(0, from)];
  }

  #judge(): void {
    const aheadMs = this.#clocks.ownAheadMs;
    if (aheadMs === undefined) return;
    const isWrong = Math.abs(aheadMs) > (this.#toldMs === undefined ? WRONG_MS : RIGHT_MS);
    if (!isWrong) this.#tell(undefined);
    else if (Math.abs(aheadMs - (this.#toldMs ?? Infinity)) >= OTHERWISE_MS) this.#tell(aheadMs);
  }

  #tell(aheadMs: number | undefined): void {
    if (aheadMs === this.#toldMs) return;
    this.#toldMs = aheadMs;
    this.#parts.trouble(aheadMs === undefined ? undefined : wrongClock(aheadMs));
    this.#cancel?.();
    this.#cancel = undefined;
    if (aheadMs !== undefined) this.#lookLater();
  }

  #lookLater(): void {
    this.#cancel = this.#parts.schedule(() => {
      this.#look();
      if (this.#toldMs !== undefined) this.#lookLater();
    }, LOOK_MS);
  }
}

/** The sentence for the person whose clock it is. @param aheadMs how far it is ahead of the office's, ms */
export function wrongClock(aheadMs: number): LocalizedText {
  const { amount, unit } = roughly(Math.abs(aheadMs));
  const isAhead = aheadMs > 0;
  const much = `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`;
  const sentence = `This computer’s clock is ${much} ${isAhead ? 'ahead of' : 'behind'} the office’s.`;
  return localizedText('clock-wrong', sentence, { amount, unit, isAhead });
}

function roughly(ms: number): {
  readonly amount: number;
  readonly unit: 'minutes' | 'hours' | 'days' | 'years';
} {
  const inUnits = (unitMs: number): number => Math.round(ms / unitMs);
  if (ms < 2 * HOUR_MS) return { amount: inUnits(MINUTE_MS), unit: 'minutes' };
  if (ms < 2 * DAY_MS) return { amount: inUnits(HOUR_MS), unit: 'hours' };
  if (ms < 2 * YEAR_MS) return { amount: inUnits(DAY_MS), unit: 'days' };
  return { amount: inUnits(YEAR_MS), unit: 'years' };
}
