import * as v from 'valibot';
import { isGarbage, NOISE, readable } from './command-output.ts';
import { engineGarbage } from './engine-errors.ts';

/** Somebody who speaks without a breath for a minute says as much. */
const MAX_PHRASE = 1000;

/** What a line says: the phrase that goes on, or one that has ended. */
interface CaptionLine {
  readonly text: string;
  readonly isWhole: boolean;
}

/** `partial` and `text` are Vosk's names, `t` is that of `pocketsphinx live` (PocketSphinx 5). */
const lineSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.union([
    v.pipe(
      v.object({ partial: v.string() }),
      v.transform(({ partial }) => ({ said: partial, isWhole: false })),
    ),
    v.pipe(
      v.object({ text: v.string() }),
      v.transform(({ text }) => ({ said: text, isWhole: true })),
    ),
    v.pipe(
      v.object({ t: v.string() }),
      v.transform(({ t }) => ({ said: t, isWhole: true })),
    ),
  ]),
);

/**
 * A line that a captions command has printed: a phrase as text; or a JSON object with `text` or `t` for a phrase, or with `partial` for
 * the one that goes on. Undefined: the line says nothing.
 * @throws CorridorError `engine-garbage` where it is not readable
 */
export function captionLine(engine: string, line: string): CaptionLine | undefined {
  if (!line.trimStart().startsWith('{')) {
    const text = readable(line);
    if (isGarbage(line, text)) throw engineGarbage(engine);
    return text === '' ? undefined : { text: text.slice(0, MAX_PHRASE), isWhole: true };
  }
  const parsed = v.safeParse(lineSchema, line);
  if (!parsed.success) throw engineGarbage(engine);
  const { said, isWhole } = parsed.output;
  return captionOf(said, isWhole);
}

/** What an engine has understood, without what is no word. Undefined: a phrase without words. */
export function captionOf(said: string, isWhole: boolean): CaptionLine | undefined {
  const words = readable(said)
    .split(' ')
    .filter((word) => !NOISE.test(word));
  const text = words.join(' ').slice(0, MAX_PHRASE);
  return text === '' && isWhole ? undefined : { text, isWhole };
}
