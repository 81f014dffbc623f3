import type { EngineSetup } from './child-protocol.ts';
import { readModelFolder } from './model-folder.ts';
import { hearingModel } from './model-kinds.ts';
import { hearingSetup, listeningSetup } from './sherpa-config.ts';
import { findLibrary } from './sherpa-library.ts';

type Setup = Omit<EngineSetup, 'nice'>;

/** How sherpa-onnx hears what was recorded, by the model in a folder. @throws CorridorError that says what is wrong with the folder */
export async function hearingIn(folder: string, language?: string): Promise<Setup> {
  return hearingSetup(await readModelFolder(folder, hearingModel), folder, findLibrary(folder), language);
}

/** The same, of what is being spoken. */
export async function listeningIn(folder: string): Promise<Setup> {
  return listeningSetup(await readModelFolder(folder, hearingModel), folder, findLibrary(folder));
}
