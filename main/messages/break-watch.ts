import { isAlone, type Clock, type Emitter, type MessageId, type Schedule } from '../model/index.ts';
import { isUnheard, type StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import { BrokenOff } from './broken-off.ts';
import type { MessageEvents } from './events.ts';
import type { Floor } from './floor.ts';
import type { Inbox } from './inbox.ts';
import type { Player } from './player.ts';
import type { OfficePort } from './ports.ts';

/** A message whose talker is gone is broken off after this long without a fragment, ms: a restart, or a change of network, takes less. */
const SILENT_MS = 30_000;

interface BreakWatchParts {
  readonly archive: Pick<Archive, 'read' | 'markBrokenOff'>;
  readonly office: Pick<OfficePort, 'self' | 'online'>;
  readonly inbox: Pick<Inbox, 'isLive' | 'later' | 'left'>;
  readonly floor: Pick<Floor, 'waiting'>;
  readonly player: Pick<Player, 'playback'>;
  readonly events: Pick<Emitter<MessageEvents>, 'on'>;
  readonly clock: Clock;
  readonly schedule: Schedule;
}

/**
 * Notes which of other people's messages were broken off, and has this person notified of theirs. A fragment that comes after all takes
 * the note back, and so does the end of the message.
 */
export class BreakWatch {
  readonly #parts: BreakWatchParts;
  readonly #brokenOff: BrokenOff;

  constructor(parts: BreakWatchParts) {
    const { archive, events } = parts;
    this.#parts = parts;
    this.#brokenOff = new BrokenOff({
      ...{ ...parts, read: archive.read, silentMs: SILENT_MS },
      over: (id) => this.#over(id),
    });
    for (const { id } of archive.read.those('incomplete')) this.#look(id);
    for (const name of ['message', 'grown'] as const) events.on(name, (id) => this.#look(id));
  }

  close(): void {
    this.#brokenOff.close();
  }

  #look(id: MessageId): void {
    const { archive } = this.#parts;
    const message = archive.read.get(id);
    if (!message || !this.#awaitsEnd(message)) return;
    const { brokenOff } = message.local;
    if (brokenOff && message.held <= brokenOff.held) return;
    if (brokenOff) archive.markBrokenOff(id, undefined);
    this.#brokenOff.watch(id);
  }

  #over(id: MessageId): void {
    const { archive, inbox } = this.#parts;
    const message = archive.read.get(id);
    if (!message || !this.#awaitsEnd(message)) return;
    archive.markBrokenOff(id, message.held);
    const { handTo, deletedAt, notifiedAt } = message.local;
    const isKnown = handTo !== undefined || deletedAt !== undefined || notifiedAt !== undefined;
    if (isUnheard(message) && !isKnown && !this.#isBeingHeard(id)) inbox.later(id);
  }

  /** Words alone have no sound that could break off. This node ends its own messages itself, but none of a former id. */
  #awaitsEnd({ manifest, roles, header: { facts } }: StoredMessage): boolean {
    const isOwn = roles.mine === 'talker' && facts.talker === this.#parts.office.self;
    return manifest === undefined && !isAlone(facts) && !isOwn;
  }

  /** Whether this person hears it, or is about to, here or at another computer of theirs. */
  #isBeingHeard(id: MessageId): boolean {
    const { inbox, floor, player } = this.#parts;
    return inbox.isLive(id) || inbox.left.has(id) || floor.waiting.includes(id) || player.playback?.id === id;
  }
}
