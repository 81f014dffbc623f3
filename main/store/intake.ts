import {
  CorridorError,
  hashesIn,
  isHashed,
  MAX_FRAGMENT_BYTES,
  MAX_FRAGMENTS,
  shareSheet,
  withBeside,
  type Fragment,
  type FragmentHashes,
  type Header,
  type Manifest,
  type MessageId,
  type Receipt,
  type Signed,
} from '../model/index.ts';
import { belongsTo, newEntry } from './entry.ts';
import type { MessageFile } from './message-file.ts';
import { isWhole, type MessageFiles } from './message-files.ts';
import { RECORD, type RecordType } from './record.ts';
import { lacksReceipt, mergeReceipt, readersOf } from './receipts.ts';
import { isStorableId } from './recovery.ts';
import type { NumberClaim, RetrievalNumbers } from './retrieval-number.ts';
import type { Settling } from './settling.ts';
import type { StoreParts } from './store-parts.ts';
import type { Completion, Refusal } from './store-options.ts';
import type { Entry, Local, Roles, Statement } from './stored-message.ts';

/**
 * This many fragments (10 s of speech) are accepted beyond those that the talker vouched for, since its signed hashes may be late or
 * lost for a moment. Further ones may be forged by another recipient.
 */
const MAX_UNSIGNED = 1000;

/** How a message comes to this computer. */
export interface BeginOptions {
  /** Others had it long ago, and it takes its place among the earlier ones. */
  readonly isOlder?: boolean;
  /** When it was begun by this node's clock, where the header says something else; ms since the epoch. */
  readonly spokenAt?: number | undefined;
}

