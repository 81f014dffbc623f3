import { readFileSync } from 'node:fs';

/** Linux counts a hundred a second in what it tells programs (USER_HZ). */
const TICK_MS = 10;
/** The place of a process's start among the fields after its name in `/proc/self/stat`: `starttime` in proc(5). */
const START_FIELD = 19;

/**
 * When this program was started, ms, of a clock that only programs of this computer share. On Linux it orders programs as they were
 * started, however long each took to load: no later one has a smaller time.
 */
export function startedAt(): number {
  return startByProc() ?? performance.timeOrigin;
}

function startByProc(): number | undefined {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD]);
    return Number.isSafeInteger(ticks) && ticks > 0 ? ticks * TICK_MS : undefined;
  } catch {
    return undefined;
  }
}
