// Draws the icon of the packages: node scripts/icons.mjs writes build/icon.png (512 by 512).
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, runHere, typescriptNode } from './say.mjs';

const SIZE = 512;

// The drawing is the tray's, in TypeScript.
if (typescriptNode() !== process.execPath) {
  process.exitCode = await runHere(typescriptNode(), [process.argv[1] ?? '']);
} else {
  const { drawIcon } = await import('../main/desktop/draw-icon.ts');
  const { encodePng } = await import('../main/desktop/encode-png.ts');
  await mkdir(join(root, 'build'), { recursive: true });
  await writeFile(join(root, 'build', 'icon.png'), encodePng(drawIcon(SIZE, { kind: 'idle' }), SIZE));
}
