import { isHashed, type Fragment, type FragmentRange, type Signed } from '../model/index.ts';
import { FragmentStream, type StreamListener } from './fragment-stream.ts';
import { isWhole, type MessageFiles } from './message-files.ts';
import type { Streaming } from './store-options.ts';
import type { StoreParts } from './store-parts.ts';
import type { Entry } from './stored-message.ts';

/** How many fragments one read returns at most. */
const MAX_READ = 4096;

/** Reads held fragments, streams them as they arrive, and lists the missing ones. */
export class Reading {
  readonly #parts: StoreParts;
  readonly #files: MessageFiles;

  constructor(parts: StoreParts, files: MessageFiles) {
    this.#parts = parts;
    this.#files = files;
  }

  missing(entry: Entry): FragmentRange[] {
    if (entry.state === 'complete') return [];
    const { table } = this.#files.of(entry);
    return table.missing(entry.manifest?.facts.count ?? table.end);
  }

  async read(entry: Entry, from: number, max: number): Promise<Fragment[]> {
    const file = await this.#files.loaded(entry);
    const numbers: number[] = [];
    for (let n = from; numbers.length < Math.min(max, MAX_READ) && file.table.has(n); n++) numbers.push(n);
    const fragments = await this.#files.read(entry, file, numbers);
    const gap = fragments.findIndex((fragment, index) => fragment.n !== from + index);
    return gap < 0 ? fragments : fragments.slice(0, gap);
  }

  hashes(entry: Entry, from: number, to: number): Signed[] {
    return this.#files.of(entry).cover.statements(from, to);
  }

  /** The number of leading fragments that are held, and vouched for if the talker signs hashes. */
  vouched(entry: Entry): number {
    const { table, cover } = this.#files.of(entry);
    if (entry.state === 'complete') return table.held;
    const hashed = isHashed(entry.header.facts);
    let n = 0;
    while (table.has(n) && (!hashed || cover.isVouched(n))) n++;
    return n;
  }

  stream(entry: Entry, from: number, listener: StreamListener): Streaming {
    let file = this.#files.of(entry);
    const stream = new FragmentStream(
      {
        ready: async () => void (file = await this.#files.loaded(entry)),
        next: (n) => file.table.next(n),
        readNow: (numbers) => file.readNow(numbers),
        read: (numbers) => this.#files.read(entry, file, numbers),
        allHeld: () => isWhole(entry, file),
      },
      from,
      listener,
    );
    this.#parts.streams.add(entry.id, stream);
    return { stop: () => stream.end('stopped'), done: stream.done };
  }
}
