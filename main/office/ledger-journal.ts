import {
  statementIdOf,
  statementNotSaved,
  type Ledger,
  type LedgerFile,
  type StatementId,
} from '../identity/index.ts';
import type { Schedule, Signed } from '../model/index.ts';

/** When the disk is tried again after it refused statements. */
const SAVE_AGAIN_MS = 5_000;
/** How many lines beyond twice what is held the file may have before it is written anew: so each line costs about one more. */
const MAX_SPARE_LINES = 1_024;

export interface LedgerJournalParts {
  readonly ledger: Ledger;
  readonly file: Pick<LedgerFile, 'append' | 'rewrite' | 'lines' | 'close'>;
  readonly schedule: Schedule;
  readonly log: (line: string) => void;
  /** What the file holds already. */
  readonly onDisk: Iterable<StatementId>;
  /** Statements of the file that wait for their past. */
  readonly waiting: () => readonly Signed[];
}

/**
 * What of the ledger is on the disk. Each statement stands behind its past, and one after the other is written. What somebody
 * signs may take the seat of what they signed before, without end: then the file is written anew with what is held.
 */
export class LedgerJournal {
  readonly #parts: LedgerJournalParts;
  #onDisk: Set<StatementId>;
  /** Own ones that were written, and entered after that, since the file was written anew. */
  #own: Signed[] = [];
  /** After a disk that refused it, the file is written anew no sooner than with so many lines. */
  #linesToShorten = 0;
  /** The disk refused them. */
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

  /** Leaves out of the file what is held no more. Everything that counts is held, and so is the past of it. */
  async #shorten(): Promise<void> {
    const { ledger, file, log, waiting } = this.#parts;
    if (file.lines < Math.max(2 * ledger.size + MAX_SPARE_LINES, this.#linesToShorten)) return;
    const held = ledger.ids.filter((id) => this.#onDisk.has(id));
    const others = [...waiting(), ...this.#own].filter((one) => !ledger.get(statementIdOf(one)));
    const own = this.#own;
    this.#own = [];
    // Whether it succeeds or not: what is left out is written again if it comes to count.
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
