import type { MessageId, Schedule } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
import type { FragmentFetcher } from './fragment-fetcher.ts';

/** One message is taken up each this many ms: after a start with many of them, holders are not asked for all at once. */
const PACE_MS = 50;

interface UnfinishedParts {
  readonly read: MessageReader;
  readonly fetcher: Pick<FragmentFetcher, 'watch'>;
  readonly schedule: Schedule;
}

/**
 * Takes up the messages that this node has to hold and has only a part of, whatever other nodes believe: one that its person heard
 * live, with gaps in it, is announced by nobody any more.
 */
export class Unfinished {
  readonly #parts: UnfinishedParts;
  readonly #waiting = new Set<MessageId>();
  #cancel: (() => void) | undefined;

  constructor(parts: UnfinishedParts) {
    this.#parts = parts;
  }

  /** To be called when a link is up: its other end may have what is missing here. The newest messages come first. */
  look(): void {
    const found = this.#parts.read.list({ state: 'incomplete' }).filter(isToBeFetched);
    for (const { id } of found.reverse()) this.#waiting.add(id);
    if (!this.#cancel) this.#next();
  }

  close(): void {
    this.#cancel?.();
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

/** Of its own messages a node fetches those that the disk has damaged since, not those that are being spoken or were broken off. */
function isToBeFetched({ roles, manifest }: StoredMessage): boolean {
  return roles.mine !== 'talker' || manifest !== undefined;
}
