import {
  BUDGETS,
  MAX_FRAGMENTS,
  FRAME_SAMPLES,
  type Emitter,
  type Header,
  type MessageId,
  type NodeId,
  type Schedule,
} from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
import type { MessageEvents } from './events.ts';
import { toneBefore } from './header-sound.ts';
import type { LogOfPeers } from './log-of-peers.ts';
import type { MediaPort, VoicePort } from './ports.ts';

/** From the header of a message until its words are here and made to sound, ms. Later than that they are read by the person. */
const READY_WITHIN_MS = 5000;
/** All sound that waits for its turn: as much as the longest message, 58 MB. */
const MAX_READY_SAMPLES = MAX_FRAGMENTS * FRAME_SAMPLES;
const { perPeer, inAll } = BUDGETS.voicesWaiting;

interface ReadAloudParts {
  readonly read: Pick<MessageReader, 'get'>;
  readonly media: Pick<MediaPort, 'post'>;
  readonly voice: VoicePort;
  /** Undefined: they cannot be read. */
  readonly open: (message: StoredMessage) => Promise<string | undefined>;
  readonly schedule: Schedule;
  readonly events: Emitter<MessageEvents>;
  readonly log: LogOfPeers;
}

/**
 * Has a voice of this computer speak the words of messages that have none. The sound is made before its turn comes, so nobody waits for
 * the engine, whether it is slow, fails or hangs.
 */
export class ReadAloud {
  readonly #parts: ReadAloudParts;
  readonly #making = new Map<MessageId, { readonly talker: NodeId; readonly ending: AbortController }>();
  /** `null`: it was given to the loudspeaker. */
  readonly #made = new Map<MessageId, Int16Array | null>();
  #isClosed = false;

  constructor(parts: ReadAloudParts) {
    this.#parts = parts;
    parts.events.on('settled', (id) => this.drop(id));
  }

  /** Whether the words can sound at once. */
  has(id: MessageId): boolean {
    return this.#made.get(id) instanceof Int16Array;
  }

  /** Makes the sound of a message of words alone. Resolves in time, and never if this is closed meanwhile. False: there is none. */
  async prepare(message: StoredMessage): Promise<boolean> {
    const isReady = await this.#prepared(message);
    return this.#isClosed ? new Promise<never>(() => undefined) : isReady;
  }

  /** Gives the words to the loudspeaker. `isTurn`: they waited for their turn. */
  start(header: Header, gain: number, isTurn: boolean): void {
    const { id } = header;
    const pcm = this.#made.get(id);
    if (!pcm) return;
    this.#made.set(id, null);
    this.#parts.media.post({ type: 'speak', id, pcm, gain, ...toneBefore(header, isTurn) });
  }

  /** They are not to be spoken any more. Returns whether they were about to be, or had begun. */
  drop(id: MessageId): boolean {
    this.#making.get(id)?.ending.abort(new Error('nobody waits for it'));
    return this.#made.delete(id);
  }

  close(): void {
    this.#isClosed = true;
    for (const id of [...this.#making.keys()]) this.drop(id);
  }

  get #readySamples(): number {
    return [...this.#made.values()].reduce((sum, pcm) => sum + (pcm?.length ?? 0), 0);
  }

  async #prepared({ id, header }: StoredMessage): Promise<boolean> {
    const { schedule, log } = this.#parts;
    const { talker } = header.facts;
    const ofTalker = [...this.#making.values()].filter((one) => one.talker === talker).length;
    if (this.#making.size >= inAll.atOnce || ofTalker >= perPeer.atOnce) return false;
    const ending = new AbortController();
    this.#making.set(id, { talker, ending });
    const cancel = schedule(() => ending.abort(new Error('it took too long')), READY_WITHIN_MS);
    try {
      const pcm = await Promise.race([this.#make(id, ending.signal), aborted(ending.signal)]);
      if (!pcm || pcm.length === 0 || this.#readySamples + pcm.length > MAX_READY_SAMPLES) return false;
      this.#made.set(id, pcm);
      return true;
    } catch (error) {
      log.say(talker, `message ${id} is not read aloud: ${(error as Error).message}`);
      return false;
    } finally {
      cancel();
      this.#making.delete(id);
      ending.abort();
    }
  }

  async #make(id: MessageId, signal: AbortSignal): Promise<Int16Array | undefined> {
    const { open, voice } = this.#parts;
    const message = await this.#withWords(id, signal);
    const text = await open(message);
    if (text === undefined || signal.aborted) return undefined;
    return voice.readOut({ text, language: message.header.facts.words?.language }, signal);
  }

  /** Words that did not fit into the datagram of the header come over a link. */
  #withWords(id: MessageId, signal: AbortSignal): Promise<StoredMessage> {
    const { read, events } = this.#parts;
    const whole = (): StoredMessage | undefined => {
      const message = read.get(id);
      return message?.header.signed.words === undefined ? undefined : message;
    };
    const now = whole();
    if (now) return Promise.resolve(now);
    return new Promise((resolve) => {
      const stop = events.on('message', (changed) => {
        const message = changed === id ? whole() : undefined;
        if (message) resolve(message);
      });
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
