import { join } from 'node:path';
import * as v from 'valibot';
import {
  fragmentHashesSchema,
  isHashed,
  messageIdSchema,
  readHeader,
  readStatement,
  receiptSchema,
  keyedHeaderSchema,
  signedSchema,
  withBeside,
  withOwnWords,
  type Disk,
  type MessageId,
  type Signed,
} from '../model/index.ts';
import { addReceipt, belongsTo, manifestOf, newEntry } from './entry.ts';
import { fileNameOf, messageNamed } from './file-names.ts';
import type { MessageFile } from './message-file.ts';
import { RECORD, type StoreRecord } from './record.ts';
import type { ScanResult } from './scan.ts';
import { localRecordSchema, type Entry } from './stored-message.ts';

const STAT_BATCH = 32;

/** Whether an id is canonical base64url of 16 bytes, so that two ids never share a file, and none leads out of the folder. */
export function isStorableId(id: string): boolean {
  return v.is(messageIdSchema, id);
}

/** The size of every message's file in a folder, by message. */
export async function messageFiles(disk: Disk, directory: string): Promise<Map<MessageId, number>> {
  const sizes = new Map<MessageId, number>();
  const ids = (await disk.list(directory)).flatMap((name) => messageNamed(name) ?? []);
  for (let from = 0; from < ids.length; from += STAT_BATCH) {
    const batch = ids.slice(from, from + STAT_BATCH).map(async (id) => {
      sizes.set(id, await disk.size(join(directory, fileNameOf(id))));
    });
    await Promise.all(batch);
  }
  return sizes;
}

/** The statements in a message's file. */
interface Statements {
  header: Signed | undefined;
  manifest: Signed | undefined;
  receipts: Signed[];
  /** Each covers some fragments. */
  hashes: Signed[];
  local: v.InferOutput<typeof localRecordSchema> | undefined;
}

/**
 * Scans a message's file and brings the entry up to what the file holds beyond the index: after a crash the file is the
 * newer of the two. Undefined if the file is none of ours.
 */
export async function loadInto(entry: Entry, file: MessageFile): Promise<ScanResult | undefined> {
  // A complete message is verified as a whole, by its manifest.
  const { scan, statements } = await loadStatements(
    file,
    isHashed(entry.header.facts) && entry.state !== 'complete',
  );
  if (!scan) return undefined;
  // The file may have what the index knows the message without.
  entry.header = withBeside(entry.header, statements.header ?? {}) ?? entry.header;
  absorb(entry, statements, file);
  entry.bytes = scan.length;
  // The file must contain the header, so that it can be read without the index.
  if (!statements.header) file.put(RECORD.header, entry.header.signed);
  return scan;
}

/** Makes an entry from a message's file alone; undefined if its header is not readable. */
export async function rebuild(id: MessageId, file: MessageFile): Promise<Entry | undefined> {
  const { scan, statements } = await loadStatements(file, true);
  const facts = statements.header && readHeader(statements.header);
  if (!scan || !statements.header || !facts || facts.id !== id) return undefined;
  const entry = newEntry(withOwnWords(statements.header, facts), facts, { keeps: true }, {});
  absorb(entry, statements, file);
  entry.bytes = scan.length;
  return entry;
}

async function loadStatements(
  file: MessageFile,
  isToCheck: boolean,
): Promise<{ scan: ScanResult | undefined; statements: Statements }> {
  const statements: Statements = {
    header: undefined,
    manifest: undefined,
    receipts: [],
    hashes: [],
    local: undefined,
  };
  const scan = await file.load((record) => {
    if (record.type !== RECORD.fragment) collect(record, statements);
    else if (isToCheck) file.cover.admit(record);
  });
  return { scan, statements };
}

function collect(record: StoreRecord, into: Statements): void {
  const value = parse(record.bytes);
  if (record.type === RECORD.local) {
    const local = v.safeParse(localRecordSchema, value);
    if (local.success) into.local = local.output;
    return;
  }
  if (record.type === RECORD.header) {
    // One that was written later has what came after the first.
    const header = v.safeParse(keyedHeaderSchema, value);
    if (header.success) into.header = header.output;
    return;
  }
  if (!v.is(signedSchema, value)) return;
  if (record.type === RECORD.manifest) into.manifest ??= value;
  else if (record.type === RECORD.receipt && readStatement(value, receiptSchema)) into.receipts.push(value);
  else if (record.type === RECORD.hashes) into.hashes.push(value);
}

function absorb(entry: Entry, statements: Statements, file: MessageFile): void {
  if (statements.manifest) entry.manifest ??= manifestOf(statements.manifest, entry.header.facts);
  if (statements.local) {
    entry.roles = statements.local.roles;
    entry.local = statements.local.local;
  }
  // After the grants: a computer with a grant may have received the message, too.
  for (const receipt of statements.receipts) addReceipt(entry, receipt);
  if (entry.manifest) file.table.cut(entry.manifest.facts.count);
  cover(entry, statements.hashes, file);
}

/** Applies hashes to a loaded file. A fragment that was dropped when its hashes came may still be in the file. */
function cover({ header }: Entry, hashes: readonly Signed[], file: MessageFile): void {
  for (const signed of hashes) {
    const facts = readStatement(signed, fragmentHashesSchema);
    if (facts && belongsTo(facts, header.facts) && file.cover.lacks(facts.from))
      file.cover.add(signed, facts);
  }
  for (let n = 0; n < file.cover.end; n++) if (file.cover.differs(n)) file.drop(n);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
