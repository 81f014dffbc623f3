import {
  lacksWords,
  type Fragment,
  type FragmentRange,
  type MessageId,
  type Schedule,
} from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import type { PeerLink } from './ports.ts';

/** For this long a gap may be filled by resending over UDP, before a holder is asked. */
const PATIENCE_MS = 150;
/**
 * After this time another holder is asked, where one had only a part of the message. When all have failed they are asked again: after this
 * time first, then after twice as long each time while nothing comes, up to five minutes.
 */
const RETRY_MS = 1000;
const LAST_RETRY_MS = 5 * 60_000;
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
}

interface FragmentFetcherParts {
  readonly archive: Archive;
  /** The link to a node that has the message or will have it, if one is up. */
  readonly sourceOf: (message: StoredMessage) => PeerLink | undefined;
  /** The node at the other end did not have all of it. Returns whether another one is left that was not asked yet. */
  readonly sourceFailed: (id: MessageId, link: PeerLink) => boolean;
  /** The message found no room here. */
  readonly full: (id: MessageId) => void;
  readonly schedule: Schedule;
}

/**
 * Completes every message that this node has to hold, as a recipient or as a keeper of the office's messages. It asks one holder at
 * a time, and another one when the link to that one ends.
 */
export class FragmentFetcher {
  readonly #parts: FragmentFetcherParts;
  readonly #fetches = new Map<MessageId, Fetch>();
  /** What cancels the next look for gaps. */
  readonly #waiting = new Map<MessageId, () => void>();
  /** Those of them that found no room. */
  readonly #paused = new Set<MessageId>();
  /** How long holders are left alone once all of them have failed, ms. */
  readonly #retryMs = new Map<MessageId, number>();

  constructor(parts: FragmentFetcherParts) {
    this.#parts = parts;
  }

  /** The message was announced or has ended: looks for gaps after resending over UDP had its time. */
  watch(id: MessageId): void {
    if (this.#paused.has(id)) return;
    this.#retryMs.delete(id);
    this.#later(id, PATIENCE_MS);
  }

  /** Asks for what is missing now, where something is missing and a holder can be asked. */
  fetch(id: MessageId): void {
    const message = this.#parts.archive.read.get(id);
    const running = this.#fetches.get(id);
    if (!message || message.state === 'complete' || running?.openEnded || !isToBeFetched(message)) return;
    const link = this.#parts.sourceOf(message);
    const words = lacksWords(message.header.signed, message.header.facts);
    const missing = this.#missing(message, words);
    if (!link || missing.length === 0) return;
    if (running) running.link.send({ type: 'fetch-stop', id });
    const openEnded = missing.some((range) => !Number.isFinite(range.to));
    this.#fetches.set(id, { link, openEnded, held: message.held, open: missing.length });
    for (const [at, range] of missing.entries()) {
      const to = Number.isFinite(range.to) ? { to: range.to } : {};
      const also = words && at === 0 ? { words: true as const } : {};
      link.send({ type: 'fetch', id, from: range.from, ...to, follow: true, ...also });
    }
  }

  /**
   * Fragments that came over a link are taken only where they were asked for. Returns those that were asked for and are the
   * talker's.
   */
  accept(link: PeerLink, id: MessageId, fragments: readonly Fragment[]): readonly Fragment[] {
    if (this.#fetches.get(id)?.link !== link) return [];
    const taken = this.#parts.archive.append(id, fragments, link);
    if (!taken) this.#parts.full(id);
    return taken ?? [];
  }

  /** Ends the transfer, since forged fragments came, and asks for the message again after this time. */
  again(id: MessageId, afterMs: number): void {
    if (this.#paused.has(id)) return;
    this.settled(id);
    this.#later(id, afterMs);
  }

  /** Ends the transfer for now: the talker's messages use all the room that one talker has. */
  pause(id: MessageId): void {
    this.settled(id);
    this.#later(id, FULL_RETRY_MS);
    this.#paused.add(id);
  }

  ended(link: PeerLink, id: MessageId): void {
    const fetch = this.#fetches.get(id);
    if (fetch?.link !== link) return;
    fetch.open -= 1;
    if (fetch.open > 0) return;
    this.#fetches.delete(id);
    const message = this.#parts.archive.read.get(id);
    if (!message || message.state === 'complete') return;
    if (message.held > fetch.held) this.#retryMs.delete(id);
    const isAnotherLeft = this.#parts.sourceFailed(id, link);
    this.#later(id, isAnotherLeft ? RETRY_MS : this.#nextRetryMs(id));
  }

  /** The message is whole, or gone: transfers of it end. */
  settled(id: MessageId): void {
    const fetch = this.#fetches.get(id);
    if (fetch) fetch.link.send({ type: 'fetch-stop', id });
    this.#fetches.delete(id);
    this.#retryMs.delete(id);
    this.#cancel(id);
  }

  linkLost(link: PeerLink): void {
    for (const [id, fetch] of this.#fetches) {
      if (fetch.link !== link) continue;
      this.#fetches.delete(id);
      this.#later(id, 0);
    }
  }

  close(): void {
    for (const id of [...this.#waiting.keys()]) this.#cancel(id);
    this.#fetches.clear();
  }

  /**
   * While a message is being spoken and arrives over UDP, only its gaps are asked for; else all of it, to its open end. An empty range
   * asks for its words alone.
   */
  #missing(message: StoredMessage, words: boolean): readonly FragmentRange[] {
    const missing = this.#parts.archive.read.missing(message.id);
    const { held } = message;
    if (words && missing.length === 0 && held > 0) return [{ from: held, to: held }];
    if (held === 0) return [{ from: 0, to: Number.POSITIVE_INFINITY }];
    if (missing.length <= MAX_RANGES) return missing;
    return [{ from: missing[0]?.from ?? 0, to: Number.POSITIVE_INFINITY }];
  }

  #nextRetryMs(id: MessageId): number {
    const ms = this.#retryMs.get(id) ?? RETRY_MS;
    this.#retryMs.set(id, Math.min(2 * ms, LAST_RETRY_MS));
    return ms;
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
