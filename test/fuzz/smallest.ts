import fc from 'fast-check';
import { FuzzedOffice, type Problem } from './fuzzed-office.ts';
import { HostileMember } from './hostile-member.ts';
import { inputs as anyInput, type Input } from './inputs.ts';
import { OFFICE_SIZE } from './seeds.ts';
import { MAX_HANDLER_MS, type Sent } from './storm.ts';

/** How many of the last inputs are tried alone. */
const MOST_SUSPECTS = 12;
const SHRINK_WITHIN_MS = 120_000;

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
  const member = await HostileMember.join(office.link, office.targets, () => office.now);
  try {
    await office.stillWorks();
    const since = Date.now();
    for (const input of inputs) await member.send(input);
    const problem = await office.stillWorks();
    if (problem) return problem;
    const [slowest] = await office.slow(since);
    if (slowest === undefined || slowest.ms <= MAX_HANDLER_MS) return undefined;
    return { kind: 'slow', sentence: `${slowest.what} took ${slowest.ms} ms`, marks: [] };
  } finally {
    await member.close();
  }
}

/** The smallest input that makes the problem by itself; undefined where none of the suspects does. */
export async function confirm(
  problem: Problem,
  suspects: readonly Sent[],
  say: (line: string) => void,
): Promise<Input | undefined> {
  let office: FuzzedOffice | undefined;
  const fails = async (input: Input): Promise<boolean> => {
    office ??= await FuzzedOffice.start(OFFICE_SIZE);
    const found = await sendTo(office, [input]);
    if (!found) return false;
    await office.stop();
    office = undefined;
    return found.kind === problem.kind;
  };
  try {
    for (const { seed, index, input } of suspects.slice(0, MOST_SUSPECTS)) {
      say(`fuzz: is it ${JSON.stringify(input).slice(0, 160)}?`);
      if (!(await fails(input))) continue;
      say('fuzz: it is; looking for a smaller one');
      const { counterexample } = await fc.check(
        fc.asyncProperty(anyInput, async (smaller) => !(await fails(smaller))),
        { seed, path: String(index), numRuns: 1, interruptAfterTimeLimit: SHRINK_WITHIN_MS },
      );
      return counterexample?.[0] ?? input;
    }
    return undefined;
  } finally {
    await office?.stop();
  }
}
