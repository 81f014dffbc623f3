import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PresenceExpiry } from './presence-expiry.ts';

/** A clock that a test moves, and whose timers stand still while the computer sleeps. */
class Clock {
  at = 1_000_000;
  readonly #due = new Set<{ at: number; task: () => void }>();

  readonly now = (): number => this.at;
  readonly schedule = (task: () => void, ms: number): (() => void) => {
    const entry = { at: this.at + ms, task };
    this.#due.add(entry);
    return () => void this.#due.delete(entry);
  };

  get waiting(): number {
    return this.#due.size;
  }

  pass(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const [next] = [...this.#due].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#due.delete(next);
      this.at = next.at;
      next.task();
    }
    this.at = end;
  }

  sleep(ms: number): void {
    this.at += ms;
    for (const entry of this.#due) entry.at += ms;
  }
}

function expiring(): { clock: Clock; expiry: PresenceExpiry; ended: () => number } {
  const clock = new Clock();
  let ended = 0;
  const expiry = new PresenceExpiry({
    now: clock.now,
    schedule: clock.schedule,
    ended: () => (ended += 1),
  });
  return { clock, expiry, ended: () => ended };
}

describe('a presence with an end', () => {
  it('ends once, at its time, however far that is', () => {
    const { clock, expiry, ended } = expiring();
    expiry.set(clock.at + 40 * 24 * 60 * 60 * 1000);
    clock.pass(40 * 24 * 60 * 60 * 1000 - 1);
    assert.equal(ended(), 0);
    clock.pass(1);
    assert.equal(ended(), 1);
    clock.pass(100_000);
    assert.equal(ended(), 1);
    assert.equal(clock.waiting, 0);
  });

  it('has ended where the time was past when the node started', () => {
    const { clock, expiry, ended } = expiring();
    expiry.set(clock.at - 1);
    assert.equal(ended(), 1);
    assert.equal(clock.waiting, 0);
  });

  it('follows another choice, and none', () => {
    const { clock, expiry, ended } = expiring();
    expiry.set(clock.at + 1000);
    expiry.set(clock.at + 60_000);
    clock.pass(59_999);
    assert.equal(ended(), 0);
    expiry.set(null);
    clock.pass(60_000);
    assert.equal(ended(), 0);
    assert.equal(clock.waiting, 0);
  });

  it('ends soon after a sleep over its time, though timers slept too', () => {
    const { clock, expiry, ended } = expiring();
    expiry.set(clock.at + 60 * 60 * 1000);
    clock.pass(1000);
    clock.sleep(8 * 60 * 60 * 1000);
    clock.pass(30_000);
    assert.equal(ended(), 1);
  });
});
