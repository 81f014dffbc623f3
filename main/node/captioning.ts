import { isDeepStrictEqual } from 'node:util';
import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import type { Caption, Settings } from '../../preload/api.ts';
import type { Calls } from '../calls/index.ts';
import type { MediaEvents, MediaWorker } from '../media/index.ts';
import type { Messages, Transcripts } from '../messages/index.ts';
import {
  CorridorError,
  Emitter,
  faults,
  textOfError,
  type MessageId,
  type Schedule,
} from '../model/index.ts';
import type { Captioner, LiveSpeech } from '../speech/index.ts';
import type { Profile } from './profile.ts';

type Played = MediaEvents['played'];

/** Captions stay to be read for this long after the engine has said the last of them. */
const KEPT_MS = 10_000;
/** Changes within this time are published together, ms. */
const TOLD_EVERY_MS = 150;
/** This many phrases are shown at most. */
const SHOWN_PHRASES = 4;

interface CaptioningParts {
  readonly messages: Pick<Messages, 'kept'>;
  readonly transcripts: Pick<Transcripts, 'has'>;
  readonly calls: Pick<Calls, 'shown'>;
  readonly media: Pick<MediaWorker, 'on'>;
  readonly profile: Pick<Profile, 'settings'>;
  /** The engine of a setting. */
  readonly captionerFor: (chosen: NonNullable<Settings['captions']>) => Captioner;
  /** Why there are no captions; undefined: there are again. */
  readonly trouble: (text: LocalizedText | undefined) => void;
  readonly schedule: Schedule;
  readonly log: (line: string) => void;
}

/** What the engine has understood of the one speech that it listens to, or listened to last. */
type Listened = Pick<Played, 'of' | 'id'> & {
  /** Undefined: the engine has failed. */
  speech: LiveSpeech | undefined;
  phrases: Caption['phrases'];
  partial: string;
  /** It sounds no longer. */
  isOver: boolean;
};

/** The captions as they are shown, but for the talker's name. */
export type CaptionText = Pick<Caption, 'id' | 'phrases' | 'partial'> & Pick<Played, 'of'>;

/**
 * Captions of what sounds here, by the engine that the person chose for it. One speech at a time: the one that began last. They are kept
 * nowhere, and nobody else is told of them.
 */
export class Captioning {
  readonly events = new Emitter<{ changed: undefined }>((error) => faults.tell('captions', error));
  readonly #parts: CaptioningParts;
  readonly #stops: readonly (() => void)[];
  #chosen: Settings['captions'] = null;
  #captioner: Captioner | undefined;
  #listened: Listened | undefined;
  /** What sounds, or is paused, and was listened to at its beginning. */
  readonly #begun = new Set<string>();
  #cancelKept: (() => void) | undefined;
  #cancelTold: (() => void) | undefined;
  #isNews = false;

  constructor(parts: CaptioningParts) {
    this.#parts = parts;
    const { media } = parts;
    this.#stops = [
      media.on('played', (played) => this.#played(played)),
      media.on('crashed', () => {
        this.#begun.clear();
        this.#over();
      }),
    ];
  }