/** Takes in all parts of a message: header, fragments, manifest, receipts, and local facts. */
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

  /** Begins a message, or returns the one that was begun; roles add up. */
  begin(
    signed: Signed,
    facts: Header,
    roles: Partial<Roles>,
    { isOlder, spokenAt }: BeginOptions = {},
  ): Entry {
    const { index, arrivals } = this.#parts;
    const known = index.get(facts.id);
    if (this.#isForbidden(facts.id, known, roles))
      throw new CorridorError('message-deleted', 'This message was deleted on this computer.');
    if (known) {
      if (this.#mergeRoles(known, roles)) this.#files.saveLocal(known);
      return known;
    }
    if (!isStorableId(facts.id))
      throw new CorridorError('bad-message-id', 'A message has an id that is not well formed.');
    const came = isOlder ? arrivals.older(spokenAt ?? facts.startedAt) : arrivals.next();
    const arrived = spokenAt === undefined ? came : { ...came, spokenAt };
    const entry = newEntry(signed, facts, { keeps: false }, { arrived });
    this.#mergeRoles(entry, roles);
    this.#files.begin(entry, signed);
    index.add(entry);
    this.#files.saveLocal(entry);
    return entry;
  }

  /** Takes the sheet or the words of a message whose header came without them. Undefined: it lacked none of these. */
  setBeside(entry: Entry, came: Signed): Statement<Header> | undefined {
    const { writer, changed } = this.#parts;
    const header = withBeside(entry.header, came);
    if (!header) return undefined;
    entry.header = { ...header, signed: shareSheet(header.signed) };
    const file = this.#files.of(entry);
    file.put(RECORD.header, entry.header.signed);
    writer.write(entry.id, file);
    changed(entry.id);
    if (isWhole(entry, file)) void this.#settling.settle(entry);
    return entry.header;
  }

  append(entry: Entry, fragments: readonly Fragment[]): number {
    const { writer, streams } = this.#parts;
    const file = this.#files.get(entry.id);
    if (entry.state === 'complete' || entry.completing || !file) return 0;
    const hashed = isHashed(entry.header.facts);
    const count = entry.manifest?.facts.count ?? MAX_FRAGMENTS;
    const vouched = hashed && !entry.manifest ? file.cover.end + MAX_UNSIGNED : count;
    let room = writer.roomBytes;
    const [forged, unsigned]: [number[], number[]] = [[], []];
    let added = 0;
    for (const fragment of fragments) {
      if (!isWithinBounds(fragment, count) || file.table.has(fragment.n)) continue;
      if (fragment.n >= vouched) {
        unsigned.push(fragment.n);
        continue;
      }
      if (hashed && !file.cover.admit(fragment)) {
        forged.push(fragment.n);
        continue;
      }
      room -= fragment.bytes.length;
      if (room < 0) {
        writer.memoryFull();
        break;
      }
      file.append(fragment);
      added++;
      streams.arrived(entry.id, fragment.n);
    }
    if (added > 0) writer.write(entry.id, file);
    this.#refuse(entry, forged, 'forged');
    if (unsigned.length > 0) this.#refuse(entry, unsigned, isFull(file) ? 'unsigned' : 'ahead');
    if (added > 0 && isWhole(entry, file)) void this.#settling.settle(entry);
    return added;
  }

  /** Whether `setHashes` would accept them. A whole message needs none, since its manifest vouches for all of it. */
  lacksHashes(entry: Entry, facts: FragmentHashes): boolean {
    const { header, manifest, state, completing } = entry;
    if (!isHashed(header.facts) || !belongsTo(facts, header.facts) || state === 'complete' || completing)
      return false;
    const isWithin = facts.from < (manifest?.facts.count ?? MAX_FRAGMENTS);
    return isWithin && this.#files.of(entry).cover.lacks(facts.from);
  }

  setHashes(entry: Entry, signed: Signed, facts: FragmentHashes): boolean {
    const { writer, changed } = this.#parts;
    if (!this.lacksHashes(entry, facts)) return false;
    const file = this.#files.of(entry);
    file.cover.add(signed, facts);
    file.put(RECORD.hashes, signed);
    writer.write(entry.id, file);
    const forged: number[] = [];
    for (let n = facts.from; n < facts.from + hashesIn(facts.hashes); n++) {
      if (!file.table.has(n) || !file.cover.differs(n)) continue;
      file.drop(n);
      forged.push(n);
    }
    if (forged.length > 0) changed(entry.id);
    this.#refuse(entry, forged, 'forged');
    return true;
  }

  /** @param kept called once the manifest is kept, as `#saveOwn` says of this node's own message */
  async setManifest(entry: Entry, signed: Signed, facts: Manifest, kept?: () => void): Promise<Completion> {
    if (!belongsTo(facts, entry.header.facts))
      throw new CorridorError('wrong-manifest', 'The end of a message did not match its beginning.');
    if (!entry.manifest) {
      if (entry.roles.mine === 'talker') await this.#saveOwn(entry, RECORD.manifest, signed);
      else this.#put(entry, RECORD.manifest, signed);
      this.#takeManifest(entry, { signed, facts });
    }
    kept?.();
    return this.#settling.settle(entry);
  }

  /**
   * Nobody can read a statement of this node here before it is on the disk itself: a program that dies later finds the message ended,
   * or heard, when it starts again. So it never signs a second manifest for what others have an end of, and announces nothing as
   * unheard that its talker knows to be heard.
   *
   * A statement that the disk refuses may be sent all the same. Listeners would wait for a manifest while the sound of the message ends,
   * and the colleagues' copies, which are the safe ones then, would never be whole. What was heard was heard, and the person's other
   * computers would go on to announce it. The person is told of the store's trouble. The statement is written as soon as the disk takes
   * it; only a program that dies before lacks it.
   */
  async #saveOwn(entry: Entry, type: RecordType, signed: Signed): Promise<void> {
    this.#put(entry, type, signed);
    // A file that could not be synced was begun anew, without the statement, which the entry does not have yet.
    if (!(await this.#files.save(entry)) && this.#isKept(entry)) this.#put(entry, type, signed);
  }

  #put(entry: Entry, type: RecordType, value: unknown): void {
    const file = this.#files.of(entry);
    file.put(type, value);
    this.#parts.writer.write(entry.id, file);
  }

  /** From now on the message has this manifest for whoever reads it. */
  #takeManifest(entry: Entry, manifest: Statement<Manifest>): void {
    const { streams, changed } = this.#parts;
    // It may have been deleted meanwhile.
    if (!this.#isKept(entry)) return;
    entry.manifest ??= manifest;
    this.#files.of(entry).table.cut(entry.manifest.facts.count);
    changed(entry.id);
    streams.poke(entry.id);
  }

  #isKept(entry: Entry): boolean {
    return this.#parts.index.get(entry.id) === entry;
  }

  setReceipt(signed: Signed, facts: Receipt): boolean {
    const { index, changed } = this.#parts;
    const entry = index.get(facts.id);
    if (!entry || !mergeReceipt(entry.receipts, readersOf(entry), { signed, facts })) return false;
    this.#put(entry, RECORD.receipt, signed);
    changed(entry.id);
    return true;
  }

  /** Takes a receipt of this node, as `#saveOwn` says. Resolves with whether it counted. */
  async saveReceipt(signed: Signed, facts: Receipt): Promise<boolean> {
    const { index, changed } = this.#parts;
    const entry = index.get(facts.id);
    if (!entry || !lacksReceipt(entry.receipts, readersOf(entry), facts)) return false;
    await this.#saveOwn(entry, RECORD.receipt, signed);
    if (!this.#isKept(entry) || !mergeReceipt(entry.receipts, readersOf(entry), { signed, facts }))
      return false;
    changed(entry.id);
    return true;
  }

  setLocal(entry: Entry, { number, ...rest }: Local): void {
    entry.local = { ...entry.local, ...rest };
    if (number !== undefined) this.#numbers.give(entry, number);
    this.#files.saveLocal(entry);
  }

  /** Merges the retrieval numbers of another computer of this person. Returns those that the other one lacks. */
  mergeNumbers(claims: readonly NumberClaim[]): readonly NumberClaim[] {
    const { index, changed } = this.#parts;
    const { lengthened, answer } = this.#numbers.merge(claims, (id) => {
      const entry = index.get(id);
      return entry?.local.number === undefined ? undefined : entry;
    });
    for (const entry of lengthened) {
      this.#files.saveLocal(entry);
      changed(entry.id);
    }
    return answer;
  }

  /** What was deleted never comes back to this node's person, but for others it may. */
  #isForbidden(id: MessageId, known: Entry | undefined, { mine, keeps }: Partial<Roles>): boolean {
    const { index } = this.#parts;
    const changes = known ? mine !== undefined && known.roles.mine === undefined : true;
    return changes && index.wasDeleted(id) && (mine !== undefined || !keeps || !index.mayKeep(id));
  }

  #refuse({ id }: Entry, numbers: readonly number[], why: Refusal): void {
    if (numbers.length > 0) this.#parts.events.emit('refused', { id, numbers, why });
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

/** Whether most of the allowed unsigned fragments are really here: a single fragment far ahead does not count as ten seconds. */
function isFull({ table, cover: { end } }: MessageFile): boolean {
  let held = 0;
  for (let n = end; n < end + MAX_UNSIGNED; n++) if (table.has(n)) held++;
  return held > MAX_UNSIGNED / 2;
}

function isWithinBounds({ n, bytes }: Fragment, count: number): boolean {
  return Number.isInteger(n) && n >= 0 && n < count && bytes.length > 0 && bytes.length <= MAX_FRAGMENT_BYTES;
}
