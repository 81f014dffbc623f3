// Draws the icons of the packages: node scripts/icons.mjs writes build/icon.png, icon.ico, icon.icns and icons/.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, runHere, typescriptNode } from './project.mjs';

/** Linux: one file for each size. */
const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
/** Windows: the small sizes as bitmaps, which all readers support; the large one as PNG. */
const WINDOWS_SIZES = [16, 20, 24, 32, 40, 48, 64, 128, 256];
/** macOS: the four-letter type of each size. */
const MAC_SIZES = {
  icp4: 16,
  icp5: 32,
  ic11: 32,
  ic12: 64,
  ic07: 128,
  ic08: 256,
  ic13: 256,
  ic09: 512,
  ic14: 512,
  ic10: 1024,
};
/** On macOS the drawing has a margin, like other icons in the Dock: 824 of 1024. */
const MAC_SHARE = 824 / 1024;

// The drawing code is the tray's, in TypeScript.
if (typescriptNode() !== process.execPath) {
  process.exitCode = await runHere(typescriptNode(), [process.argv[1] ?? '']);
} else {
  const { drawIcon } = await import('../main/desktop/draw-icon.ts');
  const { encodePng } = await import('../main/desktop/encode-png.ts');
  const draw = (size) => drawIcon(size, { kind: 'idle' });
  const png = (size) => encodePng(draw(size), size);
  const folder = join(root, 'build');
  await mkdir(join(folder, 'icons'), { recursive: true });
  await writeFile(join(folder, 'icon.png'), png(512));
  for (const size of LINUX_SIZES) await writeFile(join(folder, 'icons', `${size}x${size}.png`), png(size));
  const images = WINDOWS_SIZES.map((size) => ({
    size,
    data: size < 256 ? bitmap(draw(size), size) : png(size),
  }));
  await writeFile(join(folder, 'icon.ico'), ico(images));
  const sizes = Object.entries(MAC_SIZES).map(([type, size]) => ({
    type,
    data: encodePng(withMargin(draw, size), size),
  }));
  await writeFile(join(folder, 'icon.icns'), icns(sizes));
}

/** The drawing in the middle of a square of `size` pixels. */
function withMargin(draw, size) {
  const inner = Math.round(size * MAC_SHARE);
  const from = Math.floor((size - inner) / 2);
  const pixels = new Uint8Array(size * size * 4);
  const drawn = draw(inner);
  for (let y = 0; y < inner; y += 1) {
    pixels.set(drawn.subarray(y * inner * 4, (y + 1) * inner * 4), ((y + from) * size + from) * 4);
  }
  return pixels;
}

/** A Windows icon file: a directory of 16 bytes an image, then the images. */
function ico(images) {
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let at = head.length;
  for (const [index, { size, data }] of images.entries()) {
    const entry = 6 + 16 * index;
    // 256 is encoded as 0.
    head[entry] = size % 256;
    head[entry + 1] = size % 256;
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(data.length, entry + 8);
    head.writeUInt32LE(at, entry + 12);
    at += data.length;
  }
  return Buffer.concat([head, ...images.map(({ data }) => data)]);
}

/** An image in an icon file: a bitmap header with twice the height, BGRA rows from bottom to top, and an empty mask. */
function bitmap(rgba, size) {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40, 0);
  header.writeInt32LE(size, 4);
  header.writeInt32LE(size * 2, 8);
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(32, 14);
  const rows = Buffer.alloc(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const from = (y * size + x) * 4;
      const to = ((size - 1 - y) * size + x) * 4;
      rows.set([rgba[from + 2], rgba[from + 1], rgba[from], rgba[from + 3]], to);
    }
  }
  const mask = Buffer.alloc(size * Math.ceil(size / 32) * 4);
  return Buffer.concat([header, rows, mask]);
}

/** A macOS icon file: each image under its four-letter type. */
function icns(images) {
  const parts = images.map(({ type, data }) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(data.length + 8, 4);
    return Buffer.concat([head, data]);
  });
  const head = Buffer.alloc(8);
  head.write('icns', 'latin1');
  head.writeUInt32BE(8 + parts.reduce((sum, { length }) => sum + length, 0), 4);
  return Buffer.concat([head, ...parts]);
}
