import type { MessageReader } from './archive.ts';
import type { Floor } from './floor.ts';
import type { Inbox } from './inbox.ts';
import type { Player } from './player.ts';
import type { ListenerPort, MediaPort } from './ports.ts';

export interface GainsParts {
  readonly read: MessageReader;
  readonly inbox: Pick<Inbox, 'speaking'>;
  readonly player: Pick<Player, 'playback'>;
  readonly listener: Pick<ListenerPort, 'gainOf'>;
  readonly floor: Floor;
  readonly media: Pick<MediaPort, 'post'>;
}

/**
 * Keeps each voice as loud as the person wants to hear its talker, also where they change that while it sounds, and makes it
 * softer beside an override or a page.
 */
export class Gains {
  readonly #parts: GainsParts;

  constructor(parts: GainsParts) {
    this.#parts = parts;
    parts.floor.events.on('ducked', () => this.changed());
  }

  /** Somebody is to be louder or softer. */
  changed(): void {
    const { read, inbox, player, listener, floor, media } = this.#parts;
    const played = player.playback && read.get(player.playback.id)?.header.facts;
    for (const header of [...inbox.speaking, ...(played ? [played] : [])]) {
      const { id } = header;
      media.post({ type: 'gain', id, gain: listener.gainOf(header) * floor.loudnessOf(id) });
    }
  }
}
