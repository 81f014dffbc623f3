import type { Clock, NodeId, Schedule } from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import { isOwnOther, type OwnOthers, type OwnOthersChange } from './own-others.ts';
import type { ListenerPort, MediaPort, OfficePort, PeerLink } from './ports.ts';
import type { Whereabouts } from './whereabouts.ts';

/** Each computer repeats its word at this interval, ms. A word counts for more than twice as long, and the repetition keeps the links up. */
const SAY_AGAIN_MS = 25_000;

interface SeatSyncParts {
  readonly whereabouts: Whereabouts;
  readonly office: OfficePort;
  readonly others: OwnOthers;
  readonly listener: Pick<ListenerPort, 'canPlay'>;
  readonly media: MediaPort;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** The computer at which the person is, or the known computers, may have changed. */
  readonly moved: () => void;
}

/**
 * The computers of one person tell each other which of them had the last input, over direct links, so that nobody else learns it. With
 * one computer nothing is sent.
 */
export class SeatSync {
  readonly #parts: SeatSyncParts;
  #said: boolean;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: SeatSyncParts) {
    this.#parts = parts;
    this.#said = parts.listener.canPlay;
    parts.media.on('sound-state', () => this.#look());
  }

  /** There was input at this computer. */
  input(): void {
    const { whereabouts, clock } = this.#parts;
    if (!whereabouts.input(clock.monotonic())) return;
    this.#sayToAll();
    this.#parts.moved();
  }

  /** Other computers came online, or went offline. */
  changed({ came, gone }: OwnOthersChange): void {
    const { whereabouts, others, moved } = this.#parts;
    for (const node of gone) whereabouts.forget(node);
    for (const node of came) this.#say(node);
    if (others.online.size > 0) this.#cancel ??= this.#sayAgain();
    if (gone.length > 0) moved();
  }

  /** Handles the word of another computer. A computer of another person is ignored. */
  receive({ n, canPlay }: ControlMessageOf<'seat'>, link: PeerLink): void {
    const { whereabouts, office, clock } = this.#parts;
    if (!isOwnOther(office, link.peer)) return;
    whereabouts.hear(link.peer, { n, canPlay }, clock.monotonic());
    this.#parts.moved();
  }

  /** A link ended: the other computer's word does not count any more. */
  linkDown({ peer }: PeerLink): void {
    const { whereabouts, office, others } = this.#parts;
    if (!others.online.has(peer) || office.linkTo(peer)) return;
    whereabouts.forget(peer);
    this.#say(peer);
    this.#parts.moved();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  /** Tells the others when this computer's loudspeaker came or went: without one, another computer has to play. */
  #look(): void {
    const { canPlay } = this.#parts.listener;
    if (canPlay === this.#said) return;
    this.#said = canPlay;
    this.#sayToAll();
    this.#parts.moved();
  }

  #sayAgain(): () => void {
    return this.#parts.schedule(() => {
      this.#cancel = undefined;
      if (this.#parts.others.online.size === 0) return;
      this.#sayToAll();
      this.#cancel = this.#sayAgain();
      this.#parts.moved();
    }, SAY_AGAIN_MS);
  }

  #sayToAll(): void {
    for (const node of this.#parts.others.online) this.#say(node);
  }

  #say(node: NodeId): void {
    const { office, whereabouts, listener } = this.#parts;
    if (this.#isClosed) return;
    void office.reach(node).then((link) => {
      link?.send({ type: 'seat', n: whereabouts.own, canPlay: listener.canPlay });
    });
  }
}
