import { CorridorError } from '../model/index.ts';
import { chooseVoice } from './choose-voice.ts';
import { Espeak } from './espeak.ts';
import { Say } from './say.ts';
import type { Synthesiser, Voice, VoiceEngine, VoiceWish } from './speech.ts';
import { WindowsVoices } from './windows-voices.ts';
import type { WorkFolder } from './work-folder.ts';

/** What makes voices on this system by itself. */
export function systemVoices(
  folder: WorkFolder,
  platform: NodeJS.Platform = process.platform,
): VoiceEngine[] {
  if (platform === 'darwin') return [new Say(folder), new Espeak()];
  if (platform === 'win32') return [new WindowsVoices(), new Espeak()];
  return [new Espeak()];
}

/**
 * Several engines as one synthesiser. Of two voices that suit a text equally, that of the earlier engine is taken. An engine whose list fails
 * has no voices: why, its own `list` says where the person chooses it.
 */
export class Voices implements Synthesiser {
  readonly #engines: readonly VoiceEngine[];
  #listed: Promise<ReadonlyMap<Voice, VoiceEngine>> | undefined;

  constructor(engines: readonly VoiceEngine[]) {
    this.#engines = engines;
  }

  async voices({ again = false } = {}): Promise<readonly Voice[]> {
    if (again) this.#listed = undefined;
    return [...(await this.#list()).keys()];
  }

  async speak(text: string, wish: VoiceWish, signal: AbortSignal): Promise<Int16Array> {
    const engines = await this.#list();
    signal.throwIfAborted();
    const voice = chooseVoice([...engines.keys()], wish);
    const engine = voice && engines.get(voice);
    if (voice && engine) return engine.speak(text, voice, signal);
    const language = wish.language ?? 'und';
    throw new CorridorError(
      'no-voice',
      `No voice of this computer speaks this language (${language}). Install one, or choose another voice.`,
      { details: { language } },
    );
  }

  /** Gives the engines' memory back. */
  close(): void {
    for (const engine of this.#engines) engine.close?.();
  }

  #list(): Promise<ReadonlyMap<Voice, VoiceEngine>> {
    this.#listed ??= this.#ask();
    return this.#listed;
  }

  async #ask(): Promise<ReadonlyMap<Voice, VoiceEngine>> {
    const lists = await Promise.all(
      this.#engines.map(async (engine) =>
        (await engine.list().catch(() => [])).map((voice) => [voice, engine] as const),
      ),
    );
    return new Map(lists.flat());
  }
}
