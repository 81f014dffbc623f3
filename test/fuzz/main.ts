import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FuzzedOffice } from './fuzzed-office.ts';
import { KINDS, type Input } from './inputs.ts';
import { readKept, writeKept } from './kept.ts';
import { OFFICE_SIZE } from './seeds.ts';
import { confirm, replay } from './smallest.ts';
import { growthInWords, storm } from './storm.ts';

/*
 * npm run fuzz -- --for 10m [--seed N] [--rate N] [--without KIND …] [--replay FILE]
 */

const FOLDER = join(import.meta.dirname, '..', '..', 'test-results', 'fuzz');
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

const { values } = parseArgs({
  options: {
    for: { type: 'string', default: '1m' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rate: { type: 'string', default: '1000' },
    without: { type: 'string', multiple: true, default: [] },
    replay: { type: 'string' },
    'as-it-is': { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function durationOf(text: string): number {
  const [, count = '', unit = ''] = /^([0-9]+)([smh])$/.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? 0);
  if (ms > 0) return ms;
  say(`${text} is no time such as 30s, 10m or 1h.`);
  process.exit(2);
}

function leavesOutOf(names: readonly string[]): (input: Input) => boolean {
  const unknown = names.find((name) => !(name in KINDS));
  if (unknown !== undefined) {
    say(`${unknown} is not known; there are ${Object.keys(KINDS).join(', ')}.`);
    process.exit(2);
  }
  return (input) => names.some((name) => KINDS[name]!(input));
}

async function fuzz(): Promise<number> {
  const seed = Number(values.seed);
  const forMs = durationOf(values.for);
  const leavesOut = leavesOutOf(values.without);
  say(`fuzz: seed ${seed}, ${values.for}, ${values.rate} packets a second for an office of ${OFFICE_SIZE}`);
  const office = await FuzzedOffice.start(OFFICE_SIZE);
  const result = await storm(office, { seed, forMs, rate: Number(values.rate), leavesOut, say }).finally(() =>
    office.stop(),
  );
  const { problem, suspects, sent, messages, slowestMs, growth } = result;
  const perSecond = result.perSecond.toFixed(0);
  say(
    `fuzz: ${sent} packets, ${perSecond} a second; ${messages.arrived} of ${messages.sent} messages arrived; ` +
      `slowest input ${slowestMs.toFixed(1)} ms; memory: ${growthInWords(growth)}`,
  );
  const { requests, digits, calls, visits } = result.strangers;
  say(
    `fuzz: a stranger was seen asking ${requests} times, ${digits} times with digits, called ${calls} and met ${visits} times`,
  );
  if (!problem && result.isRateReached) return 0;
  if (!problem) {
    const wanted = `${values.rate} a second were wanted`;
    say(`fuzz: FAILED, rate: ${wanted}, and ${perSecond} sent. Try an idle computer, or a lower --rate.`);
    return 1;
  }
  say(`fuzz: FAILED, ${problem.kind}: ${problem.sentence}`);
  const found = values['as-it-is'] ? undefined : await confirm(problem, suspects, say);
  const inputs = found ?? suspects.toReversed().map(({ input }) => input);
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${problem.kind}-${seed}.json`);
  writeFileSync(file, writeKept({ problem: problem.sentence, inputs: [...inputs] }));
  say(
    found?.length === 1
      ? `fuzz: this input alone does it:\n${JSON.stringify(found[0], null, 2)}`
      : `fuzz: ${found?.length ?? 'only all'} inputs do it together`,
  );
  say(`fuzz: kept in ${file}; npm run fuzz -- --replay ${file}`);
  return 1;
}

async function again(file: string): Promise<number> {
  const { inputs } = readKept(readFileSync(file, 'utf8'));
  const problem = await replay(inputs);
  say(problem ? `fuzz: FAILED, ${problem.kind}: ${problem.sentence}` : 'fuzz: nothing happens');
  return problem ? 1 : 0;
}

process.exit(values.replay === undefined ? await fuzz() : await again(values.replay));
