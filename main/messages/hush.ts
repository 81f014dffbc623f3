import type { Emitter, MessageId } from '../model/index.ts';
import type { MessageEvents } from './events.ts';
import type { Floor } from './floor.ts';
import type { Inbox } from './inbox.ts';
import type { Player } from './player.ts';
import type { OngoingTalk } from './states.ts';

export interface HushParts {
  readonly floor: Floor;
  readonly inbox: Inbox;
  readonly player: Player;
  /** Ends a voice that sounds as it is spoken: the person is notified of it. */
  readonly cutOff: (id: MessageId) => void;
  readonly events: Emitter<MessageEvents>;
}

/**
 * While the person pages through the microphone their own loudspeaker is silent, since everybody would hear it: what they play
 * pauses, who speaks to them is found later, and who begins to meanwhile waits.
 */
export class Hush {
  readonly #parts: HushParts;
  #page: MessageId | undefined;
  #hasPaused = false;

  constructor(parts: HushParts) {
    this.#parts = parts;
    parts.events.on('talk', (talk) => this.#look(talk));
  }

  #look(talk: OngoingTalk | undefined): void {
    const page = talk?.page && talk.usesMicrophone ? talk.pressed : undefined;
    if (page === this.#page) return;
    const before = this.#page;
    this.#page = page;
    if (page !== undefined) this.#begin(page);
    if (before !== undefined) this.#end(before, page === undefined);
  }

  #begin(page: MessageId): void {
    const { floor, inbox, player, cutOff } = this.#parts;
    floor.take(page);
    if (player.playback && player.playback.state !== 'paused') {
      this.#hasPaused = true;
      player.control('pause');
    }
    for (const { id } of inbox.speaking) cutOff(id);
  }

  #end(page: MessageId, isOver: boolean): void {
    const { floor, player } = this.#parts;
    if (isOver && this.#hasPaused) {
      this.#hasPaused = false;
      if (player.playback?.state === 'paused') player.control('resume');
    }
    floor.leave(page);
  }
}
