import { readdirSync, readFileSync } from 'node:fs';

/** The state of a process as the kernel sees it (proc(5)): R, S, T …; undefined: it has ended. */
export function stateOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    return state === 'Z' ? undefined : state;
  } catch {
    return undefined;
  }
}

/** The processes of a program that a process started itself. The kernel knows 15 letters of a name (proc(5)). */
export function childrenOf(parent: number, program: string): readonly number[] {
  const isOne = (pid: number): boolean => {
    try {
      const [, name, its] = /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
      return name === program.slice(0, 15) && Number(its) === parent && stateOf(pid) !== undefined;
    } catch {
      return false;
    }
  };
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && isOne(pid));
}
