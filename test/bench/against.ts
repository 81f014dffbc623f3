import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { quantile } from './statistics.ts';
import type { Measured } from './main.ts';

/** Each build is measured this many times, the two alternating: a machine that drifts disturbs both alike. */
const ROUNDS = 3;
/** Measured by this checkout alone, at the program of either: a build before may not know such a part. */
const MEASURED_FROM_HERE = new Set(['switch', 'talk']);
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

export interface Comparison {
  readonly name: string;
  readonly unit: string;
  /** The median of the rounds' medians. */
  readonly here: number;
  readonly there: number;
}

/**
 * Measures one part of this checkout and of another that was installed and built, alternating.
 * @param there the other checkout's folder
 */
export async function compare(
  part: string,
  here: string,
  there: string,
  say: (line: string) => void,
): Promise<Comparison[]> {
  const rounds: { readonly here: Measured[]; readonly there: Measured[] }[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    say(`${part}: round ${round} of ${ROUNDS}`);
    rounds.push({ here: await measure(here, part), there: await measure(there, part) });
  }
  const of = (side: 'here' | 'there', name: string): number =>
    quantile(
      rounds.flatMap((round) => round[side].find((one) => one.name === name)?.median ?? []),
      0.5,
    );
  return (rounds[0]?.here ?? []).map(({ name, unit }) => ({
    ...{ name, unit },
    here: of('here', name),
    there: of('there', name),
  }));
}

async function measure(folder: string, part: string): Promise<Measured[]> {
  const checkout = MEASURED_FROM_HERE.has(part) ? join(import.meta.dirname, '..', '..') : folder;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(checkout, 'test', 'bench', 'main.ts'), '--json', part],
    { cwd: folder, maxBuffer: MAX_OUTPUT_BYTES, env: { ...process.env, CORRIDOR_BUILD: folder } },
  );
  // Other lines may stand before it, such as the one on the runtime.
  const [json = ''] = stdout.trim().split('\n').slice(-1);
  return (JSON.parse(json) as { readonly results: Measured[] }).results;
}
