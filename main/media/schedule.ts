/** Runs a task after a time, ms, and returns what prevents it. */
export type Schedule = (task: () => void, ms: number) => () => void;

/** This thread's own timers. */
export const schedule: Schedule = (task, ms) => {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
};
