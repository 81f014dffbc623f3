import { loadOrCreateIdentity, type Identity } from '../../main/identity/index.ts';
import {
  FRAME_SAMPLES,
  headerSchema,
  readStatement,
  type Header,
  type NodeId,
} from '../../main/model/index.ts';
import type { ControlMessage } from '../../main/signalling/index.ts';
import { OpusEncoder } from '../../native-audio/index.ts';
import { comeInByLink, linkAsMember, NO_PORT, recordOf, type Door } from '../support/by-link.ts';
import { Forger, type Victim } from '../support/forger.ts';
import { spokenBy, type Voice } from '../support/rising-voice.ts';

type NodeAtDoor = Door & { readonly id: NodeId };

/** What it is started with, as JSON. */
export interface ForgingHost {
  readonly folder: string;
  readonly address: string;
  readonly link: string;
  readonly extension: string;
  /** The nodes that may be the switch: it joins at the first, and follows all of them. */
  readonly nodes: readonly NodeAtDoor[];
  readonly victims: readonly Victim[];
  /** The voice with which it forges. */
  readonly voice: Voice;
}

/** What it prints: that it has joined, that it has the key of a message, and how many fragments it has forged so far. */
export type ForgerLine =
  | { readonly type: 'in' }
  | { readonly type: 'key'; readonly id: string; readonly isHashed: boolean }
  | { readonly type: 'forged'; readonly count: number };

const SPOKEN_MS = 1500;
const TOLD_EVERY_MS = 100;
const LINKS_AGAIN_AFTER_MS = 200;
/** It forges every fragment from then on. */
const FORGED_OF_TEN = 10;

/*
 * Runs on a host of a LAN: a member that does not run Corridor and receives what is said to it. At the line `forge` of its input it begins
 * to forge the message that came last; it ends with its input.
 */
const say = (line: ForgerLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const settings = JSON.parse(process.argv[2] ?? '') as ForgingHost;
const { folder, address, nodes, extension, victims } = settings;
const [door] = nodes;
if (!door) throw new Error('it joins at a node');
const words = await inOpus(spokenBy(settings.voice, SPOKEN_MS));
const forger = await Forger.open(address);
let last: Header | undefined;

const self = await comeInByLink(await loadOrCreateIdentity(folder), settings.link, door, extension);
const ports = { control: NO_PORT, beat: NO_PORT, media: forger.port };
const record = self.identity.sign(recordOf(self.identity, extension, { address, ...ports }));
for (const node of nodes) follow(node);
say({ type: 'in' });

setInterval(() => say({ type: 'forged', count: forger.count }), TOLD_EVERY_MS);
process.stdin.setEncoding('utf8').on('data', (line: string) => {
  if (line.trim() === 'forge' && last) void forge(self.identity, last);
});
process.stdin.on('end', () => process.exit());

/** Links to that node, and again whenever the link ends: only the switch keeps it. */
function follow(node: NodeAtDoor): void {
  let isOver = false;
  const again = (): void => {
    if (!isOver) setTimeout(() => follow(node), LINKS_AGAIN_AFTER_MS);
    isOver = true;
  };
  linkAsMember(self, node, node.id, { onMessage: take, onClose: again })
    .then((link) => link.send({ type: 'hello', record, version: '0.1.0' }))
    .catch(again);
}

function take(message: ControlMessage): void {
  const header = message.type === 'announce' ? readStatement(message.header, headerSchema) : undefined;
  if (!header || header.talker === self.identity.nodeId) return;
  last = header;
  say({ type: 'key', id: header.id, isHashed: header.hashed === true });
}

function forge(identity: Identity, header: Header): Promise<void> {
  return forger.lie(identity, header, { victims, words, forgedOfTen: FORGED_OF_TEN });
}

async function inOpus(samples: Int16Array): Promise<Uint8Array[]> {
  const encoder = await OpusEncoder.create();
  const count = Math.floor(samples.length / FRAME_SAMPLES);
  const frames = Array.from({ length: count }, (_, n) =>
    encoder.encode(samples.subarray(n * FRAME_SAMPLES, (n + 1) * FRAME_SAMPLES)),
  );
  encoder.free();
  return frames;
}
