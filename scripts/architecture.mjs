// node scripts/architecture.mjs [--check]: writes the rooms into ARCHITECTURE.md, or says that it does not tell the truth.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOMS } from './rooms.mjs';
import { root } from './say.mjs';

const BEGIN = '<!-- rooms: written by scripts/architecture.mjs -->';
const END = '<!-- /rooms -->';
/** Readable in a terminal. */
const COLUMNS = 110;
const INDENT = 18;

const path = join(root, 'ARCHITECTURE.md');
const text = readFileSync(path, 'utf8');
const before = text.slice(0, text.indexOf(BEGIN) + BEGIN.length);
const after = text.slice(text.indexOf(END));
const wanted = `${before}\n\n\`\`\`text\n${rooms()}\n\`\`\`\n\n${after}`;
if (wanted !== text) {
  if (process.argv.includes('--check')) {
    console.error('ARCHITECTURE.md: its rooms are not those of scripts/rooms.mjs; run npm run format');
    process.exitCode = 1;
  } else writeFileSync(path, wanted);
}

function rooms() {
  return Object.entries(ROOMS)
    .map(([room, { holds, imports, types = [] }]) => {
      const named = [...imports.map(short), ...types.map((one) => `types of ${short(one)}`)];
      return [
        ...lines(room.padEnd(INDENT), holds.replaceAll('`', '')),
        ...lines(' '.repeat(INDENT), `← ${named.join(', ') || 'nothing'}`),
      ].join('\n');
    })
    .join('\n');
}

function short(room) {
  return room.replace('main/', '');
}

/** The words after `head`, broken so that no line is too long. */
function lines(head, words) {
  const broken = [head];
  for (const word of words.split(' ')) {
    const last = broken[broken.length - 1];
    if (last.length + 1 + word.length > COLUMNS) broken.push(`${' '.repeat(INDENT + 2)}${word}`);
    else broken[broken.length - 1] = last.length > INDENT ? `${last} ${word}` : `${last}${word}`;
  }
  return broken;
}
