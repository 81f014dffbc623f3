import {
  lacksBeside,
  lacksWords,
  type Fragment,
  type FragmentRange,
  type MessageId,
  type NodeId,
  type Schedule,
} from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import type { HolderSearch } from './holder-search.ts';
import type { Holders } from './holders.ts';
import type { PeerLink } from './ports.ts';

/** For this long a gap may be filled by resending over UDP, before a holder is asked. */
const PATIENCE_MS = 150;
/** A holder that sent everything is followed by another one after this time: the disk is still checking what came, ms. */
const CHECK_MS = 1000;
/**
 * A holder over whose link nothing came for this long is followed by another one, ms; and one that sends other messages meanwhile after
 * eight times as long.
 */
const QUIET_MS = 8000;
const MOST_QUIET = 8;
/** With more gaps than this, everything from the first one on is asked for at once. */
const MAX_RANGES = 16;
/** A message that found no room, because its talker's messages use all that one talker may have, is tried again after this time. */
const FULL_RETRY_MS = 60_000;

interface Fetch {
  readonly link: PeerLink;
  /** It asks for everything that is still to come, not for single gaps. */
  readonly openEnded: boolean;
  /** The number of fragments that were held when it was asked. */
  readonly held: number;
  open: number;
  /** As it was at the last look: the fragments that are held of it, and how often fragments of any message came over the link. */
  seen: { readonly held: number; readonly batches: number };
  /** How many looks have found nothing new of it, in a row. */
  quiet: number;
  /** Another holder is asked as soon as there is one. */
  isStalled: boolean;
  cancelLook: () => void;
}

interface FragmentFetcherParts {
  readonly archive: Archive;
  readonly holders: Holders;
  readonly search: Pick<HolderSearch, 'seek' | 'settled'>;
  /** The message found no room here. */
  readonly full: (id: MessageId) => void;
  readonly schedule: Schedule;
}

/**
 * Completes every message that this node has to hold, as a recipient or as a keeper of the office's messages. It asks one holder at
 * a time, and another one when that one lacks something, falls silent, or loses its link.
 */
export class FragmentFetcher {
  readonly #parts: FragmentFetcherParts;
  readonly #fetches = new Map<MessageId, Fetch>();
  /** What cancels the next look for gaps. */
  readonly #waiting = new Map<MessageId, () => void>();
  /** Those of them that found no room. */
  readonly #paused = new Set<MessageId>();
  /** Those that come over links alone: what follows the last fragment here is asked for, too, while the end is unknown. */
  readonly #byLink = new Set<MessageId>();
  /** How often fragments came over each link. */
  readonly #batches = new WeakMap<PeerLink, number>();
  #isClosed = false;

  constructor(parts: FragmentFetcherParts) {
    this.#parts = parts;
  }

