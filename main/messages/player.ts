import type { Identity } from '../identity/index.ts';
import type { WorkerEvent } from '../media/index.ts';
import { CorridorError, FRAME_MS, type Emitter, type MessageId, isAlone } from '../model/index.ts';
import { isBrokenOff, type StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
import type { MessageEvents } from './events.ts';
import type { Floor } from './floor.ts';
import type { FragmentFetcher } from './fragment-fetcher.ts';
import { LastWords, toHearAgain, type HeardRun } from './last-words.ts';
import { toneBefore } from './header-sound.ts';
import type { Inbox } from './inbox.ts';
import { keyOf } from './message-key.ts';
import { PlayoutFeeder } from './playout-feeder.ts';
import type { ListenerPort, MediaPort } from './ports.ts';
import type { Playback } from './states.ts';

interface PlayOptions {
  readonly speed?: number | undefined;
  readonly positionMs?: number | undefined;
  /** Continues with the next unheard message at its end. */
  readonly all?: boolean | undefined;
  /** It plays because its turn came, not because the person chose it. */
  readonly byItself?: boolean | undefined;
}

interface PlayerParts {
  readonly identity: Identity;
  readonly read: MessageReader;
  readonly media: MediaPort;
  readonly listener: Pick<ListenerPort, 'gainOf'>;
  readonly inbox: Inbox;
  readonly floor: Floor;
  readonly fetcher: FragmentFetcher;
  readonly events: Emitter<MessageEvents>;
  readonly log: (line: string) => void;
}

/** Plays one message at a time out of this node's own store, also one that is still being spoken. */
export class Player {
  readonly #parts: PlayerParts;
  #playback: Playback | undefined;
  #feeder: PlayoutFeeder | undefined;
  /** The speed that the person chose. While it catches up it may play faster. */
  #speed = 1;
  #isByItself = false;
  /** The messages that *play all* has played already. */
  #played: Set<MessageId> | undefined;
  readonly #lastWords = new LastWords();
  /** The following parts of the last words. */
  #again: readonly HeardRun[] = [];
  /** The fragment at which the playback ends, where that is not the message's end. */
  #until: number | undefined;
  /** The fragment at which it ends by the last order; null: at the message's end, which is not known yet. */
  #count: number | null = null;
  /** Rises with each choice, so that work that was begun for an earlier one is dropped. */
  #choice = 0;

  constructor(parts: PlayerParts) {
    this.#parts = parts;
    parts.media.on('playback', (event) => this.#moved(event));
    parts.media.on('playback-ended', (event) => this.#ended(event));
    parts.media.on('crashed', () => this.#abandon());
  }

  get playback(): Playback | undefined {
    return this.#playback;
  }

  /** Plays a message instead of the present one. @throws CorridorError where the message cannot be opened here */
  play(message: StoredMessage, options: PlayOptions = {}): Promise<void> {
    const { speed = 1, positionMs = 0, all = false, byItself = false } = options;
    return this.#begin(message, positionMs, () => {
      this.#isByItself = byItself;
      this.#speed = speed;
      this.#played = all ? new Set() : undefined;
      this.#again = [];
      this.#until = undefined;
    });
  }

  /** Whether there are last words to play again. */
  get hasLastWords(): boolean {
    return this.#runs().length > 0;
  }

  /**
   * Plays again the last 30 s that were heard here. While somebody speaks, only their words are played, and then their message until
   * live; otherwise the words of all talkers. Returns the duration, ms. @throws CorridorError `nothing-heard`, or where a message
   * cannot be opened here
   */
  async playLastWords(): Promise<number> {
    const runs = this.#runs();
    if (runs.length === 0) throw new CorridorError('nothing-heard', 'You have heard no message yet.');
    const fragments = runs.reduce((sum, { from, to }) => sum + to - from, 0);
    await this.#playRuns(runs);
    return fragments * FRAME_MS;
  }

  /** What is about to play, and has not begun, does not. */
  dropBegun(): void {
    this.#choice += 1;
  }

  control(action: 'pause' | 'resume' | 'stop'): void {
    if (action === 'stop') this.dropBegun();
    if (!this.#playback) return;
    this.#parts.media.post({ type: 'playback', action });
    if (action === 'stop') this.#end();
    else this.#set({ ...this.#playback, state: action === 'pause' ? 'paused' : 'playing' });
  }

  seek(positionMs: number): void {
    if (!this.#playback) return;
    const from = this.#fragmentAt(this.#playback.id, positionMs);
    this.#feeder?.reach(from);
    this.#parts.media.post({ type: 'playback-seek', from });
    this.#set({ ...this.#playback, positionMs: from * FRAME_MS });
  }

  /** Sets the speed for this and the following messages. The pitch does not change. */
  setSpeed(speed: number): void {
    if (!this.#playback) return;
    this.#speed = speed;
    this.#parts.media.post({ type: 'playback-speed', speed });
    this.#set({ ...this.#playback, speed });
  }

  /** Plays the next message of *play all*. The playback ends where none follows. */
  async skip(): Promise<void> {
    if (this.#played) await this.#playNext();
    else this.control('stop');
  }

  #moved({ id, state, positionFragment, speed }: Extract<WorkerEvent, { type: 'playback' }>): void {
    const playback = this.#playback;
    if (state !== 'paused') this.#lastWords.at(id as MessageId, positionFragment);
    if (playback?.id !== id) return;
    const shownSpeed = state === 'catching-up' ? speed : this.#speed;
    this.#set({ ...playback, state, speed: shownSpeed, positionMs: positionFragment * FRAME_MS });
  }

  #ended({ id, reason }: Extract<WorkerEvent, { type: 'playback-ended' }>): void {
    const playback = this.#playback;
    const count = this.#countOf(this.#parts.read.get(id as MessageId));
    const part = playback?.id === id ? (this.#count ?? Infinity) : Infinity;
    // More of a message that was broken off may have come meanwhile.
    const isPart = part < (count ?? 0);
    if (reason === 'end' && count !== undefined)
      this.#lastWords.ended(id as MessageId, Math.min(part, count));
    if (playback?.id !== id) return;
    if (reason === 'end' && !isPart) {
      if (this.#isByItself) this.#parts.inbox.sounded(playback.id);
      else this.#parts.inbox.heard(playback.id);
    }
    if (this.#played) void this.#playNext();
    else if (this.#again.length > 0)
      this.#playRuns(this.#again).catch((error: unknown) => this.#giveUp(error));
    else this.#end();
  }

  /** The worker has crashed: nothing plays any more. */
  #abandon(): void {
    this.dropBegun();
    if (this.#playback) this.#end();
  }

  async #begin(message: StoredMessage, positionMs: number, take: () => void): Promise<void> {
    this.#choice += 1;
    const choice = this.#choice;
    const { id } = message;
    const { facts: header } = message.header;
    const key = await keyOf(this.#parts.identity, message);
    const now = this.#parts.read.get(id);
    if (choice !== this.#choice || !now) return;
    take();
    this.#played?.add(id);
    this.#parts.fetcher.fetch(id);
    this.#feeder?.stop();
    const from = this.#fragmentAt(id, positionMs);
    const speed = this.#speed;
    const count = this.#until ?? this.#countOf(now) ?? null;
    this.#count = count;
    const gain = this.#parts.listener.gainOf(header) * this.#parts.floor.loudnessOf(id);
    const first = this.#isByItself ? toneBefore(header, true) : {};
    this.#parts.media.post({ type: 'play', id, ssrc: header.ssrc, key, from, speed, count, gain, ...first });
    const all = this.#played !== undefined;
    this.#set({ id, state: 'playing', positionMs: from * FRAME_MS, speed, all, following: 0 });
    this.#feeder = new PlayoutFeeder(this.#parts.read, this.#parts.media, id, from);
  }

  /** Plays the next message; skips those that cannot be opened here. */
  async #playNext(): Promise<void> {
    for (const message of this.#waiting()) {
      try {
        await this.#begin(message, 0, () => undefined);
        return;
      } catch (error) {
        if (!(error instanceof CorridorError)) throw error;
        this.#parts.log(`message ${message.id}: ${error.message}`);
      }
    }
    this.control('stop');
  }

  #runs(): readonly HeardRun[] {
    const { read, inbox } = this.#parts;
    const speaking = inbox.speaking.find((header) => !isAlone(header))?.id;
    const isShown = (id: MessageId): boolean => {
      const message = read.get(id);
      return message?.roles.mine !== undefined && message.local.deletedAt === undefined;
    };
    return toHearAgain(this.#lastWords.runs, { speaking, isShown, heardLast: read.heardLast() });
  }

  /** Plays the parts. After the last one its message goes on: until live while it is being spoken, to its end if it was being played. */
  async #playRuns([run, ...following]: readonly HeardRun[]): Promise<void> {
    const message = run && this.#parts.read.get(run.id);
    if (!run || !message) {
      this.control('stop');
      return;
    }
    const isWhole = run.to >= (message.manifest?.facts.count ?? 0);
    const goesOn = following.length === 0 && (isWhole || this.#playback?.id === run.id);
    await this.#begin(message, run.from * FRAME_MS, () => {
      this.#isByItself = false;
      this.#speed = 1;
      this.#played = undefined;
      this.#again = following;
      this.#until = goesOn || isWhole ? undefined : run.to;
    });
  }

  #giveUp(error: unknown): void {
    this.control('stop');
    if (!(error instanceof CorridorError)) throw error;
    this.#parts.log(`the last words: ${error.message}`);
  }

  /** The messages that *play all* continues with, oldest first. */
  #waiting(): StoredMessage[] {
    if (!this.#played) return [];
    return this.#parts.read
      .unheard()
      .filter(({ header }) => !isAlone(header.facts))
      .filter(({ id }) => !this.#played?.has(id) && !this.#parts.inbox.isLive(id));
  }

  /**
   * The fragment at this position, at most the one after the last: there the message ends, or waits for the next fragment while it is
   * being spoken.
   */
  #fragmentAt(id: MessageId, positionMs: number): number {
    const message = this.#parts.read.get(id);
    const end = message?.manifest?.facts.count ?? message?.held ?? 0;
    return Math.min(Math.floor(positionMs / FRAME_MS), end);
  }

  /**
   * The number of fragments until its end, which of a message that was broken off is the end of what is there and surely its talker's.
   * Undefined: more may come, or nothing of it can be played.
   */
  #countOf(message: StoredMessage | undefined): number | undefined {
    if (!message || !isBrokenOff(message)) return message?.manifest?.facts.count;
    return this.#parts.read.vouched(message.id) || undefined;
  }

  #end(): void {
    this.#feeder?.stop();
    this.#feeder = undefined;
    this.#played = undefined;
    this.#again = [];
    this.#until = undefined;
    this.#set(undefined);
  }

  #set(playback: Playback | undefined): void {
    const { floor, inbox, events } = this.#parts;
    const before = this.#playback?.id;
    this.#playback = playback && { ...playback, following: this.#waiting().length };
    events.emit('playback', this.#playback);
    if (playback && playback.state !== 'paused')
      floor.take(playback.id, this.#isByItself ? 'voice' : 'chosen');
    // While it is paused, another voice may sound.
    else if (playback) floor.leave(playback.id);
    if (before === undefined || before === playback?.id) return;
    inbox.putDown(before);
    floor.leave(before);
  }
}
