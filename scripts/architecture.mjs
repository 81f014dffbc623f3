// node scripts/architecture.mjs [--check]: writes the table of rooms into ARCHITECTURE.md, or says that it is not true.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOMS } from './rooms.mjs';
import { root } from './say.mjs';

const BEGIN = '<!-- rooms: written by scripts/architecture.mjs -->';
const END = '<!-- /rooms -->';

const path = join(root, 'ARCHITECTURE.md');
const text = readFileSync(path, 'utf8');
const before = text.slice(0, text.indexOf(BEGIN) + BEGIN.length);
const after = text.slice(text.indexOf(END));
const config = await resolveConfig(path);
const wanted = await format(`${before}\n\n${table()}\n\n${after}`, { ...config, filepath: path });
if (wanted !== text) {
  if (process.argv.includes('--check')) {
    console.error('ARCHITECTURE.md: its table of rooms is not that of scripts/rooms.mjs; run npm run format');
    process.exitCode = 1;
  } else writeFileSync(path, wanted);
}

function table() {
  const short = (room) => room.replace('main/', '');
  const rows = Object.entries(ROOMS).map(([room, { holds, imports, types = [] }]) => {
    const named = [...imports.map(short), ...types.map((one) => `${short(one)} (types)`)];
    return `| \`${room}\` | ${holds} | ${named.join(', ') || 'nothing'} |`;
  });
  return ['| room | holds | may import |', '| --- | --- | --- |', ...rows].join('\n');
}
