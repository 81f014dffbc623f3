/** Runs a task after a time, ms, and returns what prevents it. */
export type Schedule = (task: () => void, ms: number) => () => void;

/** Node's own timers; none of them keeps a process alive. */
export const schedule: Schedule = (task, ms) => {
  const timer = setTimeout(task, ms);
  timer.unref();
  return () => clearTimeout(timer);
};

/** Resolves when whatever else waits for this thread has had its turn. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
