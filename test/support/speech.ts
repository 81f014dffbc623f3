import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWav, writeWav } from '../../native-audio/index.ts';

export interface Speech {
  /** A WAV file of the speech: 48 kHz mono. */
  readonly file: string;
  readonly samples: Int16Array;
}

/** Why this machine has no synthesiser; undefined: it has one. */
export function missingSpeech(): string | undefined {
  const { error } = spawnSync('espeak-ng', ['--version'], { stdio: 'ignore' });
  return error ? 'espeak-ng is not installed (Debian: espeak-ng)' : undefined;
}

/** Synthesises a text into a file in `dir`. `voice`: an espeak-ng voice, so that talkers can differ. */
export function speak(dir: string, text: string, voice = 'en-us'): Speech {
  const raw = join(dir, `${voice}-${text.length}-raw.wav`);
  execFileSync('espeak-ng', ['-v', voice, '-s', '160', '-w', raw, text], { stdio: 'ignore' });
  const samples = readWav(readFileSync(raw));
  const file = join(dir, `${voice}-${text.length}.wav`);
  writeFileSync(file, writeWav(samples));
  return { file, samples };
}
