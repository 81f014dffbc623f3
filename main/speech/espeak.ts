import { canonicalTag } from './language.ts';
import { engineMissing } from './engine-errors.ts';
import { partBrackets } from './part-brackets.ts';
import { readSound } from './read-sound.ts';
import { runProgram } from './run-program.ts';
import type { Voice, VoiceEngine } from './speech.ts';

/** eSpeak NG, and its predecessor with the same arguments. */
const PROGRAMS = ['espeak-ng', 'espeak'];
const LIST_LIMIT_MS = 5000;
const MAX_LIST_BYTES = 512 * 1024;
/** The longest text takes 0.2 s on a slow computer. */
const SPEAK_LIMIT_MS = 20_000;
/** Ten minutes of 22 kHz and 16 bits have 26 MB. */
const MAX_SOUND_BYTES = 64 * 1024 * 1024;

/**
 * eSpeak NG as an installed program: its library is under the GPL, and no part of Corridor. Linux desktops also have Speech Dispatcher
 * (`spd-say`), which only plays; its usual module is this same engine.
 */
export class Espeak implements VoiceEngine {
  readonly name = 'espeak-ng';
  readonly #candidates: readonly string[];
  #program: string | undefined;

  constructor(candidates: readonly string[] = PROGRAMS) {
    this.#candidates = candidates;
  }

  async list(): Promise<readonly Voice[]> {
    for (const program of this.#candidates) {
      const limits = { limitMs: LIST_LIMIT_MS, maxBytes: MAX_LIST_BYTES, urgency: 'awaited' } as const;
      const run = runProgram({ engine: program, program, args: ['--voices'], ...limits });
      const voices = await run.then(
        (output) => espeakVoices(output.toString()),
        () => [],
      );
      if (voices.length === 0) continue;
      this.#program = program;
      return voices;
    }
    this.#program = undefined;
    return [];
  }

  async speak(text: string, voice: Voice, signal: AbortSignal): Promise<Int16Array> {
    const program = this.#program;
    if (program === undefined) throw engineMissing(this.name);
    const limits = { limitMs: SPEAK_LIMIT_MS, maxBytes: MAX_SOUND_BYTES, urgency: 'awaited' } as const;
    const args = espeakArguments(voice.id.slice(this.name.length + 1));
    const wav = await runProgram(
      { engine: program, program, args, input: partBrackets(text), ...limits },
      signal,
    );
    return readSound(program, wav);
  }
}

/** `-b 1`: the text is UTF-8. */
export function espeakArguments(voice: string): string[] {
  return ['--stdin', '--stdout', '-b', '1', '-v', voice];
}

/** The voices in what `espeak-ng --voices` prints: a table whose second column is the language, and the fourth the name. */
export function espeakVoices(table: string): Voice[] {
  const voices = new Map<string, Voice>();
  for (const line of table.split('\n')) {
    const [, key, name] = /^\s*\d+\s+([\w-]+)\s+\S+\s+(\S+)\s+\S/.exec(line) ?? [];
    const language = key === undefined ? undefined : canonicalTag(key);
    if (key === undefined || name === undefined || language === undefined || voices.has(key)) continue;
    const readable = name.replaceAll('_', ' ').trim();
    voices.set(key, { id: `espeak-ng:${key}`, name: readable, language, engine: 'espeak-ng' });
  }
  return [...voices.values()];
}
