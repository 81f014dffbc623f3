/** How long after anybody's last word the work goes on: an answer begins within a moment, and would stop it again. */
export const QUIET_MS = 500;

/** How far a message's transcript is. */
export type TranscriptState =
  | { readonly name: 'waiting' }
  /** `part`: 0 to 1. */
  | { readonly name: 'working'; readonly part: number; readonly isPaused: boolean }
  | { readonly name: 'failed' };

export type QueueInput =
  /** A message wants a transcript; `arrivedAt` orders them: later is newer. */
  | { readonly type: 'add'; readonly id: string; readonly arrivedAt: number; readonly isHeard: boolean }
  | { readonly type: 'heard'; readonly id: string }
  /** The message is deleted, or wants no transcript any more. */
  | { readonly type: 'remove'; readonly id: string }
  /** The person wants this one now, also where it failed before. */
  | { readonly type: 'ask'; readonly id: string }
  /** The setting of the engine changed. `canPause`: see `Recogniser`. */
  | { readonly type: 'engine'; readonly isThere: boolean; readonly canPause: boolean }
  /** Whether a key is down here or at a talker, or somebody is in a call. */
  | { readonly type: 'talk'; readonly isTalking: boolean }
  | { readonly type: 'progress'; readonly id: string; readonly part: number }
  | { readonly type: 'done'; readonly id: string }
  | { readonly type: 'failed'; readonly id: string }
  /** The time of the last `schedule` has come. */
  | { readonly type: 'time' };

/** What is to be done, in this order. */
export type QueueOutput =
  | { readonly type: 'start'; readonly id: string }
  /** Ends the work on this message: its `done` or `failed` is not awaited any more. */
  | { readonly type: 'stop'; readonly id: string }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  /** `time` is wanted then, instead of at an earlier schedule's time. */
  | { readonly type: 'schedule'; readonly at: number }
  /** The state of this message has changed; undefined: it is in the queue no more. */
  | { readonly type: 'changed'; readonly id: string; readonly state: TranscriptState | undefined };

interface Entry {
  readonly arrivedAt: number;
  isHeard: boolean;
  /** The count of the person's wishes when they asked for it; 0: they have not. */
  asked: number;
  hasFailed: boolean;
}

interface Work {
  readonly id: string;
  part: number;
  isPaused: boolean;
}

/**
 * Which message is transcribed when: one at a time; what the person asked for first, then the newest unheard one, then the newest heard one.
 * While somebody talks nothing is worked on. A message that failed waits until the person asks or the engine's setting changes. Pure: times
 * are milliseconds by one clock of the caller's.
 */
export class TranscriptionQueue {
  readonly #entries = new Map<string, Entry>();
  #work: Work | undefined;
  #engine = { isThere: false, canPause: false };
  #isTalking = false;
  /** Nothing begins or goes on before. */
  #quietAt = -Infinity;
  #asks = 0;
  #outputs: QueueOutput[] = [];

