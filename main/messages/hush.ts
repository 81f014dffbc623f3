import type { Header, MessageId, Schedule } from '../model/index.ts';
import { listenerFactsOf, maySound } from './delivery-policy.ts';
import type { Inbox } from './inbox.ts';
import type { Player } from './player.ts';
import type { ListenerPort, MediaPort, OfficePort } from './ports.ts';

/**
 * For this long, ms, voices wait for a loudspeaker that is gone: another one may be plugged in, or the sound server starts again.
 */
const WITHOUT_LOUDSPEAKER_MS = 10_000;

interface HushParts {
  readonly listener: ListenerPort;
  readonly office: Pick<OfficePort, 'mayOverride'>;
  readonly inbox: Pick<Inbox, 'speaking'>;
  readonly player: Pick<Player, 'playback' | 'control' | 'dropBegun'>;
  readonly turns: {
    /** The message that plays since its turn came. */
    readonly current: Header | undefined;
    /** What waits for its turn is found later. */
    later(): void;
  };
  readonly media: Pick<MediaPort, 'on'>;
  readonly schedule: Schedule;
  /** Ends a live voice: the person is notified of the message. */
  readonly cutOff: (id: MessageId) => void;
}

/**
 * Ends what sounds by itself where that may not be any longer, since the screen was locked, or cannot be, since no loudspeaker is
 * there. The person finds it later.
 */
export class Hush {
  readonly #parts: HushParts;
  #cancel: (() => void) | undefined;

  constructor(parts: HushParts) {
    this.#parts = parts;
    parts.media.on('sound-state', () => this.#lookForLoudspeaker());
  }

  /** Behind a locked screen nothing sounds but what may begin there. What the person plays themself waits for them. */
  look(): void {
    const { listener, office, player, turns } = this.#parts;
    if (!listener.isLocked) return;
    this.#endAllBut((header) => maySound(listenerFactsOf(listener, office, header)));
    const { playback } = player;
    if (!playback) player.dropBegun();
    else if (playback.state !== 'paused' && playback.id !== turns.current?.id) player.control('pause');
  }

  close(): void {
    this.#cancel?.();
  }

  #lookForLoudspeaker(): void {
    const { listener, schedule } = this.#parts;
    if (listener.canPlay) {
      this.#cancel?.();
      this.#cancel = undefined;
    } else this.#cancel ??= schedule(() => this.#giveUpLoudspeaker(), WITHOUT_LOUDSPEAKER_MS);
  }

  /** What the person plays themself goes on when they have one again. */
  #giveUpLoudspeaker(): void {
    this.#cancel = undefined;
    this.#parts.turns.later();
    this.#endAllBut(() => false);
  }

  #endAllBut(mayGoOn: (header: Header) => boolean): void {
    const { inbox, player, turns, cutOff } = this.#parts;
    for (const header of inbox.speaking) if (!mayGoOn(header)) cutOff(header.id);
    if (turns.current && !mayGoOn(turns.current)) player.control('stop');
  }
}
