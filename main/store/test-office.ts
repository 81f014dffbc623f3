import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import test from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import {
  newMessageId,
  nodePorts,
  type Fragment,
  type Header,
  type Manifest,
  type MessageId,
  type NodeId,
  type Ports,
  type Receipt,
  type ReceiptState,
  type Signed,
} from '../model/index.ts';
import { MessageStore, type StoreOptions } from './index.ts';

/** Statements and fragments as a talker makes them, for this room's tests. The store verifies no signature. */
export function nodeId(name: string): NodeId {
  return createHash('sha256').update(name).digest().subarray(0, 16).toString('base64url') as NodeId;
}

export const DANA = nodeId('Dana');
export const EVE = nodeId('Eve');
export const FINN = nodeId('Finn');

export function signed(statement: unknown): Signed {
  return { payload: JSON.stringify(statement), signature: 'A'.repeat(86) };
}

export interface Spoken {
  readonly id: MessageId;
  readonly header: Header;
  readonly manifest: Manifest;
  readonly fragments: Fragment[];
}

/** A message of `count` fragments that was spoken by Dana, for Eve unless others are named. */
export function speak(count: number, change: Partial<Header> = {}): Spoken {
  const id = change.id ?? newMessageId();
  const header: Header = {
    v: 1,
    id,
    talker: DANA,
    from: '101',
    to: '102',
    ssrc: 1,
    startedAt: 1_000,
    recipients: [EVE],
    keys: [DANA, EVE].map((node) => ({ node, enc: 'E'.repeat(87), sealed: 'I'.repeat(59) })),
    ...change,
  };
  const fragments = Array.from({ length: count }, (_, n) => ({ n, bytes: randomBytes(60 + (n % 60)) }));
  const hash = createHash('sha256');
  for (const { bytes } of fragments) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    hash.update(length).update(bytes);
  }
  const manifest: Manifest = {
    v: 1,
    id,
    talker: header.talker,
    count,
    hash: hash.digest('base64url'),
    durationMs: count * 10,
    endedAt: header.startedAt + count * 10,
  };
  return { id, header, manifest, fragments };
}

export function receiptOf(id: MessageId, node: NodeId, state: ReceiptState, at = 2_000): Receipt {
  return { v: 1, id, node, state, at };
}

export function assertSame(actual: readonly Fragment[], expected: readonly Fragment[]): void {
  const plain = (fragments: readonly Fragment[]) =>
    fragments.map(({ n, bytes }) => ({ n, bytes: Buffer.from(bytes).toString('hex') }));
  assert.deepEqual(plain(actual), plain(expected));
}

/** The message is here, as it was said. */
export async function assertWhole(store: MessageStore, { id, fragments }: Spoken): Promise<void> {
  assert.equal(store.get(id)?.state, 'complete');
  assertSame(await store.read(id, 0, 4096), fragments);
}

/** A test with a folder of its own. */
export function testInFolder(name: string, body: (folder: string) => Promise<void>): void {
  void test(name, () => body(tempFolder('store')));
}

type OpenOptions = Partial<Omit<StoreOptions, 'ports'> & Ports> & { now?: () => number };

/** Opens a store at the time of 10 seconds after the epoch; on the real disk and with real timers, unless others are given. */
export function openStore(path: string, options: OpenOptions = {}): Promise<MessageStore> {
  const { now = () => 10_000, clock, schedule, random, disk, ...rest } = options;
  const ports: Ports = {
    clock: clock ?? { now, monotonic: now },
    schedule: schedule ?? nodePorts.schedule,
    random: random ?? nodePorts.random,
    disk: disk ?? nodePorts.disk,
  };
  return MessageStore.open(path, { ports, log: () => undefined, ...rest });
}

/** Hands a message to the store whole. */
export async function keep(
  store: MessageStore,
  spoken: Spoken,
  roles: { mine?: 'talker' | 'recipient'; keeps?: boolean } = { keeps: true },
): Promise<void> {
  store.begin(signed(spoken.header), spoken.header, roles);
  store.append(spoken.id, spoken.fragments);
  const completion = await store.setManifest(spoken.id, signed(spoken.manifest), spoken.manifest);
  if (completion !== 'complete') throw new Error(`the message is ${completion}`);
}
