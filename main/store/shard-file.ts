import type { Adapter } from 'lowdb';
import * as v from 'valibot';
import { CorridorError, messageIdSchema, timeSchema, writeAtomically, type Ports } from '../model/index.ts';
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

const versionedSchema = v.looseObject({ version: v.pipe(v.number(), v.integer(), v.minValue(1)) });

/** Turns content of version n, found under key n, into content of version n + 1. */
type Migrations = Readonly<Record<number, (content: Record<string, unknown>) => Record<string, unknown>>>;
const MIGRATIONS: Migrations = {};

/**
 * Brings content of any earlier version up to `version`, step by step. Throws CorridorError 'newer-store' for content
 * of a version that this program does not know: that is not damage, and must not be treated as such.
 */
export function migrate(
  content: unknown,
  version: number = SHARD_VERSION,
  migrations: Migrations = MIGRATIONS,
): unknown {
  let current = v.parse(versionedSchema, content);
  if (current.version > version)
    throw new CorridorError(
      'newer-store',
      'The messages on this computer were written by a newer Corridor. Install that version again.',
    );
  while (current.version < version) {
    const step = migrations[current.version];
    if (!step) throw new Error(`no way from version ${current.version}`);
    current = v.parse(versionedSchema, { ...step(current), version: current.version + 1 });
  }
  return current;
}

/** lowdb's adapter for an index file: written atomically and synced, read through migration and schema. */
export class ShardFile implements Adapter<Shard> {
  readonly #ports: Pick<Ports, 'disk' | 'random'>;
  readonly #path: string;

  constructor(ports: Pick<Ports, 'disk' | 'random'>, path: string) {
    this.#ports = ports;
    this.#path = path;
  }

  /** Throws what `migrate` throws, and a ValiError or SyntaxError where the content is damaged. */
  async read(): Promise<Shard> {
    return v.parse(shardSchema, migrate(JSON.parse(await this.#ports.disk.readText(this.#path))));
  }

  async write(shard: Shard): Promise<void> {
    await writeAtomically(this.#path, JSON.stringify(shard), this.#ports);
  }
}
