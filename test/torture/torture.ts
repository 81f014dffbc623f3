import { delay } from '../support/eventually.ts';
import { seededBelow } from '../support/seeded-random.ts';
import { last, TROUBLES, type Round } from './troubles.ts';
import type { TorturedOffice } from './tortured-office.ts';

/** How much is said in a round, before and while there is trouble, and for how long each time. */
const WORDS = { least: 3, most: 7 };
const SAID_MS = { least: 400, most: 2000 };
const PAUSE_MS = 900;

/** What one round did. */
export interface Done {
  readonly round: number;
  readonly troubles: readonly string[];
  readonly said: number;
  /** From the end of the trouble, ms. */
  readonly oneOfficeMs: number;
  readonly arrivedMs: number;
}

/**
 * Has people talk while something goes wrong, ends that, and waits until the office is one and every message is whole at all its
 * recipients. Rejects with what is not as it must be.
 * @param kinds the troubles to choose from
 */
export async function torture(
  office: TorturedOffice,
  {
    rounds,
    seed,
    kinds,
  }: { readonly rounds: number; readonly seed: number; readonly kinds: readonly string[] },
  tell: (done: Done) => void,
): Promise<void> {
  const below = seededBelow(seed);
  for (let round = 1; round <= rounds; round++) {
    // One after the other, so that few rounds have all kinds; sometimes with a second one.
    const names = new Set([kinds[(round - 1) % kinds.length]!]);
    const second = kinds[below(kinds.length)]!;
    const isAlone = [...names, second].some((name) => TROUBLES[name]!.isAlone);
    if (below(3) === 0 && !isAlone) names.add(second);
    tell({ round, troubles: [...names], ...(await suffer({ office, below, said: [] }, [...names])) });
  }
}

async function suffer(round: Round, names: readonly string[]): Promise<Omit<Done, 'round' | 'troubles'>> {
  const { office, below, said } = round;
  const talking = talk(round);
  await delay(below(2 * PAUSE_MS));
  const ends: (() => void | Promise<void>)[] = [];
  for (const name of names) {
    const trouble = TROUBLES[name]!;
    const end = await trouble.make(round);
    if (!end) continue;
    ends.push(end);
    await last(trouble, round);
  }
  for (const end of ends.reverse()) await end();
  await talking;
  const oneOfficeMs = await office.isOne();
  const arrivedMs = await office.hasArrived(said);
  office.complain();
  return { said: said.length, oneOfficeMs, arrivedMs };
}

/** People say something to one or several others, one after the other, whatever happens meanwhile. */
async function talk({ office, below, said }: Round): Promise<void> {
  const count = WORDS.least + below(WORDS.most - WORDS.least + 1);
  for (let n = 0; n < count; n++) {
    const from = office.running[below(office.running.length)];
    const others = office.desks.filter((desk) => desk !== from);
    const first = below(others.length);
    const to = [...others.slice(first), ...others.slice(0, first)].slice(0, 1 + below(3));
    const forMs = SAID_MS.least + below(SAID_MS.most - SAID_MS.least);
    const message = from && (await office.say(from, to, forMs));
    if (message) said.push(message);
    await delay(below(PAUSE_MS));
  }
}
