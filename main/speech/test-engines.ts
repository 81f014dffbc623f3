import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { CorridorError } from '../model/index.ts';
import { WorkFolder } from './work-folder.ts';

export { engineScript } from '../../test/support/engine-script.ts';
export { stateOf } from '../../test/support/process-state.ts';

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

/** The beginning of an engine: writes the number of its process into the file that is its first argument. */
export const WRITES_PID = `require('node:fs').writeFileSync(process.argv[2], String(process.pid))`;

/** The rest of an engine: works until that file is there, and then prints what was said. */
export function saysOnceThereIs(path: string): string {
  return `setInterval(() => {
    if (!require('node:fs').existsSync(${JSON.stringify(path)})) return;
    console.log('said');
    process.exit();
  }, 10)`;
}
