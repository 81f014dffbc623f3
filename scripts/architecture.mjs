// node scripts/architecture.mjs [--check]: writes the rooms and the budgets into ARCHITECTURE.md, or fails if they differ from the code. It
// imports TypeScript, so it needs the project's own Node.js (npm run check, npm run format).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUDGETS } from '../main/model/budgets.ts';
import { FRAME_BUDGETS } from '../main/model/frame-budgets.ts';
import { ROOMS } from './rooms.mjs';
import { root } from './project.mjs';

/** The width of the lists, readable in a terminal. */
const COLUMNS = 110;
const INDENT = 18;
const KI = 1024;
const MI = KI * KI;

const path = join(root, 'ARCHITECTURE.md');
const text = readFileSync(path, 'utf8');
const wanted = withBlock('budgets', budgets(), withBlock('rooms', rooms(), text));
if (wanted !== text) {
  if (process.argv.includes('--check')) {
    console.error(
      'ARCHITECTURE.md: its rooms or budgets are not those of scripts/rooms.mjs and main/model; run npm run format',
    );
    process.exitCode = 1;
  } else writeFileSync(path, wanted);
}

/** The page with these lines between the marks of that name. */
function withBlock(name, block, page) {
  const begin = `<!-- ${name}: written by scripts/architecture.mjs -->`;
  const [from, to] = [page.indexOf(begin), page.indexOf(`<!-- /${name} -->`)];
  if (from < 0 || to < from) throw new Error(`ARCHITECTURE.md has no place for its ${name}`);
  return `${page.slice(0, from + begin.length)}\n\n\`\`\`text\n${block}\n\`\`\`\n\n${page.slice(to)}`;
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

/** The list of budgets. The reasons of the frames' budgets are in the code alone. */
function budgets() {
  const rows = Object.entries(BUDGETS).flatMap(([name, budget]) => [
    ...lines(name.padEnd(INDENT), budgetOf(budget)),
    ...lines(' '.repeat(INDENT), `← ${budget.reason}`),
  ]);
  const frames = Object.entries(FRAME_BUDGETS).flatMap(([name, budget]) =>
    lines(name.padEnd(INDENT), budgetOf(budget)),
  );
  return [...rows, '', 'frames over a link, by their type:', ...frames].join('\n');
}

function budgetOf({ of, perPeer, inAll, over }) {
  const limits = [perPeer && limitOf(perPeer, 'a node'), inAll && limitOf(inAll, 'in all')];
  return `${of}: ${limits.filter(Boolean).join(', ')}; ${over}`;
}

/** A limit in words: how much at once, and how much after that. */
function limitOf({ atOnce, perSecond }, whose) {
  if (perSecond === undefined) return `${amount(atOnce)} ${whose}`;
  const rate = perSecond < 1 ? `one in ${Math.round(1 / perSecond)} s` : `${amount(perSecond)} a second`;
  return `${amount(atOnce)} ${whose}, then ${rate}`;
}

function amount(number) {
  if (number % MI === 0) return `${number / MI} Mi`;
  return number % (64 * KI) === 0 ? `${number / KI} Ki` : String(number);
}

/** The words after `head`, broken into lines of at most `COLUMNS` characters. */
function lines(head, words) {
  const broken = [head];
  for (const word of words.split(' ')) {
    const last = broken[broken.length - 1];
    if (last.length + 1 + word.length > COLUMNS) broken.push(`${' '.repeat(INDENT + 2)}${word}`);
    else broken[broken.length - 1] = last.length > INDENT ? `${last} ${word}` : `${last}${word}`;
  }
  return broken;
}
