import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { electron, skip } from '../desktop/two-desktops.ts';
import { missingPulse } from '../support/pulse.ts';
import { missingSpeech } from '../support/speech.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { compare, type Comparison } from './against.ts';
import { measureCall } from './call.ts';
import { measureDesktopIdle } from './desktop-idle.ts';
import { measureFailover } from './failover.ts';
import { measureHeader } from './header.ts';
import { measureIdle } from './idle.ts';
import { measureLedger } from './ledger.ts';
import { measurePage } from './page.ts';
import { measurePanel } from './panel.ts';
import { measureSize } from './size.ts';
import { measureSoak } from './soak.ts';
import { measureSpeech } from './speech.ts';
import { measureStore } from './store.ts';
import { measureStranger } from './stranger.ts';
import { measureSwitch } from './switch.ts';
import { measureTalk } from './talk.ts';
import { measureTray } from './tray.ts';
import { measureVoice } from './voice.ts';

/** One line of the table. A goal is compared with the statistic that it names. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly p95: number;
  readonly goal: string;
}

/** What is measured together, by what it measures. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  idle: ['idle-memory', 'idle-memory-pss', 'idle-cpu'],
  switch: ['switch-cpu'],
  failover: ['office-settles-20', 'failover-20'],
  stranger: ['joined-by-digits', 'removed-hears-until'],
  store: ['one-more-of-1000', 'list-1000', 'one-more-of-5000', 'list-5000'],
  size: [
    ...['append-1k', 'append-100k', 'start-1k', 'start-100k', 'messages-page'],
    ...['memory-1k', 'memory-100k', 'memory-per-1k-messages'],
  ],
  ledger: ['ledger-1900', 'ledger-2300-hostile', 'ledger-longest-part', 'ledger-intake'],
  header: ['header-1', 'header-250-own-keys', 'sender-key-250', 'header-250'],
  page: [
    ...['page-25-cpu', 'page-250-cpu', 'page-25-to-250', 'page-250-reports', 'page-250-cpu-new-key'],
    ...['page-250-late', 'page-250-late-first'],
    ...['page-25-packet', 'page-250-packet'],
  ],
  voice: ['floor', 'warm-cpu', 'mouth-to-ear', 'key-to-ear', 'key-to-notification', 'click-to-sound'],
  call: ['message-beside', 'call-mouth-to-ear', 'call-without-echo', 'ring', 'erle'],
  talk: ['talk-cpu-talker', 'talk-cpu-ear'],
  speech: [
    ...['say-synthesiser', 'say-to-ear', 'transcript'],
    ...['transcript-pause-own-key', 'transcript-pause-talkers-key'],
    ...['live-without-transcribing', 'live-while-transcribing'],
    ...['live-without-captions', 'live-with-captions'],
  ],
  panel: ['first-paint', 'filter-500-people', 'scroll-2000-messages'],
  tray: ['tray-to-sound'],
  'desktop-idle': ['desktop-idle-memory', 'desktop-idle-cpu'],
  soak: ['soak-rss-first-half', 'soak-rss-second-half', 'soak-rss-growth'],
};
/** Half an hour each: measured where they are named. */
const LONG: readonly string[] = ['soak'];

/**
 * `--json` prints one object; a NAME: a part, or the part that a number belongs to; `--against DIR`: each part beside that of
 * another checkout, which was installed and built, the two alternating.
 */
const { values: options, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, against: { type: 'string' } },
  allowPositionals: true,
});
const { json, against } = options;
const [only] = positionals;
const dir = tempFolder('bench');
const root = join(import.meta.dirname, '..', '..');
const say = (line: string) => void (json ? process.stderr : process.stdout).write(`${line}\n`);

const wanted = (part: string): boolean =>
  only === undefined ? !LONG.includes(part) : only === part || PARTS[part]?.includes(only) === true;
const parts = Object.keys(PARTS).filter(wanted);
if (parts.length === 0) {
  say(`${only} is not measured here; there are ${Object.entries(PARTS).flat(2).join(', ')}.`);
  process.exit(2);
}

if (against === undefined) await measureHere();
else await measureBeside(resolve(against));
process.exit(0);

function print(results: readonly Measured[]): void {
  const row = (cells: readonly string[]) =>
    cells.map((cell, n) => (n === 0 || n === 4 ? cell.padEnd(24) : cell.padStart(9))).join('  ');
  say(row(['name', 'unit', 'median', 'p95', 'goal']));
  for (const { name, unit, median, p95, goal } of results) {
    say(row([name, unit, median.toFixed(1), p95.toFixed(1), goal]));
  }
}

async function measureHere(): Promise<void> {
  const results: Measured[] = [];
  if (wanted('idle')) results.push(...(await measureIdle(dir)));
  if (wanted('switch')) results.push(...(await measureSwitch(dir)));
  if (wanted('failover')) results.push(...(await measureFailover(dir)));
  if (wanted('stranger')) results.push(...(await measureStranger(dir, say)));
  if (wanted('store')) results.push(...(await measureStore()));
  if (wanted('size')) results.push(...(await measureSize(dir, say)));
  if (wanted('ledger')) results.push(...measureLedger());
  if (wanted('header')) results.push(...(await measureHeader()));
  if (wanted('page')) results.push(...(await measurePage(say)));
  const missing = missingPulse() ?? missingSpeech();
  if (missing) say(`Nothing of sound is measured: ${missing}.`);
  else {
    if (wanted('voice')) results.push(...(await measureVoice(dir, say)));
    if (wanted('call')) results.push(...(await measureCall(dir, say)));
    if (wanted('talk')) results.push(...(await measureTalk(dir, say)));
    if (wanted('speech')) results.push(...(await measureSpeech(dir, say)));
  }
  if (skip) say(`Nothing of the desktop is measured: ${skip}.`);
  else {
    if (wanted('panel')) results.push(...(await measurePanel(electron.path, dir)));
    if (wanted('tray')) results.push(...(await measureTray(electron.path, dir)));
    if (wanted('desktop-idle')) results.push(...(await measureDesktopIdle(electron.path, dir)));
  }
  if (wanted('soak')) results.push(...(await measureSoak(dir, say)));
  if (json) process.stdout.write(`${JSON.stringify({ results })}\n`);
  else print(results);
}

async function measureBeside(there: string): Promise<void> {
  const compared: Comparison[] = [];
  for (const part of parts) {
    try {
      compared.push(...(await compare(part, root, there, say)));
    } catch (error) {
      // A build before knows no such part. The figures of the other parts are printed all the same.
      say(`${part} is not compared: ${String(error).split('\n', 1)[0]}`);
    }
  }
  if (json) process.stdout.write(`${JSON.stringify({ compared })}\n`);
  else printBeside(compared);
}

function printBeside(compared: readonly Comparison[]): void {
  const row = (cells: readonly string[]) =>
    cells.map((cell, n) => (n === 0 ? cell.padEnd(24) : cell.padStart(9))).join('  ');
  say(row(['name', 'unit', 'here', 'there', 'ratio']));
  for (const { name, unit, here, there } of compared) {
    say(row([name, unit, here.toFixed(1), there.toFixed(1), (here / there).toFixed(2)]));
  }
}
