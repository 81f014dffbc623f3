import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { missingSpeech, speak } from './speech.ts';

export const POCKETSPHINX = 'pocketsphinx_continuous';
/** A command that writes down what was recorded. */
export const POCKETSPHINX_COMMAND = `${POCKETSPHINX} -logfn /dev/null -infile {wav}`;

/** A command that writes along. This version opens its input by name, for which it has to be a pipe. */
export const LIVE_POCKETSPHINX = `sh -c 'cat | pocketsphinx_continuous -logfn /dev/null -infile /dev/stdin'`;

/** Two phrases that PocketSphinx understands well of this voice. */
export const PHRASES = [
  'please open the door and close the window',
  'the meeting is over now we are going home',
] as const;
const VOICE = 'en-us+f2';
/** A loud voice is understood worse. */
const VOLUME = 0.3;
/** 48 kHz. Only a pause ends a phrase. */
const PAUSE_SAMPLES = 72_000;

/** Why this machine has no PocketSphinx, or nothing that speaks to it; undefined: it has both. */
export function missingPocketSphinx(): string | undefined {
  const { error } = spawnSync('pocketsphinx_continuous', [], { stdio: 'ignore' });
  if (error) return 'pocketsphinx_continuous is not installed (Debian: pocketsphinx)';
  if (!existsSync('/usr/share/pocketsphinx/model/en-us/en-us'))
    return 'the English model of PocketSphinx is not installed (Debian: pocketsphinx-en-us)';
  return missingSpeech();
}

/** A phrase with a pause after it: 48 kHz, mono. */
export function spokenPhrase(dir: string, phrase: string): Int16Array {
  const { samples } = speak(dir, phrase, VOICE);
  const spoken = new Int16Array(samples.length + PAUSE_SAMPLES);
  spoken.set(samples.map((sample) => Math.round(sample * VOLUME)));
  return spoken;
}

/** How many of a phrase's words are in a text. */
export function rightWords(text: string, phrase: string): number {
  const heard = new Set(text.split(/\s+/));
  return new Set(phrase.split(' ').filter((word) => heard.has(word))).size;
}
