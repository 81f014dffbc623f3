import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import type { Clock, MessageId, NodeId } from '../model/index.ts';
import type { MessageEvents } from '../messages/index.ts';
import type { Troubles } from './troubles.ts';

/** For this long the health page tells of it, ms. */
const TELL_MS = 10 * 60_000;
/** More talkers than an office has. */
const MAX_TALKERS = 1000;
const TROUBLE = 'voice-forged';

/** Somebody whose messages others put different sound into. */
interface ForgedVoice {
  readonly talker: NodeId;
  /** How many fragments were dropped. */
  readonly count: number;
  /** Whose computer sent the last ones, where that is known. */
  readonly sentBy: NodeId | undefined;
}

interface ForgedVoicesParts {
  readonly clock: Clock;
  readonly troubles: Pick<Troubles, 'set'>;
  readonly nameOf: (node: NodeId) => string | undefined;
}

/** What a person is told of fragments that somebody else made in a talker's voice. */
export class ForgedVoices {
  readonly #parts: ForgedVoicesParts;
  readonly #byTalker = new Map<NodeId, ForgedVoice & { readonly lastAt: number }>();
  #cut: MessageId | undefined;

  constructor(parts: ForgedVoicesParts) {
    this.#parts = parts;
  }

  add({ talker, count, sentBy }: MessageEvents['forged']): void {
    const now = this.#parts.clock.monotonic();
    const known = this.#byTalker.get(talker);
    if (!known && this.#byTalker.size >= MAX_TALKERS) return;
    const before = known && now - known.lastAt <= TELL_MS ? known.count : 0;
    this.#byTalker.set(talker, { talker, count: before + count, sentBy, lastAt: now });
  }

  /** The talkers of the last minutes, the one with the most forged fragments first. */
  get recent(): ForgedVoice[] {
    const since = this.#parts.clock.monotonic() - TELL_MS;
    return [...this.#byTalker.values()]
      .filter(({ lastAt }) => lastAt >= since)
      .map(({ talker, count, sentBy }) => ({ talker, count, sentBy }))
      .sort((a, b) => b.count - a.count);
  }

  /** The person listened to it, and it stopped playing live. Why is kept until the message is heard or deleted. */
  cutShort({ id, talker, why }: MessageEvents['cut-short']): void {
    this.#cut = id;
    this.#parts.troubles.set(TROUBLE, sentenceOf(this.#parts.nameOf(talker) ?? 'Somebody', why === 'forged'));
  }

  settled(id: MessageId): void {
    if (id === this.#cut) this.#parts.troubles.set(TROUBLE, undefined);
  }
}

function sentenceOf(name: string, isForged: boolean): LocalizedText {
  const sentence = isForged
    ? `Corridor no longer plays ${name} live: somebody else put words into what ${name} is saying. What ${name} really said waits for you.`
    : `Corridor no longer plays ${name} live: ${name}’s computer does not confirm any more that these are ${name}’s words. What it confirms waits for you.`;
  return localizedText('voice-cut-short', sentence, { name, isForged });
}
