// A lint rule: the rooms' imports (rooms.mjs), their doors, and no circles within a room.
import { readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { doorsOf, roomOf, ROOMS } from './rooms.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const MAY_USE_ELECTRON = ['main/desktop', 'preload'];
const IMPORTS = /^\s*(?:import|export)\s[^;]*?from\s+'(\.[^']+)'/gms;

/** @type {import('eslint').Rule.RuleModule} */
export const mayImport = {
  meta: { type: 'problem', docs: { description: 'Keeps the may-import table' }, schema: [] },
  create(context) {
    const file = relative(root, context.filename).split(sep).join('/');
    const own = roomOf(file);
    if (own === undefined) return {};
    const isTest = /(^|\/)(test-[^/]*|[^/]*\.test)\.ts$/.test(file);
    const check = (node, source, typeOnly) => {
      if (typeof source?.value !== 'string') return;
      const message = verdict(own, file, source.value, { typeOnly, isTest });
      if (message) context.report({ node, message });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source, isTypeOnly(node)),
      ExportNamedDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
    };
  },
};

function isTypeOnly({ importKind, specifiers }) {
  return (
    importKind === 'type' || (specifiers.length > 0 && specifiers.every((one) => one.importKind === 'type'))
  );
}

/** Why the import is refused; undefined: it is allowed. */
function verdict(own, file, wanted, { typeOnly, isTest }) {
  if (!wanted.startsWith('.')) return verdictOnPackage(own, wanted, isTest);
  const target = join(dirname(file), wanted).split(sep).join('/');
  const room = roomOf(target);
  if (room === own) return isTest ? undefined : circle(file, target);
  if (isTest && room === undefined) return undefined;
  if (target === 'package.json' && own === 'main/node') return undefined;
  if (room === undefined) return `${own} may import no file outside the rooms (${target}).`;
  const { imports, types = [] } = ROOMS[own];
  const mayImportTypes = types.includes(room);
  if (!isTest && !imports.includes(room) && !mayImportTypes) {
    const allowed = [...imports, ...types].join(', ') || 'no other room';
    return `${own} may not import ${room}; it may import ${allowed}.`;
  }
  if (!isTest && mayImportTypes && !typeOnly)
    return `${own} imports only types of ${room}: use \`import type\`.`;
  const doors = doorsOf(room);
  if (!doors.includes(target.slice(room.length + 1))) {
    return `Enter ${room} by its door (${doors.join(' or ')}), not past it.`;
  }
  return undefined;
}

function verdictOnPackage(own, wanted, isTest) {
  const name = wanted.split('/')[0];
  if (name === 'electron' && !MAY_USE_ELECTRON.includes(own) && !isTest) {
    return `Only ${MAY_USE_ELECTRON.join(' and ')} may import electron: the node runs without it.`;
  }
  if (own === 'renderer' && !isTest && builtinModules.includes(wanted.replace(/^node:/, ''))) {
    return 'The renderer is sandboxed: there is no Node.js in it. Ask main through the API in preload.';
  }
  return undefined;
}

/** The circle that an import of `target` closes within the room; undefined: none. Imports of types count too. */
function circle(file, target) {
  const way = wayTo(target, file, new Set());
  return way && `Files of a room import each other in no circle: ${[file, ...way].join(' → ')}.`;
}

/** The path of files from `from` to `to`, by imports within the room; undefined: none. */
function wayTo(from, to, seen) {
  if (from === to) return [to];
  seen.add(from);
  for (const next of importsOf(from)) {
    if (seen.has(next) || roomOf(next) !== roomOf(to)) continue;
    const way = wayTo(next, to, seen);
    if (way) return [from, ...way];
  }
  return undefined;
}

const read = new Map();

function importsOf(file) {
  const path = join(root, file);
  const changedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (changedAt === undefined) return [];
  const known = read.get(file);
  if (known?.changedAt === changedAt) return known.imports;
  const imports = [...readFileSync(path, 'utf8').matchAll(IMPORTS)].map(([, wanted]) =>
    join(dirname(file), wanted).split(sep).join('/'),
  );
  read.set(file, { changedAt, imports });
  return imports;
}
