import type { MessageId } from '../model/index.ts';
import type { MessageReader } from './archive.ts';
import { isToBeFetched, type FragmentFetcher } from './fragment-fetcher.ts';
import { OwnUnended, type OwnUnendedParts } from './own-unended.ts';

/** One message is taken up each this many ms: after a start with many of them, holders are not asked for all at once. */
const PACE_MS = 50;

interface UnfinishedParts extends OwnUnendedParts {
  readonly read: MessageReader;
  readonly fetcher: Pick<FragmentFetcher, 'watch'>;
}

/**
 * Takes up the messages that this node has to hold and has only a part of, whatever other nodes believe: one that its person heard
 * live, with gaps in it, is announced by nobody any more.
 */
export class Unfinished {
  readonly own: OwnUnended;
  readonly #parts: UnfinishedParts;
  readonly #waiting = new Set<MessageId>();
  #cancel: (() => void) | undefined;

  constructor(parts: UnfinishedParts) {
    this.#parts = parts;
    this.own = new OwnUnended(parts);
  }

  /** To be called when a link is up: its other end may have what is missing here. The newest messages come first. */
  look(): void {
    const found = this.#parts.read.list({ state: 'incomplete' }).filter(isToBeFetched);
    for (const { id } of found.reverse()) this.#waiting.add(id);
    if (!this.#cancel) this.#next();
    this.own.look();
  }

  close(): void {
    this.#cancel?.();
    this.own.close();
  }

  #next(): void {
    const { fetcher, schedule } = this.#parts;
    this.#cancel = undefined;
    const [id] = this.#waiting;
    if (id === undefined) return;
    this.#waiting.delete(id);
    fetcher.watch(id);
    this.#cancel = schedule(() => this.#next(), PACE_MS);
  }
}
