import { openTranscript, sealTranscript, type Identity } from '../identity/index.ts';
import { Emitter, faults, type KeptTranscript, type MessageId, type Random } from '../model/index.ts';
import type { StoredMessage, TranscriptFiles } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
import type { MessageEvents } from './events.ts';
import { keyOf } from './message-key.ts';
import { Opened } from './opened.ts';

interface TranscriptsParts {
  readonly identity: Identity;
  readonly read: Pick<MessageReader, 'get'>;
  readonly files: TranscriptFiles;
  readonly events: Emitter<MessageEvents>;
  readonly random: Random;
}

/** The transcripts of this person's messages: each is sealed like its message, and is gone with it. */
export class Transcripts {
  readonly events = new Emitter<{ changed: MessageId }>((error) => faults.tell('transcripts', error));
  readonly #parts: TranscriptsParts;
  readonly #opened = new Opened<KeptTranscript>({
    open: (id) => this.#open(id),
    onOpened: (id) => this.events.emit('changed', id),
  });
  /** The messages that have one. */
  readonly #kept = new Set<MessageId>();

  constructor(parts: TranscriptsParts) {
    this.#parts = parts;
    parts.events.on('message', (id) => {
      if (this.#kept.has(id) && !parts.read.get(id)) void this.forget(id);
    });
  }

  /** Looks which messages have one, and removes those whose messages are gone. */
  async begin(): Promise<void> {
    const { files, read } = this.#parts;
    for (const id of await files.list()) {
      if (read.get(id)) this.#kept.add(id);
      else await files.remove(id);
    }
  }

  has(id: MessageId): boolean {
    return this.#kept.has(id);
  }

  /** What was said, as far as it is open; null: there is none, or it is being opened: then `changed` follows. */
  of({ id }: Pick<StoredMessage, 'id'>): KeptTranscript | null {
    return this.#kept.has(id) ? (this.#opened.of(id) ?? null) : null;
  }

  /** Undefined: there is none, or it cannot be read. */
  async open(id: MessageId): Promise<KeptTranscript | undefined> {
    return this.#kept.has(id) ? this.#opened.open(id) : undefined;
  }

  /** @throws ErrnoException where the disk does not take it, and as `keyOf` */
  async keep(id: MessageId, transcript: KeptTranscript): Promise<void> {
    const { identity, read, files, random } = this.#parts;
    const message = read.get(id);
    if (!message) return;
    const { masterKey } = await keyOf(identity, message);
    await files.write(id, sealTranscript(transcript, { masterKey, id }, random));
    if (!read.get(id)) return void files.remove(id);
    this.#kept.add(id);
    this.#opened.put(id, transcript);
    this.events.emit('changed', id);
  }

  async forget(id: MessageId): Promise<void> {
    this.#kept.delete(id);
    this.#opened.forget(id);
    await this.#parts.files.remove(id);
  }

  /** The file is damaged: one that is made anew takes its place. */
  #miss(id: MessageId): void {
    this.#kept.delete(id);
    this.events.emit('changed', id);
  }

  async #open(id: MessageId): Promise<KeptTranscript | undefined> {
    const { identity, read, files } = this.#parts;
    const message = read.get(id);
    const sealed = message && (await files.read(id));
    if (!message || sealed === undefined) return undefined;
    const { masterKey } = await keyOf(identity, message);
    const transcript = openTranscript(sealed, { masterKey, id });
    if (transcript === undefined) this.#miss(id);
    return transcript;
  }
}
