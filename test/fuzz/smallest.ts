import fc from 'fast-check';
import { FuzzedOffice, type Problem } from './fuzzed-office.ts';
import { Attackers } from './attackers.ts';
import { inputs as anyInput, type Input } from './inputs.ts';
import { OFFICE_SIZE } from './seeds.ts';
import { MAX_HANDLER_MS, type Sent } from './storm.ts';

/** How many of the last inputs are tried alone. */
const MOST_SUSPECTS = 12;
const SHRINK_WITHIN_MS = 120_000;
const HALVE_WITHIN_MS = 600_000;
const MOST_SAID = 160;

/** Sends inputs to an office of their own that is told nothing else. Resolves with the problem that they make. */
export async function replay(inputs: readonly Input[]): Promise<Problem | undefined> {
  const office = await FuzzedOffice.start(OFFICE_SIZE);
  try {
    return await sendTo(office, inputs);
  } finally {
    await office.stop();
  }
}

/** Sends inputs to an office, and looks whether it goes on. */
export async function sendTo(office: FuzzedOffice, inputs: readonly Input[]): Promise<Problem | undefined> {
  const attackers = await Attackers.start(office);
  try {
    await office.stillWorks();
    const since = Date.now();
    for (const input of inputs) await attackers.send(input);
    const problem = await office.stillWorks();
    if (problem) return problem;
    const [slowest] = await office.slow(since);
    if (slowest === undefined || slowest.ms <= MAX_HANDLER_MS) return undefined;
    return { kind: 'slow', sentence: `${slowest.what} took ${slowest.ms} ms`, marks: [] };
  } finally {
    await attackers.close();
  }
}

/**
 * The fewest inputs found that make the problem by themselves, the last of them made as small as it can be where it is one;
 * undefined where no part of the suspects does.
 */
export async function confirm(
  problem: Problem,
  suspects: readonly Sent[],
  say: (line: string) => void,
): Promise<readonly Input[] | undefined> {
  let office: FuzzedOffice | undefined;
  const fails = async (inputs: readonly Input[]): Promise<boolean> => {
    office ??= await FuzzedOffice.start(OFFICE_SIZE);
    const found = await sendTo(office, inputs);
    if (!found) return false;
    await office.stop();
    office = undefined;
    return found.kind === problem.kind;
  };
  try {
    const culprit =
      problem.marks.length > 0
        ? await oneOf(suspects.slice(0, MOST_SUSPECTS), fails, say)
        : await partOf(suspects.toReversed(), fails, say);
    const [only] = culprit ?? [];
    if (!culprit || !only || culprit.length > 1) return culprit?.map(({ input }) => input);
    say('fuzz: it is this; looking for a smaller one');
    const { counterexample } = await fc.check(
      fc.asyncProperty(anyInput, async (smaller) => !(await fails([smaller]))),
      { seed: only.seed, path: String(only.index), numRuns: 1, interruptAfterTimeLimit: SHRINK_WITHIN_MS },
    );
    return [counterexample?.[0] ?? only.input];
  } finally {
    await office?.stop();
  }
}

type Fails = (inputs: readonly Input[]) => Promise<boolean>;

async function oneOf(
  suspects: readonly Sent[],
  fails: Fails,
  say: (line: string) => void,
): Promise<readonly Sent[] | undefined> {
  for (const sent of suspects) {
    say(`fuzz: is it ${JSON.stringify(sent.input).slice(0, MOST_SAID)}?`);
    if (await fails([sent.input])) return [sent];
  }
  return undefined;
}

/** Halves them as long as one half does it alone. */
async function partOf(
  suspects: readonly Sent[],
  fails: Fails,
  say: (line: string) => void,
): Promise<readonly Sent[] | undefined> {
  const until = performance.now() + HALVE_WITHIN_MS;
  let part: readonly Sent[] | undefined;
  let rest = suspects;
  while (rest.length > 1 && performance.now() < until) {
    const middle = rest.length >> 1;
    const halves = [rest.slice(middle), rest.slice(0, middle)];
    const half = await first(halves, (one) => fails(one.map(({ input }) => input)));
    if (!half) break;
    say(`fuzz: ${half.length} inputs do it`);
    part = rest = half;
  }
  return part;
}

async function first<T>(all: readonly T[], passes: (one: T) => Promise<boolean>): Promise<T | undefined> {
  for (const one of all) if (await passes(one)) return one;
  return undefined;
}
