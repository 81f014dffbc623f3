import assert from 'node:assert/strict';

/** How long a test waits for what must come, ms. Only a failing test waits this long, so it may be far more than any computer needs. */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 10;

/**
 * Waits until `passes` is true, for a state without an event. `what` is the sentence of the failure: what should have happened, or a
 * function that describes the actual state.
 */
export async function eventually(
  passes: () => boolean | Promise<boolean>,
  what: string | (() => string),
  withinMs = PATIENCE_MS,
): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await passes())) {
    const sentence = typeof what === 'string' ? what : what();
    assert.ok(performance.now() < until, `not within ${withinMs} ms: ${sentence}`);
    await delay(LOOK_EVERY_MS);
  }
}

/** Lets time pass, for tests that are about time itself; never to wait for something that can be observed. */
export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
