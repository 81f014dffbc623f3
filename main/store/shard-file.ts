import type { Adapter } from 'lowdb';
import * as v from 'valibot';
import {
  CorridorError,
  documentText,
  messageIdSchema,
  readDocument,
  timeSchema,
  writeAtomically,
  type DocumentFormat,
  type Ports,
} from '../model/index.ts';
import { indexedMessageSchema } from './stored-message.ts';

export const SHARD_VERSION = 1;

/** That a message was deleted. */
const tombstoneSchema = v.object({
  id: messageIdSchema,
  at: timeSchema,
  /** Its person deleted it, and perhaps somebody had yet to hear it: it may be kept again, for others. */
  isOwed: v.optional(v.literal(true)),
});
export type Tombstone = Omit<v.InferOutput<typeof tombstoneSchema>, 'id'>;

/** The content of one index file: up to 64 messages, and the ids of those that were deleted from it. */
const shardSchema = v.object({
  version: v.literal(SHARD_VERSION),
  messages: v.array(indexedMessageSchema),
  deleted: v.array(tombstoneSchema),
});
export type Shard = v.InferOutput<typeof shardSchema>;

const FORMAT: DocumentFormat<Shard> = {
  field: 'version',
  version: SHARD_VERSION,
  parse: (content) => v.parse(shardSchema, content),
};

/** An index file was set aside: what it held is made again from the messages, but for what was deleted. */
export function indexRemade(path: string, isNewer: boolean, cause: unknown): CorridorError {
  const [why, aside] = isNewer ? ['was of a newer Corridor', 'newer'] : ['was damaged', 'damaged'];
  return new CorridorError(
    'index-remade',
    `A part of the list of messages ${why}. It was set aside as ${path}.${aside}, and made again from the messages. Messages that were deleted may come back.`,
    { cause, details: { path, isNewer } },
  );
}

/** lowdb's adapter for an index file: written atomically and synced, read through checksum, migration and schema. */
export class ShardFile implements Adapter<Shard> {
  readonly #ports: Pick<Ports, 'disk' | 'random'>;
  readonly #path: string;

  constructor(ports: Pick<Ports, 'disk' | 'random'>, path: string) {
    this.#ports = ports;
    this.#path = path;
  }

  /** Throws as `readDocument`. */
  async read(): Promise<Shard> {
    return readDocument(await this.#ports.disk.readText(this.#path), FORMAT);
  }

  async write(shard: Shard): Promise<void> {
    await writeAtomically(this.#path, documentText(shard), this.#ports);
  }
}
