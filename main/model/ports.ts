/** The times a state machine or a room may ask for. A simulation gives its own. */
export interface Clock {
  /** Milliseconds since the epoch; a person may set it. */
  now(): number;
  /** Milliseconds that never go back, whatever a person sets; the same for all threads of this process. */
  monotonic(): number;
}

/** This computer's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.timeOrigin + performance.now(),
};

/** That many bytes nobody can guess. */
export type RandomBytes = (count: number) => Uint8Array;
