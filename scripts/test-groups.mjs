// Which test files there are, and what each needs: its name says it.
import { readdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, relative, sep } from 'node:path';
import { root } from './say.mjs';

const FOLDERS = ['main', 'preload', 'i18n', 'renderer', 'native-audio', 'scripts', 'test'];

/**
 * A group of test files, which run in one go.
 * @typedef {{
 *   name: string, atOnce: number, needsBuild: boolean, mayRetry: boolean, priority?: number, cachesCode?: boolean,
 *   holds: (path: string) => boolean
 * }} Group
 */

const isLive = (path) => /\.live\.test\.(ts|mjs)$/.test(path);
const isNode = (path) => /\.node\.test\.(ts|mjs)$/.test(path);

/** @type {readonly Group[]} */
export const GROUPS = [
  // Needs no node, no sound and no browser.
  {
    name: 'unit',
    atOnce: Math.max(1, cpus().length),
    needsBuild: false,
    mayRetry: false,
    // The others start nodes, which are to start as they do for people.
    cachesCode: true,
    holds: (path) => !isLive(path) && !isNode(path),
  },
  // Starts nodes on loopback. Each has threads enough of its own: two files at once fill most computers.
  { name: 'node', atOnce: 2, needsBuild: true, mayRetry: false, holds: isNode },
  // Sound, desktops, a browser, network namespaces. Files at once would hear each other; a busy computer disturbs them, so
  // they run ahead of what else it does.
  { name: 'live', atOnce: 1, needsBuild: true, mayRetry: true, priority: -10, holds: isLive },
];

/**
 * Every test file whose path holds one of the patterns, or every one: paths from the project's folder, sorted.
 * @param {readonly string[]} patterns
 * @returns {Promise<string[]>}
 */
export async function testFiles(patterns) {
  const found = [];
  for (const folder of FOLDERS) await collect(join(root, folder), found);
  return found
    .map((path) => relative(root, path).split(sep).join('/'))
    .filter((path) => patterns.length === 0 || patterns.some((pattern) => path.includes(pattern)));
}

async function collect(folder, found) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await collect(path, found);
    else if (/\.test\.(ts|mjs)$/.test(entry.name)) found.push(path);
  }
}