  /** To be called at the start, and when settings may have changed. */
  settingsChanged(): void {
    const { captions } = this.#parts.profile.settings;
    if (isDeepStrictEqual(captions, this.#chosen)) return;
    this.#chosen = captions;
    this.#begun.clear();
    this.#forget();
    this.#captioner?.close();
    this.#captioner = captions === null ? undefined : this.#parts.captionerFor(captions);
    this.#parts.trouble(undefined);
  }

  /** null: nothing is said, or nothing was understood yet. */
  get shown(): CaptionText | null {
    if (!this.#listened) return null;
    const { of, id, phrases, partial } = this.#listened;
    return phrases.length > 0 || partial !== '' ? { of, id, phrases, partial } : null;
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#forget();
    this.#cancelTold?.();
    this.#captioner?.close();
  }

  #played({ of, id, pcm, isOver }: Played): void {
    const isFree = !this.#listened || (this.#listened.isOver && this.#listened.id !== id);
    if (isFree || !this.#begun.has(id)) this.#begin({ of, id });
    if (isOver) this.#begun.delete(id);
    const listened = this.#listened;
    if (listened?.id !== id || listened.isOver) return;
    listened.speech?.put(pcm);
    if (isOver || (of === 'call' && !this.#isWanted({ of, id }))) this.#over();
  }

  #begin(what: Pick<Played, 'of' | 'id'>): void {
    const captioner = this.#captioner;
    if (!captioner || !this.#isWanted(what)) return;
    this.#begun.add(what.id);
    this.#forget();
    const listened: Listened = { ...what, speech: undefined, phrases: [], partial: '', isOver: false };
    this.#listened = listened;
    const whileCurrent = (change: () => void): void => {
      if (this.#listened === listened) change();
    };
    try {
      listened.speech = captioner.listen({
        onPartial: (text) => whileCurrent(() => this.#say(listened, { partial: text })),
        onPhrase: (text) => whileCurrent(() => this.#say(listened, { phrase: text })),
        onEnd: (error) => whileCurrent(() => this.#ended(listened, error)),
      });
    } catch (error) {
      this.#ended(listened, error);
    }
  }

  /** What was typed is read already, and so is what was written down. Of a call with several people, voices come at the same time. */
  #isWanted({ of, id }: Pick<Played, 'of' | 'id'>): boolean {
    const { messages, transcripts, calls } = this.#parts;
    if (of === 'call') return calls.shown.filter(({ state }) => state === 'active').length === 1;
    const message = messages.kept.get(id as MessageId);
    return message !== undefined && !message.header.facts.words && !transcripts.has(message.id);
  }

  #say(listened: Listened, { partial = '', phrase }: { partial?: string; phrase?: string }): void {
    this.#parts.trouble(undefined);
    if (phrase === undefined && partial === listened.partial) return;
    listened.partial = partial;
    if (phrase !== undefined) {
      const n = (listened.phrases.at(-1)?.n ?? -1) + 1;
      listened.phrases = [...listened.phrases, { n, text: phrase }].slice(-SHOWN_PHRASES);
    }
    this.#changed();
  }

  #over(): void {
    const listened = this.#listened;
    if (!listened || listened.isOver) return;
    listened.isOver = true;
    if (listened.speech) listened.speech.end();
    else this.#keepForAWhile();
  }

  #ended(listened: Listened, error: unknown): void {
    listened.speech = undefined;
    if (listened.isOver) this.#keepForAWhile();
    if (error !== undefined) this.#tellWhy(error);
  }

  #tellWhy(error: unknown): void {
    const { trouble, log } = this.#parts;
    if (error instanceof CorridorError) trouble(textOfError(error));
    else trouble(localizedText('captions-failed', 'There are no captions just now.'));
    // The engine's own words may tell what was said.
    log(`captions: ${error instanceof CorridorError ? error.code : String(error)}`);
  }

  #keepForAWhile(): void {
    this.#cancelKept?.();
    this.#cancelKept = this.#parts.schedule(() => this.#forget(), KEPT_MS);
  }

  #forget(): void {
    this.#cancelKept?.();
    const hadCaptions = this.shown !== null;
    this.#listened?.speech?.abort();
    this.#listened = undefined;
    if (hadCaptions) this.#changed();
  }

  #changed(): void {
    this.#isNews = true;
    if (this.#cancelTold) return;
    this.#tell();
  }

  #tell(): void {
    this.#cancelTold = undefined;
    if (!this.#isNews) return;
    this.#isNews = false;
    this.#cancelTold = this.#parts.schedule(() => this.#tell(), TOLD_EVERY_MS);
    this.events.emit('changed', undefined);
  }
}
