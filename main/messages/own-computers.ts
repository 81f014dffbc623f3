import type { Identity } from '../identity/index.ts';
import type { Clock, Emitter, NodeId, Schedule } from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { Archive } from './archive.ts';
import type { MessageEvents } from './events.ts';
import type { FragmentFetcher } from './fragment-fetcher.ts';
import { HeardSync } from './heard-sync.ts';
import type { Holders } from './holders.ts';
import type { Inbox } from './inbox.ts';
import { KeyGrants } from './key-grants.ts';
import type { KeptOfTalkers } from './kept-of-talkers.ts';
import type { KeySheets } from './key-sheets.ts';
import { NumberSync } from './number-sync.ts';
import { OlderMessages } from './older-messages.ts';
import { OwnOthers } from './own-others.ts';
import type { HistoryPort, ListenerPort, MediaPort, OfficePort, PeerLink } from './ports.ts';
import type { ReceiptSync } from './receipt-sync.ts';
import { SeatSync } from './seat-sync.ts';
import type { Whereabouts } from './whereabouts.ts';

interface OwnComputersParts {
  readonly identity: Identity;
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly inbox: Inbox;
  readonly sheets: KeySheets;
  readonly kept: KeptOfTalkers;
  readonly holders: Holders;
  readonly fetcher: FragmentFetcher;
  readonly receipts: ReceiptSync;
  readonly history: HistoryPort;
  readonly whereabouts: Whereabouts;
  readonly listener: Pick<ListenerPort, 'canPlay'>;
  readonly media: MediaPort;
  readonly events: Emitter<MessageEvents>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly nextTurn: () => Promise<void>;
  readonly log: (line: string) => void;
}

/**
 * What the computers of one person exchange: retrieval numbers, which messages were heard, and which computer had the last input
 * (nobody else learns that); and older messages with their keys, which talkers' computers give as well.
 */
export class OwnComputers {
  readonly #parts: OwnComputersParts;
  readonly #others: OwnOthers;
  readonly #numbers: NumberSync;
  readonly #heard: HeardSync;
  readonly #seats: SeatSync;
  readonly #grants: KeyGrants;
  readonly #older: OlderMessages;
  #wasElsewhere: NodeId | undefined;

  constructor(parts: OwnComputersParts) {
    this.#parts = parts;
    this.#others = new OwnOthers(parts.office);
    const others = this.#others;
    this.#numbers = new NumberSync({ ...parts, others });
    this.#heard = new HeardSync({ ...parts, others, read: parts.archive.read });
    this.#grants = new KeyGrants(parts);
    this.#older = new OlderMessages(parts);
    this.#seats = new SeatSync({ ...parts, others, moved: () => this.#moved() });
  }

  /** The other computer at which messages for this person sound; undefined: this one, or it is unknown. */
  get elsewhere(): NodeId | undefined {
    const { whereabouts, listener, clock } = this.#parts;
    return whereabouts.elsewhere(listener.canPlay, clock.monotonic());
  }

  /**
   * As far as anybody knows, the person is at this computer: it had the last input of all of theirs, or is the only one that is
   * there.
   */
  get isHere(): boolean {
    const { whereabouts, clock } = this.#parts;
    if (this.elsewhere !== undefined) return false;
    return whereabouts.own > 0 || !whereabouts.hasOthers(clock.monotonic());
  }

  /** There was input at this computer. */
  input(): void {
    this.#seats.input();
  }

  /** To be called when the nodes that are online may have changed. */
  expect(): void {
    const change = this.#others.look();
    if (change.came.length > 0) {
      this.#numbers.came(change.came);
      this.#heard.came(change.came);
    }
    this.#seats.changed(change);
    this.#older.expect();
  }

  numbers(frame: ControlMessageOf<'numbers'>, link: PeerLink): void {
    this.#numbers.receive(frame, link);
  }

  seat(frame: ControlMessageOf<'seat'>, link: PeerLink): void {
    this.#seats.receive(frame, link);
  }

  /** Answers a computer that asks for its list, which need not be this person's. */
  historyWanted(link: PeerLink): void {
    this.#grants.history(link);
  }

  olderWanted(frame: ControlMessageOf<'older-wanted'>, link: PeerLink): void {
    this.#grants.older(frame, link);
  }

  history(frame: ControlMessageOf<'history'>, link: PeerLink): void {
    this.#older.history(frame, link);
  }

  older(frame: ControlMessageOf<'older'>, link: PeerLink): void {
    this.#older.older(frame, link);
  }

  linkDown(link: PeerLink): void {
    this.#older.linkDown(link);
    this.#seats.linkDown(link);
  }

  close(): void {
    this.#numbers.close();
    this.#seats.close();
    this.#older.close();
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
