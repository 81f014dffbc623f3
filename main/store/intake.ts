import {
  CorridorError,
  MAX_FRAGMENT_BYTES,
  MAX_FRAGMENTS,
  type Fragment,
  type Header,
  type Manifest,
  type Receipt,
  type Signed,
} from '../model/index.ts';
import { belongsTo, newEntry } from './entry.ts';
import { isWhole, type MessageFiles } from './message-files.ts';
import { RECORD } from './record.ts';
import { mergeReceipt } from './receipts.ts';
import { isStorableId } from './recovery.ts';
import type { RetrievalNumbers } from './retrieval-number.ts';
import type { Settling } from './settling.ts';
import type { StoreParts } from './store-parts.ts';
import type { Completion } from './store-options.ts';
import type { Entry, Local, Roles } from './stored-message.ts';

/** Takes in what comes of a message: header, fragments, manifest, receipts, and what only this node knows. */
export class Intake {
  readonly #parts: StoreParts;
  readonly #files: MessageFiles;
  readonly #numbers: RetrievalNumbers;
  readonly #settling: Settling;

  constructor(parts: StoreParts, files: MessageFiles, numbers: RetrievalNumbers, settling: Settling) {
    this.#parts = parts;
    this.#files = files;
    this.#numbers = numbers;
    this.#settling = settling;
  }

  begin(signed: Signed, facts: Header, roles: Partial<Roles>): Entry {
    const { index } = this.#parts;
    const known = index.get(facts.id);
    if (known) {
      if (this.#mergeRoles(known, roles)) this.#files.saveLocal(known);
      return known;
    }
    if (!isStorableId(facts.id))
      throw new CorridorError('bad-message-id', 'A message has an id that is not well formed.');
    if (index.wasDeleted(facts.id))
      throw new CorridorError('message-deleted', 'This message was deleted on this computer.');
    const entry = newEntry(signed, facts, { keeps: false }, {});
    this.#mergeRoles(entry, roles);
    this.#files.begin(entry, signed);
    index.add(entry);
    this.#files.saveLocal(entry);
    return entry;
  }

  append(entry: Entry, fragments: readonly Fragment[]): number {
    const { writer, streams } = this.#parts;
    const file = this.#files.get(entry.id);
    if (entry.state === 'complete' || entry.completing || !file) return 0;
    const count = entry.manifest?.facts.count ?? MAX_FRAGMENTS;
    let room = writer.roomBytes;
    let added = 0;
    for (const fragment of fragments) {
      if (!isWithinBounds(fragment, count) || file.table.has(fragment.n)) continue;
      room -= fragment.bytes.length;
      if (room < 0) {
        writer.memoryFull();
        break;
      }
      file.append(fragment);
      added++;
      streams.arrived(entry.id, fragment.n);
    }
    if (added === 0) return 0;
    writer.write(entry.id, file);
    if (isWhole(entry, file)) void this.#settling.settle(entry);
    return added;
  }

  async setManifest(entry: Entry, signed: Signed, facts: Manifest): Promise<Completion> {
    const { writer, streams, changed } = this.#parts;
    if (!belongsTo(facts, entry.header.facts))
      throw new CorridorError('wrong-manifest', 'The end of a message did not match its beginning.');
    if (!entry.manifest) {
      entry.manifest = { signed, facts };
      const file = this.#files.of(entry);
      file.table.cut(facts.count);
      file.put(RECORD.manifest, signed);
      writer.write(entry.id, file);
      changed(entry.id);
      streams.poke(entry.id);
    }
    return this.#settling.settle(entry);
  }

  setReceipt(signed: Signed, facts: Receipt): boolean {
    const { index, writer, changed } = this.#parts;
    const entry = index.get(facts.id);
    if (!entry || !mergeReceipt(entry.receipts, entry.header.facts, { signed, facts })) return false;
    const file = this.#files.of(entry);
    file.put(RECORD.receipt, signed);
    writer.write(entry.id, file);
    changed(entry.id);
    return true;
  }

  setLocal(entry: Entry, { number, ...rest }: Local): void {
    entry.local = { ...entry.local, ...rest };
    if (number !== undefined) this.#numbers.give(entry, number);
    this.#files.saveLocal(entry);
  }

  #mergeRoles(entry: Entry, roles: Partial<Roles>): boolean {
    const mine = entry.roles.mine ?? roles.mine;
    const keeps = entry.roles.keeps || roles.keeps === true;
    const isChanged = mine !== entry.roles.mine || keeps !== entry.roles.keeps;
    entry.roles = mine ? { mine, keeps } : { keeps };
    if (mine) this.#numbers.give(entry);
    return isChanged;
  }
}

function isWithinBounds({ n, bytes }: Fragment, count: number): boolean {
  return Number.isInteger(n) && n >= 0 && n < count && bytes.length > 0 && bytes.length <= MAX_FRAGMENT_BYTES;
}
