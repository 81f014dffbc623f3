// The rooms of the program: what each contains, and which others it may import. The lint enforces this (may-import.mjs), and
// ARCHITECTURE.md lists it (architecture.mjs).

/** What every room may import. */
const NOUNS = ['main/model', 'i18n'];

/**
 * @typedef {object} Room
 * @property {string} holds its content
 * @property {string[]} imports the rooms it may import besides itself
 * @property {string[]} [types] the rooms of which it may import types alone
 * @property {string[]} [doors] the files that other rooms may import, if not index.ts alone
 */

/** @type {Record<string, Room>} */
export const ROOMS = {
  i18n: {
    holds: 'every language’s sentences, of node, panel and desktop; codes and details',
    imports: [],
    // The tables of panel and desktop, which the bundle of a node without a desktop does not contain.
    doors: ['index.ts', 'panel.ts', 'desktop.ts'],
  },
  'main/model': {
    holds:
      'the nouns: ids, records, headers, manifests, receipts; numbers; the emitter; ports for time, chance and disk, and the computer’s own; a UDP socket',
    imports: ['i18n'],
    // The grammar of numbers, which is pure and needs no Node.js.
    doors: ['index.ts', 'numbers.ts'],
  },
  'main/identity': {
    holds: 'keys, certificate, the ledger, joining, key wrap, sealed datagrams',
    imports: NOUNS,
  },
  'main/discovery': { holds: 'DNS-SD, network interfaces, saved and hand-given addresses', imports: NOUNS },
  'main/election': { holds: 'which node is the switch: a pure state machine', imports: NOUNS },
  'main/directory': { holds: 'people, extensions, presence, diverts, dial plan: pure', imports: NOUNS },
  'main/signalling': {
    holds: 'TLS 1.3 control channel, its frames and their schemas',
    imports: [...NOUNS, 'main/identity'],
  },
  'main/media': {
    holds: 'RTP, SRTP, NACK, jitter buffer, playout; the media worker; the audio port',
    imports: [...NOUNS, 'native-audio'],
    // The protocol between the two threads, types alone. (The worker's bundle begins in worker.ts.)
    doors: ['index.ts', 'protocol.ts'],
  },
  'main/store': { holds: 'fragments on disk, index, retention, retrieval numbers', imports: NOUNS },
  'main/messages': {
    holds:
      'what lasts: outgoing, inbox, player, fetching and serving, receipts, delivery policy. Knows no socket',
    imports: [...NOUNS, 'main/identity', 'main/media', 'main/store'],
    types: ['main/signalling'],
  },
  'main/calls': {
    holds:
      'calls of two to six people, transfer, pick-up: pure state machines, their keys, what is said of them. Knows no socket',
    imports: [...NOUNS, 'main/identity', 'main/media'],
  },
  'main/office': {
    holds: 'being connected: session, connection, links, datagrams, roster. Knows no store and no media',
    imports: [...NOUNS, 'main/directory', 'main/discovery', 'main/election', 'main/identity'],
    types: ['main/signalling'],
  },
  'main/node': {
    holds:
      'joins messages, calls and office; the API’s methods, views, event publisher, profile, settings, health',
    imports: [
      ...NOUNS,
      'main/calls',
      'main/directory',
      'main/discovery',
      'main/identity',
      'main/media',
      'main/messages',
      'main/office',
      'main/signalling',
      'main/store',
      'native-audio',
      'preload',
    ],
    // The version, which can be imported without loading a node.
    doors: ['index.ts', 'version.ts'],
  },
  'main/transports': {
    holds: 'the one API over a local socket and over a loopback WebSocket',
    imports: [...NOUNS, 'main/node', 'preload'],
  },
  'main/cli': {
    holds: 'the command line, a node without a desktop, the demo',
    imports: ['main/model', 'main/node', 'main/transports', 'preload'],
  },
  'main/desktop': {
    holds: 'Electron: windows, tray, notifications, keys, IPC. Besides it only preload imports `electron`',
    imports: [...NOUNS, 'main/node', 'main/transports', 'preload'],
  },
  preload: {
    holds: 'the API: method schemas, settings, results, events; the context bridge',
    imports: NOUNS,
    doors: ['api.ts'],
  },
  renderer: { holds: 'the Svelte panel', imports: ['i18n'], types: ['preload'] },
  'native-audio': { holds: 'PortAudio, Opus, time stretching, WAV, Ogg. Knows no network', imports: NOUNS },
};

/** The room that a path (from the root, with slashes) is in; undefined: none. */
export function roomOf(path) {
  return Object.keys(ROOMS).find((room) => path.startsWith(`${room}/`));
}

export function doorsOf(room) {
  return ROOMS[room].doors ?? ['index.ts'];
}
