// The rooms of the program: what each contains, and which others it may import. The lint enforces this (may-import.mjs), and
// ARCHITECTURE.md lists it (architecture.mjs).

/** The rooms that every room may import. */
const SHARED = ['main/model', 'i18n'];

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
    holds: 'the sentences of node, panel and desktop in every language; their codes and parameters',
    imports: [],
    // The tables of panel and desktop, which the bundle of a node without a desktop does not contain, and the few texts that the node writes.
    doors: ['index.ts', 'panel.ts', 'desktop.ts', 'node-texts.ts'],
  },
  'main/model': {
    holds:
      'types, schemas and constants that all rooms share: ids, records, headers, manifests, receipts, typed words, transcripts, call signals, numbers, dial codes, budgets; the event emitter; ports for time, chance and disk, and their implementations; a UDP socket',
    imports: ['i18n'],
    // The grammars of names, numbers and language tags, which are pure and need no Node.js.
    doors: ['index.ts', 'names.ts', 'numbers.ts', 'language-tag.ts', 'keep-days.ts'],
  },
  'main/identity': {
    holds:
      'keys, certificate, signed statements, the ledger, joining, key wrap, sealed datagrams, sealed words and transcripts',
    imports: SHARED,
  },
  'main/discovery': {
    holds: 'DNS-SD, network interfaces, addresses that were saved or typed in',
    imports: SHARED,
  },
  'main/election': { holds: 'which node is the switch: a pure state machine', imports: SHARED },
  'main/directory': {
    holds: 'people, extensions, presence, diverts, dial plan: pure, but for the file that keeps the people',
    imports: SHARED,
  },
  'main/signalling': {
    holds: 'TLS 1.3 control channel, its frames and their schemas',
    imports: [...SHARED, 'main/identity'],
  },
  'main/media': {
    holds:
      'RTP, SRTP, NACK, jitter buffer, playout, fan-out by unicast and multicast, voices and mixdown of calls; the media worker; the audio port',
    imports: [...SHARED, 'native-audio'],
    // The protocol between the two threads, types alone. (The worker's bundle begins in worker.ts.)
    doors: ['index.ts', 'protocol.ts'],
  },
  'main/store': {
    holds: 'fragments on disk, index, retention, retrieval numbers, transcripts',
    imports: SHARED,
  },
  'main/speech': {
    holds:
      'text to voice and voice to text by engines of the computer or of the person’s choice; the queue of transcripts. Opens no socket',
    imports: [...SHARED, 'native-audio'],
  },
  'main/messages': {
    holds:
      'recording, sending, receiving and playing messages and pages; typed words and transcripts; fetching and serving fragments; receipts, copies, delivery policy, floor. Opens no socket',
    imports: [...SHARED, 'main/identity', 'main/media', 'main/store'],
    types: ['main/signalling'],
  },
  'main/calls': {
    holds:
      'calls of two to six people, transfer, pick-up, automatic answer, consent to a recording: pure state machines, and around them keys, signals and orders to the media worker. Opens no socket',
    imports: [...SHARED, 'main/identity', 'main/media'],
  },
  'main/office': {
    holds:
      'the connection to the office: session, election, links, datagrams, roster. Knows no store and no media',
    imports: [...SHARED, 'main/directory', 'main/discovery', 'main/election', 'main/identity'],
    types: ['main/signalling'],
  },
  'main/node': {
    holds:
      'puts messages, calls, speech and office together; the API’s methods, views, event publisher, profile, settings, health',
    imports: [
      ...SHARED,
      'main/calls',
      'main/directory',
      'main/discovery',
      'main/identity',
      'main/media',
      'main/messages',
      'main/office',
      'main/signalling',
      'main/speech',
      'main/store',
      'native-audio',
      'preload',
    ],
    // The version, which can be imported without loading a node.
    doors: ['index.ts', 'version.ts'],
  },
  'main/transports': {
    holds: 'the API over a local socket and over a loopback WebSocket',
    imports: [...SHARED, 'main/node', 'preload'],
  },
  'main/cli': {
    holds: 'the command line, a node without a desktop, the demo',
    imports: ['main/model', 'main/node', 'main/transports', 'preload'],
  },
  'main/desktop': {
    holds:
      'Electron: windows, tray, notifications, keys, lock and idle time, links, IPC. Only it and preload import `electron`',
    imports: [...SHARED, 'main/node', 'main/transports', 'preload'],
    // The port by which it starts the process of an engine.
    types: ['main/speech'],
  },
  preload: {
    holds: 'the API: method schemas, settings, results, events; the context bridge',
    imports: SHARED,
    doors: ['api.ts'],
  },
  renderer: { holds: 'the Svelte panel', imports: ['i18n'], types: ['preload'] },
  'native-audio': {
    holds:
      'PortAudio, Opus, mixer, tones, echo cancelling, noise suppression, gain, time stretching, WAV, Ogg. Uses no network',
    imports: SHARED,
  },
};

/** The room that a path (from the root, with slashes) is in; undefined: none. */
export function roomOf(path) {
  return Object.keys(ROOMS).find((room) => path.startsWith(`${room}/`));
}

export function doorsOf(room) {
  return ROOMS[room].doors ?? ['index.ts'];
}