  step(input: QueueInput, now: number): QueueOutput[] {
    this.#take(input, now);
    this.#goOn(now);
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  /** undefined: the message is not in the queue. */
  stateOf(id: string): TranscriptState | undefined {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    if (this.#work?.id === id)
      return { name: 'working', part: this.#work.part, isPaused: this.#work.isPaused };
    return { name: entry.hasFailed ? 'failed' : 'waiting' };
  }

  #take(input: QueueInput, now: number): void {
    switch (input.type) {
      case 'add':
        this.#add(input);
        break;
      case 'heard': {
        const entry = this.#entries.get(input.id);
        if (entry) entry.isHeard = true;
        break;
      }
      case 'remove':
        this.#stop(input.id);
        this.#leave(input.id);
        break;
      case 'ask':
        this.#ask(input.id);
        break;
      case 'engine':
        this.#changeEngine(input);
        break;
      case 'talk':
        this.#talk(input.isTalking, now);
        break;
      case 'progress':
        this.#progress(input);
        break;
      case 'done':
        if (this.#finish(input.id)) this.#leave(input.id);
        break;
      case 'failed':
        if (this.#finish(input.id)) this.#fail(input.id);
        break;
      case 'time':
        // A timer may be a fraction of a millisecond early.
        if (now < this.#quietAt) this.#outputs.push({ type: 'schedule', at: this.#quietAt });
        break;
    }
  }

  #add({ id, arrivedAt, isHeard }: Extract<QueueInput, { type: 'add' }>): void {
    if (this.#entries.has(id)) return;
    this.#entries.set(id, { arrivedAt, isHeard, asked: 0, hasFailed: false });
    this.#tell(id);
  }

  #ask(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.asked = ++this.#asks;
    if (!entry.hasFailed) return;
    entry.hasFailed = false;
    this.#tell(id);
  }

  #fail(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.hasFailed = true;
    this.#tell(id);
  }

  #changeEngine({ isThere, canPause }: Extract<QueueInput, { type: 'engine' }>): void {
    this.#stop(this.#work?.id);
    this.#engine = { isThere, canPause };
    for (const [id, entry] of this.#entries) {
      if (!entry.hasFailed) continue;
      entry.hasFailed = false;
      this.#tell(id);
    }
  }

  #talk(isTalking: boolean, now: number): void {
    if (isTalking === this.#isTalking) return;
    this.#isTalking = isTalking;
    if (!isTalking) {
      this.#quietAt = now + QUIET_MS;
      this.#outputs.push({ type: 'schedule', at: this.#quietAt });
    } else if (!this.#engine.canPause) this.#stop(this.#work?.id);
    else this.#pause(true);
  }

  #progress({ id, part }: Extract<QueueInput, { type: 'progress' }>): void {
    if (this.#work?.id !== id || part <= this.#work.part) return;
    this.#work.part = Math.min(1, part);
    this.#tell(id);
  }

  /** Does what may be done now. */
  #goOn(now: number): void {
    if (this.#isTalking || now < this.#quietAt || !this.#engine.isThere) return;
    if (this.#work) {
      this.#pause(false);
      return;
    }
    const id = this.#next();
    if (id === undefined) return;
    this.#work = { id, part: 0, isPaused: false };
    this.#outputs.push({ type: 'start', id });
    this.#tell(id);
  }

  #next(): string | undefined {
    let first: { readonly id: string; readonly entry: Entry } | undefined;
    for (const [id, entry] of this.#entries) {
      if (!entry.hasFailed && (!first || isBefore(entry, first.entry))) first = { id, entry };
    }
    return first?.id;
  }

  #pause(isPaused: boolean): void {
    if (!this.#work || this.#work.isPaused === isPaused) return;
    this.#work.isPaused = isPaused;
    this.#outputs.push({ type: isPaused ? 'pause' : 'resume' });
    this.#tell(this.#work.id);
  }

  /** Ends the work on a message, if it is the one that is worked on. It waits again. */
  #stop(id: string | undefined): void {
    if (!this.#work || this.#work.id !== id) return;
    this.#outputs.push({ type: 'stop', id });
    if (this.#work.isPaused) this.#outputs.push({ type: 'resume' });
    this.#work = undefined;
    this.#tell(id);
  }

  /** Whether it was this message that was worked on. */
  #finish(id: string): boolean {
    if (this.#work?.id !== id) return false;
    if (this.#work.isPaused) this.#outputs.push({ type: 'resume' });
    this.#work = undefined;
    return true;
  }

  #leave(id: string): void {
    if (this.#entries.delete(id)) this.#tell(id);
  }

  #tell(id: string): void {
    this.#outputs.push({ type: 'changed', id, state: this.stateOf(id) });
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  if (a.asked !== b.asked) return a.asked > b.asked;
  if (a.isHeard !== b.isHeard) return b.isHeard;
  return a.arrivedAt > b.arrivedAt;
}
