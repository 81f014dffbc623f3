import type { Identity } from '../identity/index.ts';
import type { Emitter, MessageId } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import type { Addressing, Composer, TypedWords } from './compose.ts';
import type { MessageEvents } from './events.ts';
import type { MessageSync } from './message-sync.ts';
import { OwnHashes } from './own-hashes.ts';
import { wordsOf } from './typed-words.ts';

interface TypedParts {
  readonly identity: Identity;
  readonly archive: Archive;
  readonly composer: Composer;
  readonly sync: MessageSync;
  readonly events: Emitter<MessageEvents>;
  readonly log: (line: string) => void;
}

/** Messages that were typed: sends those that have no voice, and opens the words of those that are kept here. */
export class Typed {
  readonly #parts: TypedParts;
  /** null: they are being opened, or cannot be. */
  readonly #known = new Map<MessageId, string | null>();
  #last: Promise<void> = Promise.resolve();

  constructor(parts: TypedParts) {
    this.#parts = parts;
    parts.events.on('message', (id) => {
      if (!parts.archive.read.get(id)) this.#known.delete(id);
    });
  }

  /** Sends words without a voice: the message is whole from the beginning. Returns its id. @throws CorridorError as `Composer.header` */
  async send(addressing: Addressing & { readonly words: TypedWords }): Promise<MessageId> {
    const { archive, composer, sync } = this.#parts;
    const draft = composer.draft();
    const words: TypedWords = { ...addressing.words, isAlone: true };
    const header = await composer.header(draft, { ...addressing, words });
    const hashes = new OwnHashes(addressing.recipients);
    hashes.end();
    const manifest = composer.manifest(draft.id, hashes.whole);
    archive.begin(header, { mine: 'talker', keeps: false });
    sync.announceOwn(header);
    sync.endOwn(manifest);
    await archive.end(manifest);
    return draft.id;
  }

  /**
   * The words of a message; null: it has none, or they are not open yet. Opening takes milliseconds, so each message is opened once, in the
   * background, and `message` is emitted when its words can be read.
   */
  wordsOf({ id, header, local }: StoredMessage): string | null {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    if (!header.facts.words || header.signed.words === undefined || local.sealed) return null;
    this.#known.set(id, null);
    this.#last = this.#last.then(() => this.#open(id));
    return null;
  }

  async #open(id: MessageId): Promise<void> {
    const { identity, archive, events, log } = this.#parts;
    const message = archive.read.get(id);
    if (!message) return;
    try {
      const words = await wordsOf(identity, message);
      if (!words) return;
      this.#known.set(id, words.text);
      events.emit('message', id);
    } catch (error) {
      log(`the words of message ${id}: ${(error as Error).message}`);
    }
  }
}
