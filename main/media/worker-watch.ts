import type { WorkerCommand, WorkerEvent } from './protocol.ts';

/** How long after an order or an event the thread is asked whether it lives, if nothing was heard meanwhile, ms. */
export const QUIET_MS = 1000;
/** While somebody talks, records or is in a call it is asked this often, ms. */
export const ALONG_MS = 2000;
/** It answers within this time, or it hangs, ms. Opening a device takes a loaded computer some seconds. */
export const ANSWER_MS = 6000;
/** An order that ends something is carried out within this time, ms. */
export const DONE_MS = 10_000;
/** A thread has loaded within this time, ms. */
export const START_MS = 30_000;
/** A look that comes this much later than it was due shows that this thread stood still, or the computer slept, ms. */
const LATE_MS = 500;

/**
 * Notices that the media worker's thread hangs: it neither ends nor answers. It is asked only after something was heard of it or said to
 * it, and while something goes on for which nobody would hear of it. Pure: times are milliseconds by one clock of the caller's.
 */
export class WorkerWatch {
  #pingAt: number | undefined;
  #answerBy: number | undefined;
  /** What has to come, and by when: the end of what was stopped, by its id, and others by their names. */
  readonly #awaited = new Map<string, number>();
  /** Talks, recordings and calls, by id. */
  readonly #underWay = new Set<string>();

  /** When `look` is due; undefined: nothing is awaited. */
  get dueAt(): number | undefined {
    const at = Math.min(this.#pingAt ?? Infinity, this.#answerBy ?? Infinity, ...this.#awaited.values());
    return at === Infinity ? undefined : at;
  }

  /** A thread begins to load. */
  begin(now: number): void {
    this.end();
    this.#awaited.set('start', now + START_MS);
  }

  /** There is no thread any more. */
  end(): void {
    this.#pingAt = this.#answerBy = undefined;
    this.#awaited.clear();
    this.#underWay.clear();
  }

  /** The thread was given an order. */
  posted(command: WorkerCommand, now: number): void {
    if (command.type === 'ping') return;
    if (command.type === 'talk' || command.type === 'record' || command.type === 'call')
      this.#underWay.add(command.id);
    else if (command.type === 'call-end') this.#underWay.delete(command.id);
    else if (command.type === 'bind' || command.type === 'rest')
      this.#awaited.set(command.type, now + DONE_MS);
    else if (command.type === 'talk-stop' || command.type === 'record-stop') {
      // Its end may have come already.
      if (this.#underWay.has(command.id)) this.#awaited.set(command.id, now + DONE_MS);
    }
    if (this.#answerBy === undefined) this.#askAt(Math.min(this.#pingAt ?? Infinity, now + QUIET_MS));
  }

  /** The thread told something. */
  heard(event: WorkerEvent, now: number): void {
    this.#settle(event);
    if (event.type === 'pong') {
      this.#answerBy = undefined;
      this.#askAt(this.#underWay.size > 0 ? now + ALONG_MS : undefined);
    } else if (this.#answerBy === undefined) this.#askAt(now + QUIET_MS);
    else this.#answerBy = now + ANSWER_MS;
  }

  /** To be called at `dueAt`. `ping`: it is to be asked; `hung`: it hangs. */
  look(now: number): 'ping' | 'hung' | undefined {
    const { dueAt } = this;
    if (dueAt === undefined || now < dueAt) return undefined;
    // What it answered meanwhile waits to be read.
    if (now - dueAt > LATE_MS) this.#prolong(now);
    if ((this.#answerBy ?? Infinity) <= now || [...this.#awaited.values()].some((by) => by <= now))
      return 'hung';
    if ((this.#pingAt ?? Infinity) > now) return undefined;
    this.#pingAt = undefined;
    this.#answerBy = now + ANSWER_MS;
    return 'ping';
  }

  /** A thread that may rest ends, or says that it stays: nothing else is asked of it. */
  #askAt(at: number | undefined): void {
    this.#pingAt = this.#awaited.has('rest') ? undefined : at;
  }

  #prolong(now: number): void {
    if (this.#answerBy !== undefined) this.#answerBy = now + ANSWER_MS;
    for (const [what, by] of this.#awaited) this.#awaited.set(what, Math.max(by, now + ANSWER_MS));
  }

  #settle(event: WorkerEvent): void {
    if (event.type === 'started') this.#awaited.delete('start');
    else if (event.type === 'stays') this.#awaited.delete('rest');
    else if (event.type === 'bound' || event.type === 'bind-failed') this.#awaited.delete('bind');
    else if (event.type === 'talk-renewed') this.#underWay.add(event.next);
    else if (event.type === 'talk-ended' || event.type === 'recorded' || event.type === 'call-failed') {
      this.#underWay.delete(event.id);
      this.#awaited.delete(event.id);
    }
  }
}
