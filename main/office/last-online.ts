import * as v from 'valibot';
import {
  Emitter,
  faults,
  fileSetAside,
  firstFormat,
  JsonFile,
  nodeIdSchema,
  timeSchema,
  type CorridorError,
  type NodeId,
  type Ports,
} from '../model/index.ts';

/** More members than an office has. */
const MAX_NODES = 1000;
/** Several changes within this time are one: weeks are counted, ms. */
const CHANGED_AFTER_MS = 60 * 60 * 1000;

const fileSchema = v.object({
  v: v.literal(1),
  since: timeSchema,
  nodes: v.pipe(v.record(nodeIdSchema, timeSchema), v.maxEntries(MAX_NODES)),
});
type OnlineFile = v.InferOutput<typeof fileSchema>;
const FORMAT = firstFormat('v', fileSchema);

/** When each colleague's computer was last online, by this node's clock: what waits for somebody must not wait for ever. */
export class LastOnline {
  /** `changed`: something changed that is worth being saved. */
  readonly events = new Emitter<{ changed: undefined }>((error) => faults.tell('who was online', error));
  readonly #file: JsonFile<OnlineFile>;
  readonly #now: () => number;
  #since: number;
  #nodes = new Map<NodeId, number>();

  private constructor(path: string, ports: Pick<Ports, 'disk' | 'random' | 'clock'>) {
    this.#file = new JsonFile(path, FORMAT, ports);
    this.#now = () => ports.clock.now();
    this.#since = this.#now();
  }

  /** Without a file, or with one that is damaged or of a later version, which `trouble` reports, everybody counts as online just now. */
  static async load(
    path: string,
    ports: Pick<Ports, 'disk' | 'random' | 'clock'>,
  ): Promise<{ readonly lastOnline: LastOnline; readonly trouble: CorridorError | undefined }> {
    const lastOnline = new LastOnline(path, ports);
    const saved = await lastOnline.#file.read();
    if (saved.kind === 'aside')
      return { lastOnline, trouble: fileSetAside(path, saved.isNewer, saved.cause) };
    if (saved.kind === 'sound') {
      lastOnline.#since = saved.value.since;
      lastOnline.#nodes = new Map(Object.entries(saved.value.nodes) as [NodeId, number][]);
    }
    return { lastOnline, trouble: undefined };
  }

  /** These are online now. */
  note(nodes: readonly NodeId[]): void {
    const now = this.#now();
    let isChanged = false;
    for (const node of nodes) {
      const before = this.#nodes.get(node);
      // A clock that was ahead is corrected.
      if (before !== undefined && before <= now && now - before < CHANGED_AFTER_MS) continue;
      this.#nodes.delete(node);
      this.#nodes.set(node, now);
      isChanged = true;
    }
    for (const oldest of this.#nodes.keys()) {
      if (this.#nodes.size <= MAX_NODES) break;
      this.#nodes.delete(oldest);
    }
    if (isChanged) this.events.emit('changed', undefined);
  }

  /** Ms since the epoch. Of a node that was never online here: since when this is written down. */
  of(node: NodeId): number {
    return this.#nodes.get(node) ?? this.#since;
  }

  /** Writes the file atomically. Rejects if the disk fails. */
  save(): Promise<void> {
    return this.#file.write({ v: 1, since: this.#since, nodes: Object.fromEntries(this.#nodes) });
  }
}
