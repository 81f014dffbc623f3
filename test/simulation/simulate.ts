import { seededRandom } from '../support/seeded-random.ts';
import type { Computer } from './computer.ts';
import type { Traffic } from './network.ts';
import { SimulatedOffice } from './office.ts';
import { seedRandomBytes, useCrypto } from './quick-crypto.ts';
import { Story } from './story.ts';
import type { Variation } from './variation.ts';

/** For how long things happen, at least and at most, and how long the office has to come to rest afterwards, ms. */
const BUSY_MS = [8000, 30_000] as const;
const REST_WITHIN_MS = 15 * 60_000;
const LOOK_EVERY_MS = 2500;
/** How often one of the computers does not come back at the end. */
const STAYS_AWAY = 0.3;
/** Between two things that happen, ms. */
const PAUSE_MS = 700;
/** What one computer may send a second to each other one, on average over a look: once all is quiet, and while much happens. Without sound. */
const AT_REST = { datagrams: 8, frames: 2 };
const WHEN_BUSY = { datagrams: 60, frames: 150 };
/** Of every seeds this many has real signatures and key agreements. */
const REAL_EVERY = 50;

export interface Outcome {
  readonly seed: number;
  /** What did not hold; none: all is well. */
  readonly broken: readonly string[];
  readonly story: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  /** The most that one computer sent a second, for each other one. */
  readonly worst: Readonly<Traffic>;
}

interface HowToSimulate {
  readonly crypto?: 'real' | 'quick' | undefined;
  /** A defect that every node has. */
  readonly variation?: Variation | undefined;
}

/** Runs one office: everything in it follows from the seed. */
export async function simulate(
  seed: number,
  { crypto, variation = {} }: HowToSimulate = {},
): Promise<Outcome> {
  useCrypto('quick');
  const kind = crypto ?? (seed % REAL_EVERY === REAL_EVERY - 1 ? 'real' : 'quick');
  seedRandomBytes(0);
  useCrypto(kind);
  const random = seededRandom(seed);
  const size = [3, 3, 4, 4, 5][Math.floor(random() * 5)]!;
  const office = await SimulatedOffice.open(seed, size, variation);
  seedRandomBytes(seed);
  const unhandled = (error: unknown): void =>
    office.oracle.break(`nobody handles ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
  process.on('unhandledRejection', unhandled);
  const undo = variation.install?.();
  try {
    await run(office, random);
  } finally {
    undo?.();
    process.off('unhandledRejection', unhandled);
    for (const { life } of office.computers) if (life) life.isOver = true;
  }
  const { counts, broken } = office.oracle;
  const events = { events: office.time.events, ms: Math.round(office.time.now) };
  return { seed, broken, story: office.story, counts: { ...counts, ...events }, worst: office.worst };
}

async function run(office: SimulatedOffice, random: () => number): Promise<void> {
  const { computers, oracle } = office;
  const story = new Story(office, random);
  for (const computer of computers) {
    computer.wall.aheadMs = random() < 0.3 ? (random() - 0.5) * 20_000 : 0;
    office.time.after(random() * 800, () => computer.start());
  }
  await office.pass(3000);
  const [least, most] = BUSY_MS;
  const until = office.time.now + least + random() * (most - least);
  let look = { at: office.time.now, sent: sentBy(office) };
  while (office.time.now < until && oracle.broken.length === 0) {
    story.step();
    await office.pass(-Math.log(1 - random()) * PAUSE_MS);
    if (office.time.now < look.at + LOOK_EVERY_MS) continue;
    for (const line of tooMuch(office, look, WHEN_BUSY)) oracle.break(line);
    look = { at: office.time.now, sent: sentBy(office) };
  }
  story.end();
  if (oracle.broken.length > 0) return;
  if (random() < STAYS_AWAY && computers.every(({ isLost }) => !isLost))
    goAway(office, computers[Math.floor(random() * computers.length)]!);
  await rest(office);
}

/** It does not come back. What was on two other computers by then, as its talker's node showed it, is not lost by that. */
function goAway(office: SimulatedOffice, computer: Computer): void {
  office.log(`${computer.index} stays away`);
  office.oracle.burns(computer);
  office.kill(computer, 'kept');
  computer.isLost = true;
}

/** All is well from now on. The office comes to rest, and everybody has everything. */
async function rest(office: SimulatedOffice): Promise<void> {
  const { computers, oracle, network } = office;
  office.log('all is well from now on');
  office.disarm();
  network.mend();
  for (const computer of computers) {
    computer.disk.capacityBytes = Infinity;
    if (computer.life) computer.life.frozenUntil = 0;
    computer.running?.messages.outgoing.release();
    computer.start();
  }
  const before = office.time.now;
  let left: readonly string[];
  do {
    const look = { at: office.time.now, sent: sentBy(office) };
    await office.pass(LOOK_EVERY_MS);
    for (const computer of computers) if (!computer.isOn) computer.start();
    left = oracle.unsettled();
    if (left.length === 0) left = tooMuch(office, look, AT_REST);
    if (left.length === 0) left = await compare(office);
  } while (left.length > 0 && office.time.now < before + REST_WITHIN_MS && oracle.broken.length === 0);
  office.log(`at rest after ${Math.round(office.time.now - before)} ms`);
  for (const line of left) oracle.break(line);
  oracle.noFaults();
}

/** Reading takes its time. */
async function compare(office: SimulatedOffice): Promise<readonly string[]> {
  let found: readonly string[] | undefined;
  const done = office.oracle.compareVoices().then((differences) => (found = differences));
  while (!found) await office.pass(200);
  await done;
  return found;
}

interface Look {
  readonly at: number;
  readonly sent: readonly Traffic[];
}

const sentBy = ({ network }: SimulatedOffice): readonly Traffic[] =>
  network.traffic.map((traffic) => ({ ...traffic }));

function tooMuch(office: SimulatedOffice, before: Look, most: Traffic): string[] {
  const { network, time, worst, computers } = office;
  const seconds = ((time.now - before.at) / 1000) * (computers.length - 1);
  return network.traffic.flatMap((now, index) => {
    const datagrams = (now.datagrams - (before.sent[index]?.datagrams ?? 0)) / seconds;
    const frames = (now.frames - (before.sent[index]?.frames ?? 0)) / seconds;
    worst.datagrams = Math.max(worst.datagrams, datagrams);
    worst.frames = Math.max(worst.frames, frames);
    if (datagrams <= most.datagrams && frames <= most.frames) return [];
    return [
      `${index} sends ${datagrams.toFixed()} datagrams and ${frames.toFixed()} frames a second to each other computer`,
    ];
  });
}
