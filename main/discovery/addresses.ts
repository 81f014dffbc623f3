import { isIP } from 'node:net';
import * as v from 'valibot';
import type { Phrases } from '../../i18n/index.ts';
import {
  CorridorError,
  Emitter,
  faults,
  fileSetAside,
  firstFormat,
  JsonFile,
  nodeIdSchema,
  nodePorts,
  portSchema,
  type NodeId,
  type Ports,
} from '../model/index.ts';

/** Where a node listens for beats unless told otherwise. */
export const DEFAULT_BEAT_PORT = 47_021;
const MAX_SEEN = 1000;
const MAX_GIVEN = 64;
const MAX_HOST_LENGTH = 253;

const hostSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_HOST_LENGTH));
const seenSchema = v.object({
  node: nodeIdSchema,
  address: v.pipe(v.string(), v.ip()),
  beatPort: portSchema,
  /** When it was last heard, ms since the epoch. */
  seenAt: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
const givenSchema = v.object({ host: hostSchema, port: portSchema });
const fileSchema = v.object({
  v: v.literal(1),
  seen: v.pipe(v.array(seenSchema), v.maxLength(MAX_SEEN)),
  given: v.pipe(v.array(givenSchema), v.maxLength(MAX_GIVEN)),
});

type SavedFile = v.InferOutput<typeof fileSchema>;
const FORMAT = firstFormat('v', fileSchema);

type FilePorts = Pick<Ports, 'disk' | 'random'>;
/** An address at which a node was heard. */
type SeenAddress = v.InferOutput<typeof seenSchema>;
/** An address that a person entered: `port` is for beats. */
export type GivenAddress = v.InferOutput<typeof givenSchema>;

/** Reads `host`, `host:port`, `[v6]` or `[v6]:port`. Throws `bad-address` with what is wrong. */
export function parseAddress(text: string): GivenAddress {
  const wrong = (fault: Phrases['bad-address']['fault'], why: string, given = '') =>
    new CorridorError('bad-address', `${why} Write it as 192.168.1.20 or colleague.local:47021.`, {
      details: { fault, given },
    });
  const trimmed = text.trim();
  if (trimmed === '') throw wrong('empty', 'The address is empty.');
  if (trimmed.length > MAX_HOST_LENGTH + 6) throw wrong('too-long', 'The address is too long.');
  const matched =
    isIP(trimmed) === 6 ? [trimmed, trimmed] : /^(\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/.exec(trimmed);
  if (!matched) throw wrong('no-address', `${trimmed} is not an address.`, trimmed);
  const bracketed = matched[1]?.startsWith('[') ?? false;
  const host = (matched[1] ?? '').replace(/^\[|\]$/g, '');
  const isName = /^(?=.*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?$/i.test(
    host,
  );
  if (bracketed ? isIP(host) !== 6 : isIP(host) === 0 && !isName)
    throw wrong('no-host', `${host || trimmed} is no host.`, host || trimmed);
  if (matched[2] === undefined) return { host, port: DEFAULT_BEAT_PORT };
  const port = /^[0-9]{1,5}$/.test(matched[2]) ? Number(matched[2]) : 0;
  if (port < 1 || port > 65535) {
    throw wrong('bad-port', `The port of ${trimmed} is not a number from 1 to 65535.`, trimmed);
  }
  return { host, port };
}

/** The addresses that a node calls besides those found by multicast: of nodes that were heard before, and those that people entered. */
export class SavedAddresses {
  readonly events = new Emitter<{ changed: undefined }>((error) => faults.tell('saved addresses', error));
  readonly #file: JsonFile<SavedFile>;
  readonly #seen = new Map<NodeId, SeenAddress>();
  #given: GivenAddress[] = [];

  private constructor(file: string, ports: FilePorts) {
    this.#file = new JsonFile(file, FORMAT, ports);
  }

  /** Reads `file`. One that is damaged, or of a later version, is set aside and reported by `trouble`; then no address is known. */
  static async load(
    file: string,
    ports: FilePorts = nodePorts,
  ): Promise<{ addresses: SavedAddresses; trouble: CorridorError | undefined }> {
    const addresses = new SavedAddresses(file, ports);
    const saved = await addresses.#file.read();
    if (saved.kind === 'missing') return { addresses, trouble: undefined };
    if (saved.kind === 'aside') {
      if (saved.isNewer) return { addresses, trouble: fileSetAside(file, true, saved.cause) };
      const sentence = `The saved addresses were damaged and set aside as ${saved.aside}. Enter addresses again if nobody is found.`;
      const told = { cause: saved.cause, details: { path: file } };
      return { addresses, trouble: new CorridorError('addresses-damaged', sentence, told) };
    }
    for (const seen of saved.value.seen) addresses.#seen.set(seen.node, seen);
    addresses.#given = saved.value.given;
    return { addresses, trouble: undefined };
  }

  /** The nodes that were heard, the latest first. */
  get seen(): SeenAddress[] {
    return [...this.#seen.values()].sort((a, b) => b.seenAt - a.seenAt);
  }

  get given(): readonly GivenAddress[] {
    return this.#given;
  }

  /** Remembers where a node was heard. Beyond a thousand the one that was heard longest ago is forgotten. */
  see(seen: SeenAddress): void {
    this.#seen.set(seen.node, v.parse(seenSchema, seen));
    const oldest = this.#seen.size > MAX_SEEN ? this.seen[this.#seen.size - 1] : undefined;
    if (oldest) this.#seen.delete(oldest.node);
    this.events.emit('changed', undefined);
  }

  /** Takes an address as a person writes it. Throws `bad-address`, or `too-many-addresses`. */
  give(text: string): GivenAddress {
    const address = parseAddress(text);
    this.withdraw(address);
    if (this.#given.length >= MAX_GIVEN) {
      throw new CorridorError(
        'too-many-addresses',
        `Only ${MAX_GIVEN} addresses are kept. Remove one first.`,
        { details: { most: MAX_GIVEN } },
      );
    }
    this.#given = [...this.#given, address];
    this.events.emit('changed', undefined);
    return address;
  }

  withdraw({ host, port }: GivenAddress): void {
    this.#given = this.#given.filter((one) => one.host !== host || one.port !== port);
    this.events.emit('changed', undefined);
  }

  /** Writes the file atomically. Rejects if the disk fails. */
  async save(): Promise<void> {
    await this.#file.write({ v: 1, seen: this.seen, given: this.#given });
  }
}
