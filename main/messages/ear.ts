import type { Emitter, MessageId, NodeId } from '../model/index.ts';
import type { MessageEvents } from './events.ts';
import { isOverride } from './delivery-policy.ts';
import type { Floor } from './floor.ts';
import type { Inbox } from './inbox.ts';
import type { Player } from './player.ts';
import type { ListenerPort, OfficePort } from './ports.ts';
import type { OngoingTalk } from './states.ts';

/** Why nothing else may sound: this person is speaking a page, or is in a call. `calling`: this person calls somebody. */
type EarHolder = `page ${MessageId}` | `call ${string}` | 'calling';

export interface EarParts {
  readonly floor: Floor;
  readonly inbox: Inbox;
  readonly player: Player;
  readonly office: Pick<OfficePort, 'mayOverride'>;
  readonly listener: Pick<ListenerPort, 'isLocked'>;
  /** Ends a live voice: the person is notified of the message. */
  readonly cutOff: (id: MessageId) => void;
  readonly events: Emitter<MessageEvents>;
}

/**
 * The person's own ear. While a page or a call holds it, their playback is paused, a live voice is cut off (its message is kept), and
 * new voices wait. Only a live voice of the person at the other end of the call goes on to its end. When the last holder has released
 * the ear, playback goes on.
 */
export class Ear {
  readonly #parts: EarParts;
  readonly #holders = new Set<EarHolder>();
  #paused: MessageId | undefined;
  #page: MessageId | undefined;

  constructor(parts: EarParts) {
    this.#parts = parts;
    parts.events.on('talk', (talk) => this.#talkChanged(talk));
  }

  /** Something sounds, or nothing may. */
  get isTaken(): boolean {
    return !this.#parts.floor.isFree;
  }

  /** The volume of the holder beside an override: a factor of the amplitude. */
  get loudness(): number {
    return this.#parts.floor.loudnessOfHolder;
  }

  /** Calls the listener when a volume changes. */
  onLoudness(listener: () => void): void {
    this.#parts.floor.events.on('ducked', listener);
  }

  /** @param isTheirs whether it is held to speak with that talker, whose voice is then heard out */
  hold(holder: EarHolder, isTheirs: (talker: NodeId) => boolean = () => false): void {
    const { floor, inbox, player, office, cutOff } = this.#parts;
    this.#holders.add(holder);
    floor.hold(holder.startsWith('page') ? 'page' : 'call');
    // New voices wait from now on. The present one goes on until the call is answered.
    if (holder === 'calling') return;
    const { playback } = player;
    if (playback && playback.state !== 'paused') {
      this.#paused = playback.id;
      player.control('pause');
    }
    if (!playback) player.dropBegun();
    // Where somebody answers the person whom they are talking to, their computer ends what they say. What they say to others besides
    // goes on as that message, and is not heard in the call: they hold the talk key.
    // An override goes on above a call; a page would carry it to everybody.
    for (const header of inbox.speaking) {
      const isHeardOut = isTheirs(header.talker) && !header.page;
      const isAbove = !holder.startsWith('page') && isOverride(office, header);
      if (!isHeardOut && !isAbove) cutOff(header.id);
    }
  }

  release(holder: EarHolder): void {
    if (!this.#holders.delete(holder) || this.#holders.size > 0) return;
    const { floor, player, listener } = this.#parts;
    const { playback } = player;
    const isOurs = playback?.state === 'paused' && playback.id === this.#paused;
    this.#paused = undefined;
    // Resumed first, so that waiting messages keep their turn behind it.
    if (isOurs && !listener.isLocked) player.control('resume');
    floor.release();
  }

  /** Holds the ear for a live page: its listeners would hear this computer's loudspeaker. A recorded page opens no microphone. */
  #talkChanged(talk: OngoingTalk | undefined): void {
    const page = talk?.page && talk.usesMicrophone ? talk.pressed : undefined;
    const before = this.#page;
    if (page === before) return;
    this.#page = page;
    if (page !== undefined) this.hold(`page ${page}`);
    if (before !== undefined) this.release(`page ${before}`);
  }
}
