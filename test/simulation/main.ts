import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FINDS } from './kept.ts';
import { MUTANTS, type MutantName } from './mutants.ts';
import { simulate, type Outcome } from './simulate.ts';

/*
 * npm run simulate -- [--seeds N] [--from SEED] [--replay SEED] [--crypto real|quick]
 */

const FOLDER = join(import.meta.dirname, '..', '..', 'test-results', 'simulation');

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    from: { type: 'string', default: '0' },
    replay: { type: 'string' },
    crypto: { type: 'string' },
    'keep-going': { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    mutant: { type: 'string' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const crypto = (['real', 'quick'] as const).find((kind) => kind === values.crypto);
const names = Object.keys(MUTANTS) as MutantName[];
const mutant = names.find((name) => name === values.mutant);
const how = { crypto, variation: mutant && MUTANTS[mutant] };

function tell({ seed, broken, story }: Outcome, isWhole: boolean): void {
  for (const line of isWhole ? story : story.slice(-40)) say(line);
  for (const what of broken) say(`simulate: seed ${seed}: ${what}`);
  if (!isWhole) say(`simulate: npm run simulate -- --replay ${seed}`);
}

/** Keeps the story of a seed that failed, for a person who wants to read it. */
function keep({ seed, broken, story }: Outcome): void {
  mkdirSync(FOLDER, { recursive: true });
  const lines = [...story, ...broken.map((what) => `seed ${seed}: ${what}`), ''];
  writeFileSync(join(FOLDER, `seed-${seed}.txt`), lines.join('\n'));
}

async function all(): Promise<number> {
  const [from, seeds] = [Number(values.from), Number(values.seeds)];
  const before = process.cpuUsage();
  const total: Record<string, number> = {};
  const worst = { datagrams: 0, frames: 0 };
  let failed = 0;
  for (let seed = from; seed < from + seeds; seed += 1) {
    const outcome = await simulate(seed, how);
    for (const [what, count] of Object.entries(outcome.counts)) total[what] = (total[what] ?? 0) + count;
    for (const what of ['datagrams', 'frames'] as const)
      worst[what] = Math.max(worst[what], outcome.worst[what]);
    const done = seed + 1 - from;
    if (done % 50 === 0) say(`simulate: ${done} of ${seeds} seeds`);
    if (outcome.broken.length === 0) continue;
    failed += 1;
    if (!values['keep-going']) {
      tell(outcome, false);
      break;
    }
    const [first = '', ...others] = outcome.broken;
    say(
      `simulate: seed ${seed}: ${first.slice(0, 300)}${others.length > 0 ? ` (and ${others.length} more)` : ''}`,
    );
    keep(outcome);
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1_000_000;
  say(`simulate: ${JSON.stringify(total)}; at most ${JSON.stringify(worst)} a second from one computer`);
  say(`simulate: ${(seeds / seconds).toFixed(1)} seeds a second of processor time; ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** Looks for the first seed that finds each of the defects for which none is kept. */
async function hunt(): Promise<number> {
  const [from, seeds] = [Number(values.from), Number(values.seeds)];
  let missed = 0;
  for (const name of mutant ? [mutant] : names.filter((one) => FINDS[one] === undefined)) {
    let found: Outcome | undefined;
    for (let seed = from; seed < from + seeds && !found; seed += 1) {
      const outcome = await simulate(seed, { crypto, variation: MUTANTS[name] });
      if (outcome.broken.length > 0) found = outcome;
    }
    if (!found) missed += 1;
    say(`simulate: '${name}': ${found?.seed ?? 'not found'}, // ${found?.broken[0]?.slice(0, 160) ?? ''}`);
  }
  return missed === 0 ? 0 : 1;
}

if (values.mutants) process.exitCode = await hunt();
else if (values.replay === undefined) process.exitCode = await all();
else {
  const outcome = await simulate(Number(values.replay), how);
  tell(outcome, true);
  process.exitCode = outcome.broken.length === 0 ? 0 : 1;
}
