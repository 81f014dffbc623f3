import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CorridorError } from '../model/index.ts';

const LIBRARY = 'sherpa-onnx-node';

/**
 * Where the person has installed the library: its main file. It is looked for as Node.js does, in the model's folder and those above it
 * (`node_modules/sherpa-onnx-node`), and then where npm installs for all. Corridor's packages do not contain it: it has eSpeak NG's code in
 * it, which is under the GPL.
 * @throws CorridorError `library-missing`
 */
export function findLibrary(modelFolder: string): string {
  const { resolve } = createRequire(join(modelFolder, 'package.json'));
  try {
    return resolve(LIBRARY, { paths: [modelFolder, ...globalFolders()] });
  } catch (error) {
    throw new CorridorError(
      'library-missing',
      `This model needs the library ${LIBRARY}. Install it, for instance by npm install --prefix "${modelFolder}" ${LIBRARY}.`,
      { details: { library: LIBRARY, folder: modelFolder }, cause: error },
    );
  }
}

/** The folders above `node_modules` of npm's global packages. */
function globalFolders(): string[] {
  const { APPDATA } = process.env;
  if (process.platform === 'win32') return APPDATA === undefined ? [] : [join(APPDATA, 'npm')];
  return ['/usr/local/lib', '/usr/lib', '/opt/homebrew/lib'];
}
