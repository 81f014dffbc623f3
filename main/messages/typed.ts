import type { Identity } from '../identity/index.ts';
import type { Emitter, MessageId } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import type { Addressing, Composer, TypedWords } from './compose.ts';
import type { MessageEvents } from './events.ts';
import type { MessageSync } from './message-sync.ts';
import { Opened } from './opened.ts';
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
  readonly #words: Opened<string>;

  constructor(parts: TypedParts) {
    const { archive, events } = parts;
    this.#parts = parts;
    this.#words = new Opened({
      open: (id) => this.#open(id),
      onOpened: (id) => events.emit('opened', id),
    });
    events.on('message', (id) => {
      if (!archive.read.get(id)) this.#words.forget(id);
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
    await archive.end(manifest, () => sync.endOwn(draft.id));
    return draft.id;
  }

  /** The words of a message; null: it has none, or they are not open yet. `opened` is emitted when they are. */
  wordsOf(message: StoredMessage): string | null {
    return hasWords(message) ? (this.#words.of(message.id) ?? null) : null;
  }

  /** The words of a message; undefined: it has none, or they cannot be read. */
  async open(message: StoredMessage): Promise<string | undefined> {
    return hasWords(message) ? this.#words.open(message.id) : undefined;
  }

  async #open(id: MessageId): Promise<string | undefined> {
    const { identity, archive, log } = this.#parts;
    const message = archive.read.get(id);
    try {
      return message && (await wordsOf(identity, message))?.text;
    } catch (error) {
      log(`the words of message ${id}: ${(error as Error).message}`);
      return undefined;
    }
  }
}

/** Whether its words are here, and its key. */
function hasWords({ header: { facts, signed }, local }: StoredMessage): boolean {
  return facts.words !== undefined && signed.words !== undefined && !local.sealed;
}
