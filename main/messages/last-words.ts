import { FRAME_MS, type MessageId } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';

/** Part of a message that was heard without a break: fragments, half-open. */
export interface HeardRun {
  readonly id: MessageId;
  readonly from: number;
  readonly to: number;
}

/** How much speech is kept for hearing it again. */
const LAST_WORDS_MS = 30_000;
const KEPT_FRAGMENTS = LAST_WORDS_MS / FRAME_MS;
/** 64 parts of half a second are 32 s; speech in smaller parts than that is not kept fully. */
const MAX_RUNS = 64;
/**
 * A position that is further on than this, in fragments, is a jump: positions are reported every 200 ms, at 2.5 times the speed at
 * most.
 */
const WITHIN_REPORTS = 200;

interface Run extends HeardRun {
  /** More of this part may follow, also while another voice is heard beside it. */
  readonly isOpen: boolean;
}

/** Keeps which parts of messages were heard in the last 30 s of speech, live or played, of all talkers. Pure. */
export class LastWords {
  #runs: readonly Run[] = [];

  /** The parts that were heard last, in the order in which they began: 30 s at most, and none that is empty. */
  get runs(): readonly HeardRun[] {
    return lastOf(this.#runs);
  }

  /** This message is being heard, and has come to fragment `n`. */
  at(id: MessageId, n: number): void {
    this.#reach(id, n, true);
  }

  /** It is not heard any longer. What was heard of it ended before fragment `n`. */
  ended(id: MessageId, n: number): void {
    this.#reach(id, n, false);
  }

  #reach(id: MessageId, n: number, isOpen: boolean): void {
    const index = this.#runs.findLastIndex((run) => run.id === id && run.isOpen);
    const run = this.#runs[index];
    const goesOn = run && n >= run.to && n - run.to <= WITHIN_REPORTS;
    const others = this.#runs.map((one, i) => (i === index ? { ...one, isOpen: false } : one));
    if (goesOn) others[index] = { ...run, to: n, isOpen };
    else if (isOpen) others.push({ id, from: n, to: n, isOpen });
    // One that has just begun is of no length yet.
    this.#runs = others.filter((one) => one.isOpen || one.to > one.from).slice(-MAX_RUNS);
  }
}

interface Here {
  readonly speaking: MessageId | undefined;
  readonly isShown: (id: MessageId) => boolean;
  /** What this person heard, the last one first. */
  readonly heardLast: Iterable<StoredMessage>;
}

/**
 * The parts to play again: while somebody speaks, theirs alone; otherwise the last ones whose messages are still shown. If there are
 * none, because the node has just started, the last 30 s of the messages that were heard before the start.
 */
export function toHearAgain(heard: readonly HeardRun[], here: Here): readonly HeardRun[] {
  const { speaking, isShown, heardLast } = here;
  if (speaking !== undefined) return heard.filter(({ id }) => id === speaking);
  const now = heard.filter(({ id }) => isShown(id));
  return now.length > 0 ? now : heardBefore(heardLast);
}

function heardBefore(heardLast: Iterable<StoredMessage>): readonly HeardRun[] {
  const before: HeardRun[] = [];
  let fragments = 0;
  for (const { id, local, manifest } of heardLast) {
    const count = manifest?.facts.count;
    if (count === undefined || local.deletedAt !== undefined) continue;
    before.unshift({ id, from: 0, to: count });
    fragments += count;
    if (fragments >= KEPT_FRAGMENTS) break;
  }
  return lastOf(before);
}

/** The last 30 s of these. */
function lastOf(runs: readonly HeardRun[]): readonly HeardRun[] {
  let left = KEPT_FRAGMENTS;
  const kept: HeardRun[] = [];
  for (const { id, from, to } of [...runs].reverse()) {
    const begin = Math.max(from, to - left);
    if (to > begin) kept.unshift({ id, from: begin, to });
    left -= to - begin;
  }
  return kept;
}
