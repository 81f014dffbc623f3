import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingPulse } from '../support/pulse.ts';
import { missingSpeech } from '../support/speech.ts';
import { measureIdle } from './idle.ts';
import { measureStore } from './store.ts';
import { measureVoice } from './voice.ts';

/** One line of the table. A goal is compared with the statistic that it names. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly p95: number;
  readonly goal: string;
}

/** `--json` prints one object; a word (`idle`, `store`, `voice`) measures that part only. */
const json = process.argv.includes('--json');
const only = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
const dir = mkdtempSync(join(tmpdir(), 'corridor-bench-'));
const say = (line: string) => void (json ? process.stderr : process.stdout).write(`${line}\n`);

try {
  const results: Measured[] = [];
  const wanted = (part: string) => only === undefined || only === part;
  if (wanted('idle')) results.push(...(await measureIdle(dir)));
  if (wanted('store')) results.push(...(await measureStore()));
  const missing = missingPulse() ?? missingSpeech();
  if (missing) say(`Nothing of sound is measured: ${missing}.`);
  else if (wanted('voice')) results.push(...(await measureVoice(dir, say)));
  if (json) process.stdout.write(`${JSON.stringify({ results })}\n`);
  else print(results);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
process.exit(0);

function print(results: readonly Measured[]): void {
  const row = (cells: readonly string[]) =>
    cells.map((cell, n) => (n === 0 || n === 4 ? cell.padEnd(24) : cell.padStart(9))).join('  ');
  say(row(['name', 'unit', 'median', 'p95', 'goal']));
  for (const { name, unit, median, p95, goal } of results) {
    say(row([name, unit, median.toFixed(1), p95.toFixed(1), goal]));
  }
}
