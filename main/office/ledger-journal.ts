import {
  statementIdOf,
  statementNotSaved,
  type Ledger,
  type LedgerFile,
  type StatementId,
} from '../identity/index.ts';
import type { Schedule, Signed } from '../model/index.ts';

/** The disk is tried again this long after it refused statements, ms. */
const SAVE_AGAIN_MS = 5_000;
/** The file is rewritten once it has this many lines more than twice the held statements, so a rewrite costs about one line for each line. */
const MAX_SPARE_LINES = 1_024;

export interface LedgerJournalParts {
  readonly ledger: Ledger;
  readonly file: Pick<LedgerFile, 'append' | 'rewrite' | 'lines' | 'close'>;
  readonly schedule: Schedule;
  readonly log: (line: string) => void;
  /** The statements that the file holds already. */
  readonly onDisk: Iterable<StatementId>;
  /** Statements of the file that wait for their past. */
  readonly waiting: () => readonly Signed[];
}

/**
 * Keeps the ledger on the disk. Statements are appended one after the other, each after its past. New statements of an author can
 * displace their earlier ones again and again, so the file is rewritten with the held ones when it has grown too long.
 */
export class LedgerJournal {
  readonly #parts: LedgerJournalParts;
  #onDisk: Set<StatementId>;
  /** Own statements that were appended since the last rewrite. They are written before they enter the ledger. */
  #own: Signed[] = [];
  /** After a failed rewrite the next one waits until the file has this many lines. */
  #linesToShorten = 0;
  /** Statements that the disk refused, to be written again. */
  readonly #refused = new Set<StatementId>();
  #last: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: LedgerJournalParts) {
    this.#parts = parts;
    this.#onDisk = new Set(parts.onDisk);
  }

  has(id: StatementId): boolean {
    return this.#onDisk.has(id);
  }

  /** Resolves once these are on the disk, or wait to be written again. */
  async save(ids: readonly StatementId[]): Promise<void> {
    await this.insist(ids).catch(() => undefined);
  }

  /** Like `save`. @throws CorridorError `statement-not-saved` where they wait to be written again */
  async insist(ids: readonly StatementId[]): Promise<void> {
    try {
      await this.#next(() => this.#write(ids));
    } catch (error) {
      this.#parts.log(`Statements of the office could not be saved yet: ${String(error)}`);
      for (const id of ids) this.#refused.add(id);
      this.#tryLater();
      throw statementNotSaved(error);
    }
  }

  /** Writes a statement that is not entered yet. @throws CorridorError `statement-not-saved`: it is not on the disk */
  async append(signed: Signed, after: readonly StatementId[]): Promise<void> {
    await this.#next(() => this.#write(after, signed)).catch((error: unknown) => {
      throw statementNotSaved(error);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    await this.#last;
    await this.#parts.file.close();
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #write(ids: readonly StatementId[], signed?: Signed): Promise<void> {
    const { ledger, file } = this.#parts;
    const wanted = [...this.#refused, ...ids].filter((id) => !this.#onDisk.has(id));
    const missing = ledger.withPast(wanted).filter((id) => !this.#onDisk.has(id));
    const statements = missing.flatMap((id) => ledger.get(id) ?? []);
    if (signed) statements.push(signed);
    if (statements.length === 0) return;
    await file.append(statements);
    for (const statement of statements) this.#onDisk.add(statementIdOf(statement));
    if (signed) this.#own.push(signed);
    this.#refused.clear();
    await this.#shorten();
  }

  /** Rewrites the file without statements that are not held any more. Everything that counts is held, with its past. */
  async #shorten(): Promise<void> {
    const { ledger, file, log, waiting } = this.#parts;
    if (file.lines < Math.max(2 * ledger.size + MAX_SPARE_LINES, this.#linesToShorten)) return;
    const held = ledger.ids.filter((id) => this.#onDisk.has(id));
    const others = [...waiting(), ...this.#own].filter((one) => !ledger.get(statementIdOf(one)));
    const own = this.#own;
    this.#own = [];
    // Also after a failure: a statement that is left out here is written again once it counts.
    this.#onDisk = new Set([...held, ...others.map(statementIdOf)]);
    try {
      await file.rewrite([...held.flatMap((id) => ledger.get(id) ?? []), ...others]);
    } catch (error) {
      this.#own = own;
      this.#linesToShorten = file.lines + MAX_SPARE_LINES;
      log(`The ledger could not be written anew: ${String(error)}`);
    }
  }

  #tryLater(): void {
    this.#cancel?.();
    if (!this.#isClosed) this.#cancel = this.#parts.schedule(() => void this.save([]), SAVE_AGAIN_MS);
  }
}
