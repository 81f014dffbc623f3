import { canonicalTag } from './language.ts';
import { partBrackets } from './part-brackets.ts';
import { readSound } from './read-sound.ts';
import { runProgram } from './run-program.ts';
import type { Voice, VoiceEngine } from './speech.ts';
import type { WorkFolder } from './work-folder.ts';

const PROGRAM = '/usr/bin/say';
const LIST_LIMIT_MS = 10_000;
const SPEAK_LIMIT_MS = 60_000;
/** It prints nothing but its list. */
const MAX_BYTES = 512 * 1024;

/** macOS' own voices. */
export class Say implements VoiceEngine {
  readonly name = 'say';
  readonly #folder: WorkFolder;

  constructor(folder: WorkFolder) {
    this.#folder = folder;
  }

  async list(): Promise<readonly Voice[]> {
    const limits = { limitMs: LIST_LIMIT_MS, maxBytes: MAX_BYTES, urgency: 'awaited' } as const;
    const list = await runProgram({ engine: this.name, program: PROGRAM, args: ['--voice=?'], ...limits });
    return sayVoices(list.toString());
  }

  async speak(text: string, voice: Voice, signal: AbortSignal): Promise<Int16Array> {
    const wav = await this.#folder.fileFrom((path) => {
      const limits = { limitMs: SPEAK_LIMIT_MS, maxBytes: MAX_BYTES, urgency: 'awaited' } as const;
      const args = sayArguments(voice.id.slice(this.name.length + 1), path);
      return runProgram(
        { engine: this.name, program: PROGRAM, args, input: partBrackets(text), ...limits },
        signal,
      );
    });
    return readSound(this.name, wav);
  }
}

/** `say` writes to a file alone; its text comes by standard input. */
export function sayArguments(voice: string, path: string): string[] {
  return [
    `--voice=${voice}`,
    `--output-file=${path}`,
    '--file-format=WAVE',
    '--data-format=LEI16@22050',
    '--input-file=-',
  ];
}

/** The voices in what `say --voice=?` prints: the name, which may have spaces and brackets, the language, and `#` with a sample. */
export function sayVoices(list: string): Voice[] {
  const voices: Voice[] = [];
  for (const line of list.split('\n')) {
    const [, name, tag] = /^(\S.*?)\s+([a-z]{2,3}(?:[_-]\w+)*)\s+#/.exec(line) ?? [];
    const language = tag === undefined ? undefined : canonicalTag(tag);
    if (name !== undefined && language !== undefined)
      voices.push({ id: `say:${name}`, name, language, engine: 'say' });
  }
  return voices;
}
