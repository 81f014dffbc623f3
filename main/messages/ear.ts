import type { Emitter, MessageId } from '../model/index.ts';
import type { MessageEvents } from './events.ts';
import type { Floor } from './floor.ts';
import type { Inbox } from './inbox.ts';
import type { Player } from './player.ts';
import type { OngoingTalk } from './states.ts';

/** Why nothing may sound: a page goes out through this computer's microphone, or a call is heard. `calling`: the person calls somebody. */
export type EarHolder = `page ${MessageId}` | `call ${string}` | 'calling';

export interface EarParts {
  readonly floor: Floor;
  readonly inbox: Inbox;
  readonly player: Player;
  /** Ends a voice that sounds as it is spoken: the person is notified of it. */
  readonly cutOff: (id: MessageId) => void;
  readonly events: Emitter<MessageEvents>;
}

/**
 * The person's own ear. While a page or a call holds it, what they play pauses, whoever spoke to them is found later, and whoever
 * begins to waits. When the last holder has released it, what was paused goes on.
 */
export class Ear {
  readonly #parts: EarParts;
  readonly #holders = new Set<EarHolder>();
  #paused: MessageId | undefined;
  #page: MessageId | undefined;

  constructor(parts: EarParts) {
    this.#parts = parts;
    parts.events.on('talk', (talk) => this.#follow(talk));
  }

  /** How loud what holds it is beside an override: a factor of the amplitude. */
  get loudness(): number {
    return this.#parts.floor.loudnessOfHolder;
  }

  /** What sounds, or holds it, is louder or softer from now on. */
  onLoudness(listener: () => void): void {
    this.#parts.floor.events.on('ducked', listener);
  }

  hold(holder: EarHolder): void {
    const { floor, inbox, player, cutOff } = this.#parts;
    this.#holders.add(holder);
    floor.hold();
    // What comes from now on waits. What is heard goes on until there is an answer.
    if (holder === 'calling') return;
    const { playback } = player;
    if (playback && playback.state !== 'paused') {
      this.#paused = playback.id;
      player.control('pause');
    }
    for (const { id } of inbox.speaking) cutOff(id);
  }

  release(holder: EarHolder): void {
    if (!this.#holders.delete(holder) || this.#holders.size > 0) return;
    const { floor, player } = this.#parts;
    const { playback } = player;
    const isOurs = playback?.state === 'paused' && playback.id === this.#paused;
    this.#paused = undefined;
    // First: what waits keeps its turn behind it.
    if (isOurs) player.control('resume');
    floor.release();
  }

  /** Everybody who is paged would hear this computer's loudspeaker. A recording that is paged opens no microphone. */
  #follow(talk: OngoingTalk | undefined): void {
    const page = talk?.page && talk.usesMicrophone ? talk.pressed : undefined;
    const before = this.#page;
    if (page === before) return;
    this.#page = page;
    if (page !== undefined) this.hold(`page ${page}`);
    if (before !== undefined) this.release(`page ${before}`);
  }
}
