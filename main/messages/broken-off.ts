import type { Clock, MessageId, Schedule } from '../model/index.ts';
import type { MessageReader } from './archive.ts';
import { LOST_ITS_END_MS } from './limits.ts';
import type { OfficePort } from './ports.ts';

const LOOK_MS = 5_000;

interface BrokenOffParts {
  readonly read: Pick<MessageReader, 'get'>;
  readonly office: Pick<OfficePort, 'online'>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** A message is over after this long without a fragment while its talker is offline, ms. */
  readonly silentMs: number;
  /** The message is over and incomplete. */
  readonly over: (id: MessageId) => void;
}

interface Watched {
  readonly since: number;
  held: number;
  /** When the last fragment came, and when the talker was last online; ms of the monotonic clock. */
  grownAt: number;
  seenAt: number;
  cancel: () => void;
}

/**
 * Detects that a message is over although its manifest or fragments never came, for example because the talker's computer crashed: no
 * fragment comes any more, and the talker is offline or the message is older than a message can be long. A message that becomes
 * complete is watched no longer.
 */
export class BrokenOff {
  readonly #parts: BrokenOffParts;
  readonly #watched = new Map<MessageId, Watched>();

  constructor(parts: BrokenOffParts) {
    this.#parts = parts;
  }

  watch(id: MessageId): void {
    if (this.#watched.has(id)) return;
    const now = this.#parts.clock.monotonic();
    const held = this.#parts.read.get(id)?.held ?? 0;
    this.#watched.set(id, { since: now, held, grownAt: now, seenAt: now, cancel: this.#later(id) });
  }

  close(): void {
    for (const { cancel } of this.#watched.values()) cancel();
    this.#watched.clear();
  }

  #later(id: MessageId): () => void {
    return this.#parts.schedule(() => this.#look(id), LOOK_MS);
  }

  #look(id: MessageId): void {
    const { read, office, clock, silentMs, over } = this.#parts;
    const now = clock.monotonic();
    const watched = this.#watched.get(id);
    const message = read.get(id);
    if (!watched) return;
    if (!message || message.state === 'complete') return void this.#watched.delete(id);
    if (message.held !== watched.held) watched.grownAt = now;
    if (office.online.includes(message.header.facts.talker)) watched.seenAt = now;
    watched.held = message.held;
    const isTooLong = now - watched.since >= LOST_ITS_END_MS;
    const quietSince = isTooLong ? watched.grownAt : Math.max(watched.grownAt, watched.seenAt);
    if (now - quietSince < silentMs) {
      watched.cancel = this.#later(id);
      return;
    }
    this.#watched.delete(id);
    over(id);
  }
}
