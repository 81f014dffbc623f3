import type { Clock, Emitter, NodeId, Schedule } from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { Archive } from './archive.ts';
import type { MessageEvents } from './events.ts';
import { HeardSync } from './heard-sync.ts';
import type { Inbox } from './inbox.ts';
import { NumberSync } from './number-sync.ts';
import type { ListenerPort, MediaPort, OfficePort, PeerLink } from './ports.ts';
import { SeatSync } from './seat-sync.ts';
import type { Whereabouts } from './whereabouts.ts';

export interface OwnComputersParts {
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly inbox: Inbox;
  readonly whereabouts: Whereabouts;
  readonly listener: Pick<ListenerPort, 'canPlay'>;
  readonly media: MediaPort;
  readonly events: Emitter<MessageEvents>;
  readonly clock: Clock;
  readonly schedule: Schedule;
}

/** What the computers of one person tell each other, and nobody else: numbers, what was heard, and where the last input was. */
export class OwnComputers {
  readonly #parts: OwnComputersParts;
  readonly #numbers: NumberSync;
  readonly #heard: HeardSync;
  readonly #seats: SeatSync;
  #wasElsewhere: NodeId | undefined;

  constructor(parts: OwnComputersParts) {
    this.#parts = parts;
    this.#numbers = new NumberSync(parts);
    this.#heard = new HeardSync({ ...parts, read: parts.archive.read });
    this.#seats = new SeatSync({ ...parts, moved: () => this.#moved() });
  }

  /** The other computer at which this person hears what comes; undefined: this one, or nobody knows. */
  get elsewhere(): NodeId | undefined {
    const { whereabouts, listener, clock } = this.#parts;
    return whereabouts.elsewhere(listener.canPlay, clock.monotonic());
  }

  /** Somebody touched this computer. */
  input(): void {
    this.#seats.input();
  }

  /** Who is online may have changed. */
  expect(): void {
    this.#numbers.expect();
    this.#heard.expect();
    this.#seats.expect();
  }

  numbers(frame: ControlMessageOf<'numbers'>, link: PeerLink): void {
    this.#numbers.receive(frame, link);
  }

  seat(frame: ControlMessageOf<'seat'>, link: PeerLink): void {
    this.#seats.receive(frame, link);
  }

  linkDown(link: PeerLink): void {
    this.#seats.linkDown(link);
  }

  close(): void {
    this.#numbers.close();
    this.#seats.close();
    this.#parts.inbox.left.close();
  }

  #moved(): void {
    const { whereabouts, inbox, events, clock } = this.#parts;
    if (!whereabouts.hasOthers(clock.monotonic())) inbox.left.takeBack();
    const { elsewhere } = this;
    if (elsewhere === this.#wasElsewhere) return;
    this.#wasElsewhere = elsewhere;
    events.emit('changed', undefined);
  }
}
