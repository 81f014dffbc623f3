import {
  manifestSchema,
  readHeader,
  readStatement,
  receiptSchema,
  shareSheet,
  type Header,
  type Manifest,
  type Signed,
} from '../model/index.ts';
import { allReceipts, mergeReceipt, noReceipts, readersOf } from './receipts.ts';
import type { Entry, IndexedMessage, Local, Roles, Statement, StoredMessage } from './stored-message.ts';

/** A new entry, of a message of which only the header is held. */
export function newEntry(signed: Signed, facts: Header, roles: Roles, local: Local): Entry {
  return {
    id: facts.id,
    header: { signed: shareSheet(signed), facts },
    manifest: undefined,
    receipts: noReceipts(),
    state: 'incomplete',
    completing: false,
    bytes: 0,
    roles,
    local,
  };
}

/** Reads an entry back from the index; undefined if its header or manifest is not well formed. */
export function entryFrom(indexed: IndexedMessage): Entry | undefined {
  const facts = readHeader(indexed.header);
  if (!facts || facts.id !== indexed.id) return undefined;
  const entry = newEntry(indexed.header, facts, indexed.roles, indexed.local);
  if (indexed.manifest) {
    entry.manifest = manifestOf(indexed.manifest, facts);
    if (!entry.manifest) return undefined;
  }
  for (const receipt of indexed.receipts) addReceipt(entry, receipt);
  entry.state = entry.manifest ? indexed.state : 'incomplete';
  entry.bytes = indexed.bytes;
  return entry;
}

export function indexedFrom(entry: Entry): IndexedMessage {
  const indexed: IndexedMessage = {
    id: entry.id,
    header: entry.header.signed,
    receipts: allReceipts(entry.receipts).map((receipt) => receipt.signed),
    state: entry.completing ? 'complete' : entry.state,
    bytes: entry.bytes,
    roles: entry.roles,
    local: entry.local,
  };
  return entry.manifest ? { ...indexed, manifest: entry.manifest.signed } : indexed;
}

export function viewOf(entry: Entry, held: number): StoredMessage {
  return {
    id: entry.id,
    header: entry.header,
    manifest: entry.manifest,
    receipts: [...entry.receipts.reached.values()],
    holding: [...entry.receipts.holding.values()],
    state: entry.state,
    roles: entry.roles,
    local: entry.local,
    held,
    bytes: entry.bytes,
  };
}

/** The manifest that a file or the index holds, if it belongs to this header. */
export function manifestOf(signed: Signed, header: Header): Statement<Manifest> | undefined {
  const facts = readStatement(signed, manifestSchema);
  return facts && belongsTo(facts, header) ? { signed, facts } : undefined;
}

/** Whether a statement names this message and its talker. */
export function belongsTo({ id, talker }: Pick<Manifest, 'id' | 'talker'>, header: Header): boolean {
  return id === header.id && talker === header.talker;
}

/** Adds a receipt from the index or a file, if it is one of this message. */
export function addReceipt(entry: Entry, signed: Signed): void {
  const facts = readStatement(signed, receiptSchema);
  if (facts && facts.id === entry.id) mergeReceipt(entry.receipts, readersOf(entry), { signed, facts });
}
