import type { Caption } from '../../preload/api.ts';

/** The caption as it is now: `Kim: parcel is here …`, the dots while the phrase goes on. */
export function describeCaption({ name, phrases, partial }: Caption): string {
  const goesOn = partial === '' ? [] : [`${partial} …`];
  return `${name}: ${[...phrases.map(({ text }) => text), ...goesOn].join(' / ')}`;
}

/** Gives each phrase of the captions once, when it has ended. */
export class CaptionPhrases {
  #id = '';
  #last = -1;

  lines(caption: Caption | null): string[] {
    if (!caption) return [];
    const newest = caption.phrases.at(-1)?.n ?? -1;
    // Another voice, or the same message once more.
    if (caption.id !== this.#id || newest < this.#last) this.#last = -1;
    const lines = caption.phrases
      .filter(({ n }) => n > this.#last)
      .map(({ text }) => `${caption.name} says: ${text}`);
    this.#id = caption.id;
    this.#last = newest;
    return lines;
  }
}
