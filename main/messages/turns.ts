import {
  CorridorError,
  faults,
  type Emitter,
  type Header,
  type MessageId,
  type NodeId,
  type Schedule,
  isAlone,
} from '../model/index.ts';
import type { MessageReader } from './archive.ts';
import { listenerFactsOf, maySound } from './delivery-policy.ts';
import type { MessageEvents } from './events.ts';
import type { Floor } from './floor.ts';
import { Hush } from './hush.ts';
import type { Inbox } from './inbox.ts';
import type { Player } from './player.ts';
import type { ListenerPort, MediaPort, OfficePort } from './ports.ts';
import type { StoredMessage } from '../store/index.ts';

interface TurnsParts {
  readonly read: MessageReader;
  readonly floor: Floor;
  readonly inbox: Inbox;
  readonly player: Player;
  readonly listener: ListenerPort;
  readonly office: OfficePort;
  readonly media: Pick<MediaPort, 'on'>;
  readonly schedule: Schedule;
  /** Ends a live voice. The rest of it is fetched, and the person is notified. */
  readonly cutOff: (id: MessageId) => void;
  readonly events: Emitter<MessageEvents>;
  readonly log: (line: string) => void;
}

/**
 * Gives the ear to the messages that wait for it, one after the other. Each plays out of the store as if the person had chosen
 * it, also while it is still being spoken. The person is notified of one that cannot have its turn any more.
 */
export class Turns {
  readonly #parts: TurnsParts;
  readonly #hush: Hush;
  #current: Header | undefined;

  constructor(parts: TurnsParts) {
    this.#parts = parts;
    this.#hush = new Hush({ ...parts, turns: this });
    parts.floor.events.on('free', () => void this.#next());
    parts.events.on('playback', (playback) => {
      if (this.#current?.id !== playback?.id) this.#ended();
    });
  }

  /** The message that plays since its turn came. */
  get current(): Header | undefined {
    return this.#current;
  }

  /** The headers of the messages that wait, in the order of their turns. */
  get waiting(): readonly Header[] {
    const { floor, read } = this.#parts;
    return floor.waiting.flatMap((id) => read.get(id)?.header.facts ?? []);
  }

  /** Empties the queue; the person finds those messages later. */
  later(): void {
    const { floor, inbox } = this.#parts;
    for (const id of floor.waiting) inbox.later(id);
  }

  /**
   * Skips the present voice: the next message of *play all* follows, or the next in the queue. The person finds a live message that was
   * cut off later.
   */
  async skip(): Promise<void> {
    const { inbox, player, cutOff } = this.#parts;
    const [live] = inbox.speaking;
    if (player.playback) await player.skip();
    else if (live) cutOff(live.id);
  }

  /** The person may have locked the screen. */
  look(): void {
    this.#hush.look();
  }

  close(): void {
    this.#hush.close();
  }

  /** Ends and unqueues messages of talkers whom the person has muted; the person finds them later. */
  async silence(isTheirs: (talker: NodeId) => boolean): Promise<void> {
    const { inbox, player, cutOff } = this.#parts;
    for (const { id, talker } of this.waiting) if (isTheirs(talker)) inbox.later(id);
    for (const { id, talker } of inbox.speaking) if (isTheirs(talker)) cutOff(id);
    if (this.#current && isTheirs(this.#current.talker)) await player.skip();
  }

  async #next(): Promise<void> {
    const { floor, read, inbox, listener, office, player, log } = this.#parts;
    // A person who pauses wants silence now, and to continue there later.
    if (player.playback?.state === 'paused') {
      this.later();
      return;
    }
    const id = floor.next();
    if (id === undefined) return;
    const message = read.get(id);
    if (message && maySound(listenerFactsOf(listener, office, message.header.facts)))
      await this.#play(message).catch((error: unknown) => {
        // Whatever failed, the floor must become free again.
        if (error instanceof CorridorError) log(`message ${id}: ${error.message}`);
        else faults.tell('a turn', error);
      });
    if (message && player.playback?.id === id) this.#begun(message.header.facts);
    else if (!inbox.isLive(id)) inbox.later(id);
  }

  async #play(message: StoredMessage): Promise<void> {
    const { inbox, player, events } = this.#parts;
    const { facts: header } = message.header;
    if (!isAlone(header)) return player.play(message, { byItself: true });
    inbox.speak(header, { isTurn: true });
    events.emit('changed', undefined);
  }

  #begun(header: Header): void {
    this.#current = header;
    this.#parts.events.emit('changed', undefined);
  }

  #ended(): void {
    const talker = this.#current?.talker;
    this.#current = undefined;
    if (talker !== undefined) this.#parts.events.emit('spoke', talker);
  }
}