  /** The message was announced or has ended: looks for gaps after resending over UDP had its time. */
  watch(id: MessageId): void {
    if (!this.#paused.has(id)) this.#later(id, PATIENCE_MS);
  }

  /** The same of a message that does not come over UDP: all of it is asked for. */
  watchAll(id: MessageId): void {
    this.#byLink.add(id);
    this.watch(id);
  }

  /** There may be somebody to ask now who was not known before. */
  found(id: MessageId): void {
    if (!this.#paused.has(id)) this.fetch(id);
  }

  /** Asks for what is missing now, where something is missing and a holder can be asked. */
  fetch(id: MessageId): void {
    const { archive, holders } = this.#parts;
    const message = archive.read.get(id);
    const running = this.#fetches.get(id);
    if (!message) this.#forget(id);
    if (!message || this.#isClosed || message.state === 'complete' || !isToBeFetched(message)) return;
    if (running?.openEnded && !running.isStalled) return;
    const beside = isBesideToBeFetched(message);
    const missing = this.#missing(message, beside);
    if (missing.length === 0) return;
    const except = running?.isStalled ? running.link.peer : undefined;
    const link = holders.sourceOf(message, except);
    if (!link) return this.#seek(message, except);
    this.#stop(id);
    this.#begin(message, link, missing);
    for (const [at, range] of missing.entries()) {
      const to = Number.isFinite(range.to) ? { to: range.to } : {};
      const also = beside && at === 0 ? { words: true as const } : {};
      link.send({ type: 'fetch', id, from: range.from, ...to, follow: true, ...also });
    }
  }

  /**
   * Fragments that came over a link are taken only where they were asked for. Returns those that were asked for and are the
   * talker's.
   */
  accept(link: PeerLink, id: MessageId, fragments: readonly Fragment[]): readonly Fragment[] {
    const fetch = this.#fetches.get(id);
    if (fetch?.link !== link) return [];
    this.#batches.set(link, this.#batchesOf(link) + 1);
    if (fetch.isStalled) this.#lookLater(id, fetch);
    const taken = this.#parts.archive.append(id, fragments, link);
    if (!taken) this.#parts.full(id);
    return taken ?? [];
  }

  /** Ends the transfer, since forged fragments came, and asks for the message again after this time. */
  again(id: MessageId, afterMs: number): void {
    if (this.#paused.has(id)) return;
    this.#stop(id);
    this.#later(id, afterMs);
  }

  /** Ends the transfer for now: the talker's messages use all the room that one talker has. */
  pause(id: MessageId): void {
    this.#stop(id);
    this.#later(id, FULL_RETRY_MS);
    this.#paused.add(id);
  }

  /** The holder sends no more. `isAll`: it sent everything that was asked for. */
  ended(link: PeerLink, id: MessageId, isAll: boolean): void {
    const { archive, holders } = this.#parts;
    const fetch = this.#fetches.get(id);
    if (fetch?.link !== link) return;
    fetch.open -= 1;
    if (fetch.open > 0) return;
    this.#drop(id);
    const message = archive.read.get(id);
    if (!message || message.state === 'complete') return;
    if (message.held > fetch.held) holders.served(id, link.peer);
    holders.failed(id, link.peer);
    if (isAll) this.#later(id, CHECK_MS);
    else this.fetch(id);
  }

  /** The message is whole, or gone: transfers of it end. */
  settled(id: MessageId): void {
    this.#stop(id);
    this.#parts.search.settled(id);
    this.#byLink.delete(id);
    this.#cancel(id);
  }

  linkLost(link: PeerLink): void {
    for (const [id, fetch] of this.#fetches) {
      if (fetch.link !== link) continue;
      this.#drop(id);
      // A node that ends each link at once must not be visited again and again.
      if ((this.#parts.archive.read.get(id)?.held ?? 0) <= fetch.held)
        this.#parts.holders.failed(id, link.peer);
      this.#later(id, 0);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const id of [...this.#waiting.keys()]) this.#cancel(id);
    for (const id of [...this.#fetches.keys()]) this.#drop(id);
  }

  /**
   * While a message is being spoken and arrives over UDP, only its gaps are asked for; else all of it, to its open end. An empty range
   * asks alone for what stands beside its header.
   */
  #missing(message: StoredMessage, beside: boolean): readonly FragmentRange[] {
    const { id, held, manifest } = message;
    const missing = this.#parts.archive.read.missing(id);
    if (held === 0 || missing.length > MAX_RANGES)
      return [{ from: missing[0]?.from ?? 0, to: Number.POSITIVE_INFINITY }];
    if (!manifest && this.#byLink.has(id)) {
      const gaps = missing.reduce((sum, { from, to }) => sum + to - from, 0);
      return [...missing, { from: held + gaps, to: Number.POSITIVE_INFINITY }];
    }
    return beside && missing.length === 0 ? [{ from: held, to: held }] : missing;
  }

  #begin({ id, held }: StoredMessage, link: PeerLink, missing: readonly FragmentRange[]): void {
    const fetch: Fetch = {
      ...{ link, held, openEnded: missing.some((range) => !Number.isFinite(range.to)), open: missing.length },
      ...{ seen: { held, batches: this.#batchesOf(link) }, quiet: 0, isStalled: false },
      cancelLook: () => undefined,
    };
    this.#fetches.set(id, fetch);
    if (fetch.openEnded) this.#byLink.add(id);
    this.#lookLater(id, fetch);
  }

  #lookLater(id: MessageId, fetch: Fetch): void {
    fetch.isStalled = false;
    fetch.cancelLook();
    fetch.cancelLook = this.#parts.schedule(() => this.#look(id, fetch), QUIET_MS);
  }

  /** Where nothing has come, another holder is asked. Until there is one, this one may go on. */
  #look(id: MessageId, fetch: Fetch): void {
    const held = this.#parts.archive.read.get(id)?.held ?? 0;
    const now = { held, batches: this.#batchesOf(fetch.link) };
    const { seen } = fetch;
    fetch.seen = now;
    fetch.quiet = held > seen.held ? 0 : fetch.quiet + 1;
    // Many messages may come over one link, one after the other.
    if (fetch.quiet === 0 || (now.batches > seen.batches && fetch.quiet < MOST_QUIET))
      return this.#lookLater(id, fetch);
    fetch.isStalled = true;
    this.#parts.holders.failed(id, fetch.link.peer);
    this.fetch(id);
  }

  /** Nobody can be asked now. */
  #seek(message: StoredMessage, except: NodeId | undefined): void {
    const ms = this.#parts.search.seek(message, except);
    if (ms !== undefined) this.#later(message.id, ms);
  }

  #batchesOf(link: PeerLink): number {
    return this.#batches.get(link) ?? 0;
  }

  /** Takes back what was asked for. */
  #stop(id: MessageId): void {
    this.#fetches.get(id)?.link.send({ type: 'fetch-stop', id });
    this.#drop(id);
  }

  #drop(id: MessageId): void {
    this.#fetches.get(id)?.cancelLook();
    this.#fetches.delete(id);
  }

  #forget(id: MessageId): void {
    this.#drop(id);
    this.#parts.holders.forget(id);
    this.#parts.search.settled(id);
    this.#byLink.delete(id);
  }

  #later(id: MessageId, afterMs: number): void {
    this.#cancel(id);
    const cancel = this.#parts.schedule(() => {
      this.#waiting.delete(id);
      this.#paused.delete(id);
      this.fetch(id);
    }, afterMs);
    this.#waiting.set(id, cancel);
  }

  #cancel(id: MessageId): void {
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
    this.#paused.delete(id);
  }
}

/**
 * Of its own messages a node fetches those that the disk has damaged since. What it is saying, or was saying when it died, has no manifest by
 * which others' fragments could be judged.
 */
export function isToBeFetched({ roles, manifest }: StoredMessage): boolean {
  return roles.mine !== 'talker' || manifest !== undefined;
}

/** While a message is being spoken its sheet comes by itself, over the links and to many at once. */
function isBesideToBeFetched({ header: { signed, facts }, manifest }: StoredMessage): boolean {
  return manifest ? lacksBeside(signed, facts) : lacksWords(signed, facts);
}
