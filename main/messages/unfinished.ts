import type { MessageId, NodeId } from '../model/index.ts';
import type { MessageReader } from './archive.ts';
import type { Arriving } from './arriving.ts';
import { isToBeFetched, type FragmentFetcher } from './fragment-fetcher.ts';
import type { Holders } from './holders.ts';
import { OwnUnended, type OwnUnendedParts } from './own-unended.ts';
import type { PeerLink } from './ports.ts';

/** One message is taken up each this many ms: after a start with many of them, holders are not asked for all at once. */
const PACE_MS = 50;

interface UnfinishedParts extends OwnUnendedParts {
  readonly read: MessageReader;
  readonly fetcher: Pick<FragmentFetcher, 'watch' | 'watchAll'>;
  readonly arriving: Pick<Arriving, 'has'>;
  readonly holders: Pick<Holders, 'forgive'>;
}

/**
 * Takes up the messages that this node has to hold and has only a part of, whatever other nodes believe: one that its person heard
 * live, with gaps in it, is announced by nobody any more.
 */
export class Unfinished {
  readonly own: OwnUnended;
  readonly #parts: UnfinishedParts;
  readonly #waiting = new Set<MessageId>();
  /** The links over which it was looked. A node may ask for its inbox again and again. */
  readonly #met = new WeakSet<PeerLink>();
  #online: ReadonlySet<NodeId> = new Set();
  #cancel: (() => void) | undefined;

  constructor(parts: UnfinishedParts) {
    this.#parts = parts;
    this.own = new OwnUnended(parts);
  }

  /** A link is up: its other end may have what is missing here. */
  linkUp(link: PeerLink): void {
    if (this.#met.has(link)) return;
    this.#met.add(link);
    this.#look();
    this.own.look();
  }

  /** To be called when the nodes that are online may have changed: one that appears may have what is missing here. */
  expect(): void {
    const { online } = this.#parts.office;
    const hasAppeared = online.some((node) => !this.#online.has(node));
    this.#online = new Set(online);
    if (hasAppeared) this.#look();
  }

  close(): void {
    this.#cancel?.();
    this.own.close();
  }

  /** Takes up all of them, the newest first. Nodes that could not serve one may be asked again at once. */
  #look(): void {
    this.#parts.holders.forgive();
    const found = this.#parts.read.those('incomplete').filter(isToBeFetched);
    for (const { id } of found.reverse()) this.#waiting.add(id);
    if (!this.#cancel) this.#next();
  }

  #next(): void {
    const { fetcher, arriving, schedule } = this.#parts;
    this.#cancel = undefined;
    const [id] = this.#waiting;
    if (id === undefined) return;
    this.#waiting.delete(id);
    if (arriving.has(id)) fetcher.watch(id);
    else fetcher.watchAll(id);
    this.#cancel = schedule(() => this.#next(), PACE_MS);
  }
}
