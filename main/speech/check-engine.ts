import { access, constants } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { engineMissing } from './engine-errors.ts';
import { hearingIn, listeningIn } from './sherpa-setup.ts';
import { programOf } from './split-command.ts';

/** What makes text of voice: a command, or a folder with a model. */
type Chosen = { readonly command: string } | { readonly model: string };

/**
 * Looks whether it can be used at all, so that whoever chooses it learns that at once, and not by the next message.
 * @param isLive it is to hear while somebody speaks
 * @throws CorridorError that says what is wrong with the command, or the folder
 */
export async function checkEngine(chosen: Chosen, isLive: boolean): Promise<void> {
  if ('command' in chosen) {
    const { program } = programOf(chosen.command);
    if (!(await isProgram(program))) throw engineMissing(basename(program));
    return;
  }
  await (isLive ? listeningIn : hearingIn)(chosen.model);
}

/** Whether the system would find that program. */
async function isProgram(program: string): Promise<boolean> {
  const isWindows = process.platform === 'win32';
  const endings = isWindows ? ['', ...(process.env['PATHEXT'] ?? '.EXE').split(';')] : [''];
  const isPath = program.includes('/') || (isWindows && program.includes('\\'));
  const folders = isPath ? [''] : (process.env['PATH'] ?? '').split(delimiter);
  for (const folder of folders)
    for (const ending of endings) if (await canRun(join(folder, program + ending))) return true;
  return false;
}

async function canRun(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
