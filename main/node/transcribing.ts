import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import type { Settings, TranscriptStatus } from '../../preload/api.ts';
import type { Calls } from '../calls/index.ts';
import type { Messages, Transcripts } from '../messages/index.ts';
import {
  CorridorError,
  Emitter,
  faults,
  isUnsure,
  MAX_TRANSCRIPT,
  textOfError,
  transcriptSchema,
  type Clock,
  type KeptTranscript,
  type MessageId,
  type Schedule,
  type Transcript,
} from '../model/index.ts';
import { Transcriber, type Recogniser } from '../speech/index.ts';
import { arrivalOf, type StoredMessage } from '../store/index.ts';
import type { BeingSpoken } from './being-spoken.ts';
import type { Profile } from './profile.ts';
import type { Sound } from './sound.ts';

interface TranscribingParts {
  readonly messages: Messages;
  readonly transcripts: Transcripts;
  readonly calls: Pick<Calls, 'events' | 'shown'>;
  readonly spoken: Pick<BeingSpoken, 'events' | 'isAny'>;
  readonly sound: Pick<Sound, 'render'>;
  readonly profile: Pick<Profile, 'settings'>;
  /** The engine of a setting. */
  readonly recogniserFor: (chosen: NonNullable<Settings['recogniser']>) => Recogniser;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: (line: string) => void;
}

/**
 * Has what was said to this person written down, by the engine that they chose, while nobody talks. What is made stays on this computer:
 * nobody else is told of it.
 */
export class Transcribing {
  readonly events = new Emitter<{ changed: MessageId }>((error) => faults.tell('transcribing', error));
  readonly #parts: TranscribingParts;
  readonly #transcriber: Transcriber;
  /** Why messages have none. */
  readonly #failed = new Map<MessageId, LocalizedText>();
  readonly #stops: readonly (() => void)[];
  #chosen: Settings['recogniser'] = null;

  constructor(parts: TranscribingParts) {
    this.#parts = parts;
    const { messages, transcripts, calls, spoken } = parts;
    this.#transcriber = new Transcriber({
      ...parts,
      soundOf: (id) => this.#soundOf(id as MessageId),
      languageOf: () => parts.profile.settings.language ?? undefined,
      keep: (id, transcript) => transcripts.keep(id as MessageId, keptAs(transcript)),
      onChange: (id) => this.events.emit('changed', id as MessageId),
      onFailed: (id, error) => this.#fail(id as MessageId, error),
    });
    const talk = (): void => this.#transcriber.talk(this.#isTalking);
    this.#stops = [
      messages.kept.on('complete', (id) => this.#offer(messages.kept.get(id))),
      messages.events.on('settled', (id) => this.#transcriber.heard(id)),
      messages.events.on('message', (id) => this.#changed(id)),
      messages.events.on('talk', talk),
      messages.events.on('changed', talk),
      calls.events.on('changed', talk),
      spoken.events.on('changed', talk),
      transcripts.events.on('changed', (id) => {
        // One that was damaged on the disk is made anew.
        this.#offer(messages.kept.get(id));
        this.events.emit('changed', id);
      }),
    ];
  }

  /** To be called at the start, and when settings may have changed. */
  settingsChanged(): void {
    const { recogniser } = this.#parts.profile.settings;
    if (isDeepStrictEqual(recogniser, this.#chosen)) return;
    this.#chosen = recogniser;
    this.#failed.clear();
    this.#transcriber.useEngine(recogniser === null ? undefined : this.#parts.recogniserFor(recogniser));
    if (recogniser) for (const message of this.#parts.messages.kept.shown()) this.#offer(message);
  }

  /** How far the transcript of a message is; null: none is wanted. */
  shown(message: StoredMessage): TranscriptStatus | null {
    const { transcripts } = this.#parts;
    const nothing = { part: 1, isPaused: false, text: null, confidence: null, isUnsure: false, why: null };
    // One that is made anew is shown as that.
    const state = this.#transcriber.stateOf(message.id);
    if (!state) {
      const kept = transcripts.of(message);
      if (kept) {
        const { text, confidence } = kept;
        return { ...nothing, state: 'done', text, confidence, isUnsure: isUnsure(confidence) };
      }
      return transcripts.has(message.id) ? { ...nothing, state: 'done' } : null;
    }
    if (state.name === 'working')
      return { ...nothing, state: 'working', part: state.part, isPaused: state.isPaused };
    if (state.name === 'waiting') return { ...nothing, state: 'waiting', part: 0 };
    return { ...nothing, state: 'failed', part: 0, why: this.#failed.get(message.id) ?? null };
  }

  /**
   * The person wants this one now, also where it failed before, or is to be made anew.
   * @throws CorridorError `no-recogniser` where nothing is chosen that could make one
   */
  ask(message: StoredMessage): void {
    if (this.#chosen === null) throw noRecogniser();
    this.#failed.delete(message.id);
    this.#add(message);
    this.#transcriber.ask(message.id);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#transcriber.close();
  }

  /** A message for this person that was spoken, is whole, and has none yet. */
  #offer(message: StoredMessage | undefined): void {
    if (this.#chosen === null || !message || message.state !== 'complete') return;
    const { roles, header, local, id } = message;
    const isSpokenToMe = roles.mine === 'recipient' && header.facts.words === undefined && !local.sealed;
    if (isSpokenToMe && !this.#parts.transcripts.has(id)) this.#add(message);
  }

  #add(message: StoredMessage): void {
    const isHeard = message.local.heard !== undefined;
    this.#transcriber.add(message.id, { arrivedAt: arrivalOf(message).place, isHeard });
  }

  /** One that is deleted needs none; one whose deletion is undone, again. */
  #changed(id: MessageId): void {
    const message = this.#parts.messages.kept.get(id);
    if (message && message.local.deletedAt === undefined) {
      if (!this.#transcriber.stateOf(id)) this.#offer(message);
      return;
    }
    this.#transcriber.remove(id);
    this.#failed.delete(id);
  }

  get #isTalking(): boolean {
    const { messages, calls, spoken } = this.#parts;
    const isInCall = calls.shown.some(({ state }) => state === 'active');
    const isHeard = messages.inbox.speaking.length > 0;
    return messages.outgoing.current !== undefined || isHeard || spoken.isAny || isInCall;
  }

  /** 48 kHz, mono. */
  async #soundOf(id: MessageId): Promise<Int16Array> {
    const { messages, sound } = this.#parts;
    const message = messages.kept.get(id);
    if (!message) throw new Error('the message is gone');
    const { bytes } = await sound.render({ ...(await messages.open(message)), format: 'pcm' });
    return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  }

  #fail(id: MessageId, error: unknown): void {
    const { messages, log } = this.#parts;
    // A message that was deleted meanwhile needs none.
    if (!messages.kept.get(id)) return;
    if (error instanceof CorridorError) this.#failed.set(id, textOfError(error));
    else this.#failed.set(id, localizedText('transcript-failed', 'It could not be written down.'));
    // The engine's own words may tell what was said.
    log(`message ${id} is not transcribed: ${error instanceof CorridorError ? error.code : String(error)}`);
  }
}

function keptAs({ text, ...transcript }: Transcript): KeptTranscript {
  const whole: KeptTranscript = { v: 1, text: text.slice(0, MAX_TRANSCRIPT), ...transcript };
  // Times that could not be read again are worth less than the text.
  return v.safeParse(transcriptSchema, whole).success ? whole : { ...whole, words: [] };
}

function noRecogniser(): CorridorError {
  return new CorridorError(
    'no-recogniser',
    'Nothing is chosen that writes down what is said. Choose a command or a model in Settings → Sound.',
  );
}
