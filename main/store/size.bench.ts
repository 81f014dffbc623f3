import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { STORE_ID_BYTES, nodePorts, type NodeId, type ReceiptState, type Signed } from '../model/index.ts';
import { fileNameOf } from './file-names.ts';
import { MessageStore } from './message-store.ts';
import { encodePreamble, encodeRecord, RECORD, type RecordType } from './record.ts';
import { SHARD_VERSION } from './shard-file.ts';
import type { IndexedMessage } from './stored-message.ts';
import { EVE, FINN, keep, nodeId, receiptOf, signed, speak } from './test-office.ts';

/** As many as a shard of the index holds. */
const IN_SHARD = 64;
const PROBES = 60;
/** The fragments of a message of a fifth of a second. */
const FRAGMENTS = 20;
const SALT = 7;

/** Opens the store in a folder as a node does. */
export function openLarge(folder: string): Promise<MessageStore> {
  return MessageStore.open(folder, { ports: nodePorts, log: () => undefined });
}

/**
 * Fills a new store with messages of one fragment, as they are after months: most are heard and are with everybody; one of fifty waits for
 * a recipient who is away, one of two hundred is unheard. A third were said here. The files are written as the store writes them, without
 * syncing each.
 * @param self the node whose store it is
 */
export async function fillStore(folder: string, count: number, self: NodeId = EVE): Promise<void> {
  await mkdir(join(folder, 'index'), { recursive: true, mode: 0o700 });
  await mkdir(join(folder, 'messages'), { recursive: true, mode: 0o700 });
  const before = await readdir(join(folder, 'index'));
  if (before.length > 0) throw new Error('the store is not new');
  for (let from = 0; from < count; from += IN_SHARD) {
    const numbers = Array.from({ length: Math.min(IN_SHARD, count - from) }, (_, n) => from + n);
    const messages = await Promise.all(numbers.map((n) => writeOld(folder, n, self)));
    const shard = `${String(from / IN_SHARD + 1).padStart(6, '0')}.json`;
    const text = JSON.stringify({ version: SHARD_VERSION, messages, deleted: [] });
    await writeFile(join(folder, 'index', shard), text, { mode: 0o600 });
  }
}

async function writeOld(folder: string, n: number, self: NodeId): Promise<IndexedMessage> {
  const isOwn = n % 3 === 0;
  const isAwaited = n % 50 === 0;
  const isUnheard = !isOwn && n % 200 === 1;
  const other = isAwaited ? FINN : nodeId(`colleague ${n % 20}`);
  const [talker, recipient] = isOwn ? [self, other] : [other, self];
  const keys = [talker, recipient].map((node) => ({ node, enc: 'E'.repeat(87), sealed: 'I'.repeat(59) }));
  const startedAt = Date.now() - 1_000_000 + n;
  const { id, header, manifest, fragments } = speak(1, { talker, recipients: [recipient], keys, startedAt });
  const said: [NodeId, ReceiptState][] = [[nodeId('switch'), 'stored']];
  if (!isAwaited || !isOwn) said.push([recipient, 'received']);
  if (!isAwaited && !isUnheard) said.push([recipient, 'heard']);
  const receipts = said.map(([node, state]) =>
    signed({ ...receiptOf(id, node, state), n: startedAt, store: STORE }),
  );
  const local = {
    arrived: { place: startedAt, at: startedAt },
    ...(!isOwn && !isUnheard && { heard: startedAt }),
    number: String(1_000_000 + n),
  };
  const roles = { mine: isOwn ? 'talker' : 'recipient', keeps: true } as const;
  const file = Buffer.concat([
    encodePreamble(SALT),
    recordOf(RECORD.header, signed(header)),
    ...fragments.map((fragment) => encodeRecord({ type: RECORD.fragment, ...fragment }, SALT)),
    recordOf(RECORD.manifest, signed(manifest)),
    ...receipts.map((receipt) => recordOf(RECORD.receipt, receipt)),
    recordOf(RECORD.local, { roles, local }),
  ]);
  await writeFile(join(folder, 'messages', fileNameOf(id)), file, { mode: 0o600 });
  const statements = { header: signed(header), manifest: signed(manifest), receipts };
  return { id, ...statements, state: 'complete', bytes: file.length, roles, local };
}

const STORE = Buffer.alloc(STORE_ID_BYTES).toString('base64url');

function recordOf(type: RecordType, value: Signed | object): Buffer {
  return encodeRecord({ type, n: 0, bytes: Buffer.from(JSON.stringify(value)) }, SALT);
}

/** How long one more message takes: begun, 20 fragments, complete on the disk itself, ms. */
export async function appendTimes(store: MessageStore): Promise<number[]> {
  const times: number[] = [];
  for (let probe = 0; probe < PROBES; probe++) {
    const spoken = speak(FRAGMENTS, { startedAt: Date.now() });
    const began = performance.now();
    await keep(store, spoken, { mine: 'recipient', keeps: true });
    times.push(performance.now() - began);
  }
  return times;
}
