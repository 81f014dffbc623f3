// A lint rule: who may import whom. The table is the drawing of the program; the rule keeps it true.
import { builtinModules } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const INNER_ROOMS = ['identity', 'discovery', 'election', 'directory', 'signalling', 'store', 'media'];

/** Each folder, and the folders that it may import besides itself. */
const TABLE = {
  i18n: [],
  'main/model': ['i18n'],
  ...Object.fromEntries(INNER_ROOMS.map((room) => [`main/${room}`, ['main/model', 'i18n']])),
  'main/media': ['main/model', 'native-audio', 'i18n'],
  'main/node': [
    'main/model',
    'i18n',
    ...INNER_ROOMS.map((room) => `main/${room}`),
    'native-audio',
    'preload',
  ],
  'main/transports': ['main/model', 'main/node', 'preload', 'i18n'],
  'main/cli': ['main/model', 'main/transports', 'main/node', 'preload'],
  'main/desktop': ['main/model', 'main/transports', 'main/node', 'preload', 'i18n'],
  preload: ['i18n', 'main/model'],
  renderer: ['preload', 'i18n'],
  'native-audio': ['main/model', 'i18n'],
};

/** The files a folder is entered by, where it is not index.ts alone. */
const DOORS = {
  // The version alone, without loading a node for it.
  'main/node': ['index.ts', 'version.ts'],
  preload: ['api.ts'],
  // The grammar of numbers alone: pure, and of no need for Node.js.
  'main/model': ['index.ts', 'numbers.ts'],
  // The worker's bundle begins in media/worker.ts; what the two sides say to each other is types alone.
  'main/media': ['index.ts', 'protocol.ts'],
};

const MAY_USE_ELECTRON = ['main/desktop', 'preload'];

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
      ImportDeclaration: (node) => check(node, node.source, node.importKind === 'type'),
      ExportNamedDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
    };
  },
};

/** Why the import is refused; undefined where it is fine. */
function verdict(own, file, wanted, { typeOnly, isTest }) {
  if (!wanted.startsWith('.')) {
    const name = wanted.split('/')[0];
    if (name === 'electron' && !MAY_USE_ELECTRON.includes(own) && !isTest) {
      return `Only ${MAY_USE_ELECTRON.join(' and ')} may import electron: the node runs without it.`;
    }
    if (own === 'renderer' && !isTest && builtinModules.includes(wanted.replace(/^node:/, ''))) {
      return 'The renderer is sandboxed: there is no Node.js in it. Ask main through the API in preload.';
    }
    return undefined;
  }
  const target = join(dirname(file), wanted).split(sep).join('/');
  const room = roomOf(target);
  if (room === own || (isTest && room === undefined)) return undefined;
  if (target === 'package.json' && own === 'main/node') return undefined;
  if (room === undefined) return `${own} may import no file outside the rooms (${target}).`;
  if (!isTest && !TABLE[own].includes(room)) {
    const allowed = TABLE[own].length > 0 ? TABLE[own].join(', ') : 'no other room';
    return `${own} may not import ${room}; it may import ${allowed}.`;
  }
  if (own === 'renderer' && room === 'preload' && !typeOnly)
    return 'The renderer imports only types of preload: use `import type`.';
  const doors = DOORS[room] ?? ['index.ts'];
  if (!doors.includes(target.slice(room.length + 1))) {
    return `Enter ${room} by its door (${doors.join(' or ')}), not past it.`;
  }
  return undefined;
}

function roomOf(path) {
  return Object.keys(TABLE).find((room) => path.startsWith(`${room}/`));
}
