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

export interface LedgerJournalParts {
  readonly ledger: Ledger;
  readonly file: Pick<LedgerFile, 'append' | 'close'>;
  readonly schedule: Schedule;
  readonly log: (line: string) => void;
  /** What the file holds already. */
  readonly onDisk: Iterable<StatementId>;
}

/** What of the ledger is on the disk. Each statement stands behind its past, and one after the other is written. */
export class LedgerJournal {
  readonly #parts: LedgerJournalParts;
  readonly #onDisk: Set<StatementId>;
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
    this.#refused.clear();
  }

  #tryLater(): void {
    this.#cancel?.();
    if (!this.#isClosed) this.#cancel = this.#parts.schedule(() => void this.save([]), SAVE_AGAIN_MS);
  }
}
