import type { MessageReader } from './archive.ts';
import type { Floor } from './floor.ts';
import type { Inbox } from './inbox.ts';
import type { Player } from './player.ts';
import type { ListenerPort, MediaPort } from './ports.ts';

interface GainsParts {
  readonly read: MessageReader;
  readonly inbox: Pick<Inbox, 'speaking'>;
  readonly player: Pick<Player, 'playback'>;
  readonly listener: Pick<ListenerPort, 'gainOf'>;
  readonly floor: Floor;
  readonly media: Pick<MediaPort, 'post'>;
}

/**
 * Keeps each voice at the volume that the person chose for its talker, also when they change it while it sounds, and ducks it beside
 * an override or a page.
 */
export class Gains {
  readonly #parts: GainsParts;

  constructor(parts: GainsParts) {
    this.#parts = parts;
    parts.floor.events.on('ducked', () => this.changed());
  }

  /** To be called when a volume has changed. */
  changed(): void {
    const { read, inbox, player, listener, floor, media } = this.#parts;
    const played = player.playback && read.get(player.playback.id)?.header.facts;
    for (const header of [...inbox.speaking, ...(played ? [played] : [])]) {
      const { id } = header;
      media.post({ type: 'gain', id, gain: listener.gainOf(header) * floor.loudnessOf(id) });
    }
  }
}
