import { openTranscript, sealTranscript, type Identity } from '../identity/index.ts';
import { Emitter, faults, type KeptTranscript, type MessageId, type Random } from '../model/index.ts';
import type { StoredMessage, TranscriptFiles } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
import type { MessageEvents } from './events.ts';
import { keyOf } from './message-key.ts';

interface TranscriptsParts {
  readonly identity: Identity;
  readonly read: Pick<MessageReader, 'get' | 'shown'>;
  readonly files: TranscriptFiles;
  readonly events: Emitter<MessageEvents>;
  readonly random: Random;
}

/** The transcripts of this person's messages: each is sealed like its message, and is gone with it. */
export class Transcripts {
  readonly events = new Emitter<{ changed: MessageId }>((error) => faults.tell('transcripts', error));
  readonly #parts: TranscriptsParts;
  readonly #opened = new Map<MessageId, KeptTranscript>();
  /** The messages that have one. */
  readonly #kept = new Set<MessageId>();
  /** One after the other: opening takes milliseconds. */
  #last: Promise<unknown> = Promise.resolve();

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
    const opened = this.#opened.get(id);
    if (!opened && this.#kept.has(id)) void this.open(id);
    return opened ?? null;
  }

  /** Undefined: there is none, or it cannot be read. */
  open(id: MessageId): Promise<KeptTranscript | undefined> {
    const opened = this.#last.then(() => this.#opened.get(id) ?? this.#open(id));
    this.#last = opened.catch(() => undefined);
    return opened;
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
    this.#opened.set(id, transcript);
    this.events.emit('changed', id);
  }

  async forget(id: MessageId): Promise<void> {
    this.#kept.delete(id);
    this.#opened.delete(id);
    await this.#parts.files.remove(id);
  }

  async #open(id: MessageId): Promise<KeptTranscript | undefined> {
    const { identity, read, files } = this.#parts;
    const message = read.get(id);
    const sealed = message && this.#kept.has(id) ? await files.read(id) : undefined;
    if (!message || sealed === undefined) return undefined;
    const { masterKey } = await keyOf(identity, message);
    const transcript = openTranscript(sealed, { masterKey, id });
    if (!transcript || !this.#kept.has(id)) return undefined;
    this.#opened.set(id, transcript);
    this.events.emit('changed', id);
    return transcript;
  }
}
