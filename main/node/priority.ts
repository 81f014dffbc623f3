import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Above normal on Windows, nice -11 elsewhere: what sound servers run at. */
const PRIORITY = -11;

/**
 * Asks the system to run this process before others that can wait: speech cannot. Where that needs a right which this
 * user has not (most Linux desktops), everything goes on as before. Returns whether it was granted.
 */
export function raisePriority(): boolean {
  try {
    for (const thread of threads()) setPriority(thread, PRIORITY);
    return true;
  } catch {
    return false;
  }
}

/** On Linux each thread has a priority of its own and hands it to those it starts; elsewhere the process has one (0: this). */
function threads(): number[] {
  if (process.platform !== 'linux') return [0];
  return readdirSync('/proc/self/task').map(Number);
}
