import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CorridorError, whyOf } from '../model/index.ts';
import { modelDamaged, modelUnknown } from './engine-errors.ts';
import type { Found, Model, ModelFile } from './model-kinds.ts';
import { readOnnx, type FileFacts } from './onnx-file.ts';

/** A model folder has some ten files; a folder with more entries is another one, which is not read to its end. */
const MAX_ENTRIES = 500;
const GIT_LFS = 'version https://git-lfs';

/**
 * The model in a folder of the person's.
 * @param find `hearingModel` or `speakingModel`
 * @throws CorridorError that says what is wrong with the folder
 */
export async function readModelFolder(
  folder: string,
  find: (files: readonly ModelFile[]) => Found,
): Promise<Model> {
  const found = find(await filesIn(folder));
  if ('model' in found) return found.model;
  throw 'damaged' in found ? modelDamaged(found.damaged, found.fault) : modelUnknown(folder);
}

async function filesIn(folder: string): Promise<ModelFile[]> {
  try {
    const names = (await readdir(folder)).sort().slice(0, MAX_ENTRIES);
    return await Promise.all(names.map(async (name) => ({ name, facts: await factsOf(join(folder, name)) })));
  } catch (error) {
    const why = whyOf(error);
    throw new CorridorError('model-unreadable', `The folder ${folder} cannot be read (${why}).`, {
      details: { folder, why },
      cause: error,
    });
  }
}

async function factsOf(path: string): Promise<FileFacts> {
  const info = await stat(path);
  if (info.isDirectory()) return { metadata: {} };
  if (path.endsWith('.onnx')) return readOnnx(path);
  if (info.size === 0) return { fault: 'empty' };
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(GIT_LFS.length), 0, GIT_LFS.length, 0);
    return buffer.toString('latin1') === GIT_LFS ? { fault: 'pointer' } : { metadata: {} };
  } finally {
    await file.close();
  }
}
