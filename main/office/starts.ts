import * as v from 'valibot';
import {
  fileSetAside,
  firstFormat,
  JsonFile,
  nodeIdSchema,
  type CorridorError,
  type NodeId,
  type Ports,
} from '../model/index.ts';

/** More members than an office has. */
const MAX_TERMS = 1000;
/** Several new terms within this time are written at once, ms. */
const WRITE_AFTER_MS = 1000;

const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const fileSchema = v.object({
  v: v.literal(1),
  /** The number of the last start, ms since the epoch or later. */
  boot: countSchema,
  /** The highest term in which each node claimed to be the switch. */
  terms: v.pipe(v.record(nodeIdSchema, countSchema), v.maxEntries(MAX_TERMS)),
});

type StartsFile = v.InferOutput<typeof fileSchema>;
const FORMAT = firstFormat('v', fileSchema);

interface StartsParts {
  readonly ports: Pick<Ports, 'disk' | 'random' | 'schedule' | 'clock'>;
  readonly log: (line: string) => void;
}

/** Numbers that must survive restarts: the number of this start, by which others know older packets, and the terms of switches. */
export class Starts {
  readonly #file: JsonFile<StartsFile>;
  readonly #parts: StartsParts;
  readonly #terms = new Map<NodeId, number>();
  #boot = 0;
  #cancelWrite: (() => void) | undefined;

  private constructor(path: string, parts: StartsParts) {
    this.#parts = parts;
    this.#file = new JsonFile(path, FORMAT, parts.ports);
  }

  /**
   * A file that is damaged, or of a later version, is set aside and reported by `trouble`. The clock then gives the number of this start,
   * and others report if it is too low.
   */
  static async load(
    path: string,
    parts: StartsParts,
  ): Promise<{ readonly starts: Starts; readonly trouble: CorridorError | undefined }> {
    const starts = new Starts(path, parts);
    const saved = await starts.#file.read();
    if (saved.kind === 'aside') return { starts, trouble: fileSetAside(path, saved.isNewer, saved.cause) };
    if (saved.kind === 'missing') return { starts, trouble: undefined };
    starts.#boot = saved.value.boot;
    for (const [node, term] of Object.entries(saved.value.terms)) starts.#terms.set(node as NodeId, term);
    return { starts, trouble: undefined };
  }

  /** Resolves with the number of a new start, higher than all before, even if the clock was set back. It is on the disk by then. */
  async next(): Promise<number> {
    this.#boot = Math.max(this.#parts.ports.clock.now(), this.#boot + 1);
    await this.#write();
    return this.#boot;
  }

  /** The highest term in which each node claimed to be the switch. */
  get knownTerms(): ReadonlyMap<NodeId, number> {
    return this.#terms;
  }

  noteTerm(node: NodeId, term: number): void {
    const known = this.#terms.get(node);
    if (known !== undefined ? term <= known : this.#terms.size >= MAX_TERMS) return;
    this.#terms.set(node, term);
    this.#writeLater();
  }

  /** Forgets a node that is no member any more. */
  forget(node: NodeId): void {
    if (this.#terms.delete(node)) this.#writeLater();
  }

  #writeLater(): void {
    this.#cancelWrite ??= this.#parts.ports.schedule(() => {
      this.#cancelWrite = undefined;
      void this.#write();
    }, WRITE_AFTER_MS);
  }

  /** Writes pending changes. */
  async close(): Promise<void> {
    if (!this.#cancelWrite) return;
    this.#cancelWrite();
    this.#cancelWrite = undefined;
    await this.#write();
  }

  /** If the disk fails, this start goes on all the same: others report if they have seen its number before. */
  async #write(): Promise<void> {
    const document = { v: 1, boot: this.#boot, terms: Object.fromEntries(this.#terms) };
    await this.#file
      .write(document)
      .catch((error: Error) =>
        this.#parts.log(`The number of this start could not be saved: ${error.message}`),
      );
  }
}
