import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { quantile } from '../bench/statistics.ts';
import { whyNoLan } from '../support/lan.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { torture, type Done } from './torture.ts';
import { TorturedOffice } from './tortured-office.ts';
import { TROUBLES } from './troubles.ts';

/*
 * npm run torture -- --rounds 200 [--seed N] [--only KIND …]
 */

const FOLDER = join(import.meta.dirname, '..', '..', 'test-results', 'torture');

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string', multiple: true, default: [] },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function wholeNumber(name: string, text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  say(`--${name} ${text} is no whole number.`);
  process.exit(2);
}

function chosenKinds(): readonly string[] {
  const all = Object.keys(TROUBLES);
  const unknown = values.only.find((name) => !all.includes(name));
  if (unknown === undefined) return values.only.length > 0 ? values.only : all;
  say(`${unknown} is not known; there are ${all.join(', ')}.`);
  process.exit(2);
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const spread = (times: readonly number[]): string =>
  `${seconds(quantile(times, 0.5))} (median), ${seconds(quantile(times, 0.95))} (p95), ${seconds(Math.max(...times))} (most)`;

function summary(all: readonly Done[]): string {
  const counts = Object.keys(TROUBLES).map((name) => {
    return `${name} ${all.filter(({ troubles }) => troubles.includes(name)).length}`;
  });
  const said = all.reduce((sum, done) => sum + done.said, 0);
  return [
    `torture: ${all.length} rounds: ${counts.join(', ')}`,
    `torture: ${said} messages, each whole at all its recipients, once, and the same`,
    `torture: one office again after ${spread(all.map(({ oneOfficeMs }) => oneOfficeMs))}`,
    `torture: all messages there after ${spread(all.map(({ arrivedMs }) => arrivedMs))} more`,
  ].join('\n');
}

async function main(): Promise<number> {
  const why = whyNoLan();
  if (why !== undefined) {
    say(`torture: ${why}`);
    return 2;
  }
  const [seed, rounds] = [wholeNumber('seed', values.seed), wholeNumber('rounds', values.rounds)];
  const kinds = chosenKinds();
  say(`torture: seed ${seed}, ${rounds} rounds of ${kinds.join(', ')}`);
  const all: Done[] = [];
  const office = await TorturedOffice.open(tempFolder('torture'));
  try {
    await torture(office, { rounds, seed, kinds }, (done) => {
      all.push(done);
      const { round, troubles, said, oneOfficeMs, arrivedMs } = done;
      say(
        `${String(round).padStart(4)}  ${troubles.join(' + ').padEnd(16)}  ${said} messages, ` +
          `one office ${seconds(oneOfficeMs)}, arrived ${seconds(arrivedMs)}`,
      );
    });
    say(summary(all));
    return 0;
  } catch (error) {
    mkdirSync(FOLDER, { recursive: true });
    const file = join(FOLDER, `${seed}.log`);
    writeFileSync(file, `${String(error)}\n${office.printed()}\n`);
    say(
      `torture: FAILED in round ${all.length + 1}: ${error instanceof Error ? error.message : String(error)}`,
    );
    say(
      `torture: what the nodes printed is in ${file}; again: npm run torture -- --seed ${seed} --rounds ${rounds}`,
    );
    return 1;
  } finally {
    await office.stop();
  }
}

process.exit(await main());
