import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { CorridorError } from '../model/index.ts';
import { WorkFolder } from './work-folder.ts';

export { engineScript } from '../../test/support/engine-script.ts';

export function workFolder(): WorkFolder {
  return new WorkFolder(join(tempFolder('speech'), 'work'));
}

/** The code and the sentence that a promise rejects with. */
export async function refusal(promise: Promise<unknown>): Promise<{ code: string; sentence: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof CorridorError) return { code: error.code, sentence: error.message };
    throw error;
  }
  throw new Error('it was not refused');
}

/** Why a program that the test needs is not here; false: it is. */
export function without(program: string, debian: string): string | false {
  const { error } = spawnSync(program, ['--version'], { stdio: 'ignore' });
  return error ? `${program} is not installed (Debian: ${debian})` : false;
}

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
