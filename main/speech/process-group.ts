import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** Windows has no process groups and no signal that stops a process. */
const HAS_GROUPS = process.platform !== 'win32';
/** Whether a process can be stopped and continued. */
export const CAN_STOP = HAS_GROUPS;

/** How urgently an engine works. The node's own priority is raised, and no engine may have that. */
export type Urgency = 'awaited' | 'background';
export const NICE: Readonly<Record<Urgency, number>> = {
  awaited: constants.priority.PRIORITY_NORMAL,
  background: constants.priority.PRIORITY_LOW,
};

/** Windows' own program ends a process with those that it has started. */
const TASKKILL_LIMIT_MS = 2000;

const alive = new Set<number>();

/** Starts a program without a shell, in a process group of its own, so that it can be ended with all that it has started. */
export function startGroup(
  program: string,
  args: readonly string[],
  urgency: Urgency,
): ChildProcessWithoutNullStreams {
  const child = spawn(program, args, { detached: HAS_GROUPS, windowsHide: true, stdio: 'pipe' });
  const { pid } = child;
  if (pid === undefined) return child;
  if (alive.size === 0) process.on('exit', endAll);
  alive.add(pid);
  child.once('exit', () => {
    // What it has started and left behind. Without groups it cannot be found any more.
    if (HAS_GROUPS) signalGroup(pid, 'SIGKILL');
    alive.delete(pid);
    if (alive.size === 0) process.off('exit', endAll);
  });
  makeNice(pid, urgency);
  return child;
}

/**
 * Signals all processes of a group that `startGroup` has made; `pid`: its program, undefined where that could not be started. A group that
 * has ended gets none: its number may be another's by then.
 */
export function signalGroup(pid: number | undefined, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
  if (pid === undefined || !alive.has(pid)) return;
  try {
    if (HAS_GROUPS) process.kill(-pid, signal);
    else if (signal === 'SIGKILL') {
      const kill = spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], {
        ...{ windowsHide: true, stdio: 'ignore', timeout: TASKKILL_LIMIT_MS },
      });
      if (kill.error) process.kill(pid);
    }
  } catch {
    // It has ended.
  }
}

/** Sets the priority of a process that has just been started. */
function makeNice(pid: number, urgency: Urgency): void {
  const nice = NICE[urgency];
  try {
    setPriority(pid, nice);
    // A new session is an autogroup of its own, within which alone Linux compares nice values (sched(7)).
    if (process.platform === 'linux') writeFileSync(`/proc/${pid}/autogroup`, String(nice));
  } catch {
    // It has ended, or this system has no autogroups.
  }
}

function endAll(): void {
  for (const pid of alive) signalGroup(pid, 'SIGKILL');
}
