/** Runs a task after a time, ms. Returns a function that cancels it. */
export type Schedule = (task: () => void, ms: number) => () => void;

/** Node's own timers, which do not keep the process alive. */
export const schedule: Schedule = (task, ms) => {
  const timer = setTimeout(task, ms);
  timer.unref();
  return () => clearTimeout(timer);
};

/** Resolves when other work of the thread has had its turn. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
