// The groups of test files. A file's name says which group it belongs to.
import { readdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, relative, sep } from 'node:path';
import { root } from './project.mjs';

const FOLDERS = ['main', 'preload', 'i18n', 'renderer', 'native-audio', 'scripts', 'test'];

/**
 * A group of test files, which run in one go.
 * @typedef {{
 *   name: string, atOnce: number, needsBuild: boolean, mayRetry: boolean, priority?: number, cachesCode?: boolean,
 *   isAsked?: boolean, holds: (path: string) => boolean
 * }} Group
 */

const isLive = (path) => /\.live\.test\.(ts|mjs)$/.test(path);
const isNode = (path) => /\.node\.test\.(ts|mjs)$/.test(path);
const isProof = (path) => /\.proof\.test\.(ts|mjs)$/.test(path);

/** @type {readonly Group[]} */
export const GROUPS = [
  // Needs no node, no sound and no browser.
  {
    name: 'unit',
    atOnce: Math.max(1, cpus().length),
    needsBuild: false,
    mayRetry: false,
    // Not for the other groups, whose nodes have to start as they do for people.
    cachesCode: true,
    holds: (path) => !isLive(path) && !isNode(path) && !isProof(path),
  },
  // Starts nodes on loopback. Each has several threads, so two files at once use most computers fully.
  { name: 'node', atOnce: 2, needsBuild: true, mayRetry: false, holds: isNode },
  // Sound, desktops, a browser, network namespaces. Files that run at once would disturb each other, and so would a busy computer, so they
  // run alone and with a raised priority.
  { name: 'live', atOnce: 1, needsBuild: true, mayRetry: true, priority: -10, holds: isLive },
  // Every row of a table, many computers, or many minutes: too long for every change. `npm run proof` runs it, or whoever names it.
  {
    name: 'proof',
    atOnce: 1,
    needsBuild: true,
    mayRetry: false,
    priority: -10,
    isAsked: true,
    holds: isProof,
  },
];

/**
 * The test files whose paths contain one of the patterns, or all of them: sorted paths from the project's folder.
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
