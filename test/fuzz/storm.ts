import { delay } from '../support/eventually.ts';
import type { FuzzedOffice, Memory, Problem } from './fuzzed-office.ts';
import { Attackers } from './attackers.ts';
import type { HostileMember } from './hostile-member.ts';
import { inputsOf, type Input } from './inputs.ts';
import { markOf } from './marks.ts';
import type { Stranger } from './stranger.ts';

/** Inputs of one seed; then the hostile member begins other messages of its own. */
const BATCH = 1000;
const LOOK_EVERY_MS = 1000;
const SAY_EVERY_MS = 30_000;
const TALK_EVERY_MS = 500;
/** Packets that may leave in one go: a node's sockets have room for more. */
const MAX_BURST = 40;
/** Packets that may be on their way: a link that is being made, or is full, holds up those behind it alone. */
const MAX_UNDERWAY = 1000;
/** How long a sender waits that may not go on, ms; and how far behind its pace it stays, ms. */
const PAUSE_MS = 5;
const MAX_LAG_MS = 2000;
/** A run that sent a smaller share of the rate that was wanted has tried less than it says. */
const REACHED = 0.9;
/** How many sent inputs are remembered by their bytes. */
const MAX_SENT = 40_000;
/** The first packets compile what runs for the first time, and fill what is bounded. */
const WARM_PACKETS = 15_000;

/** Processor time that one input may take, ms. */
export const MAX_HANDLER_MS = 50;
const MiB = 1024 * 1024;
/**
 * How much more a node may have at the end than after the first packets, bytes. `held` is the index of what members sent and said
 * meanwhile, some kilobytes a message: 2 to 10 MiB were seen. What V8 sets aside for its heaps is not counted: it grows to
 * about 50 MiB a thread where much is thrown away, and ends there. Outside of it up to 28 MiB more were seen.
 */
const MAX_GROWTH: Memory = { held: 32 * MiB, workers: 64 * MiB, outside: 64 * MiB };

/** Where an input stands: of the inputs of this seed, it is the one with this number. */
interface Place {
  readonly seed: number;
  readonly index: number;
}

export interface Sent extends Place {
  readonly input: Input;
}

interface StormOptions {
  readonly seed: number;
  /** A member's packets, a second; a stranger sends besides. */
  readonly rate: number;
  /** It ends after this many packets, or after this long. */
  readonly packets?: number;
  readonly forMs?: number;
  readonly leavesOut?: (input: Input) => boolean;
  readonly say?: (line: string) => void;
}

interface StormResult {
  readonly problem: Problem | undefined;
  /** Inputs that the node at fault had handled last, the likeliest first. */
  readonly suspects: readonly Sent[];
  readonly sent: number;
  readonly perSecond: number;
  /** Whether that is about the rate that was wanted. A slow computer tries less, and finds less. */
  readonly isRateReached: boolean;
  readonly messages: FuzzedOffice['messages'];
  /** How far strangers came: nothing may be 0 where what they send is to be read. */
  readonly strangers: FuzzedOffice['seen'] & Stranger['counts'];
  readonly slowestMs: number;
  /** How much the node that grew most in this kind of memory grew, bytes. */
  readonly growth: Memory;
}

/** Well-signed nonsense for an office that goes on talking. Resolves at the first problem, or at the end. */
export async function storm(office: FuzzedOffice, options: StormOptions): Promise<StormResult> {
  const { rate, packets = Infinity, forMs = Infinity } = options;
  const sent = new SentInputs();
  const attackers = await Attackers.start(office, (bytes, input) => sent.note(bytes, input));
  const { member } = attackers;
  const began = performance.now();
  const watch = new Watch(office, member, options.say);
  let isEnded = false;
  const isOver = (): boolean =>
    isEnded ||
    watch.problem !== undefined ||
    member.counts.sent >= packets ||
    performance.now() - began > forMs;

  office.startTalking(TALK_EVERY_MS);
  const sending = sendAll(attackers, options, (input, place) => sent.begin(input, place), isOver);
  const watching = watch.lookUntil(isOver);
  try {
    const [perSecond] = await Promise.all([sending, watching]);
    await office.stopTalking();
    const problem = await watch.lookAtTheEnd();
    return {
      ...{ problem, suspects: problem ? sent.suspects(problem) : [], sent: member.counts.sent, perSecond },
      ...{ messages: office.messages, slowestMs: watch.slowestMs, growth: watch.growth },
      strangers: { ...office.seen, ...attackers.stranger.counts },
      isRateReached: perSecond >= rate * REACHED,
    };
  } finally {
    isEnded = true;
    await Promise.allSettled([sending, watching, office.stopTalking()]);
    await attackers.close();
  }
}

/** One seed after the other, at the rate that is wanted or as fast as it goes, until it is over. Resolves with the rate reached. */
async function sendAll(
  attackers: Attackers,
  options: StormOptions,
  begin: (input: Input, place: Place) => void,
  isOver: () => boolean,
): Promise<number> {
  const began = performance.now();
  const { member } = attackers;
  const pace = new Pace(options.rate, member);
  let failure: Error | undefined;
  for (let { seed } = options; ; seed += 1) {
    await member.renew();
    for (const [index, input] of inputsOf(seed, BATCH).entries()) {
      if (options.leavesOut?.(input)) continue;
      begin(input, { seed, index });
      attackers.send(input).catch((error: Error) => (failure ??= error));
      await pace.next(isOver);
      if (failure) throw failure;
      if (isOver()) return (member.counts.sent * 1000) / (performance.now() - began);
    }
  }
}

/** When the next packet may leave. What a busy computer has missed is not made up for at once: a node's socket would lose it. */
class Pace {
  readonly #member: HostileMember;
  readonly #everyMs: number;
  #begun: number;
  #dueAt = performance.now();

  constructor(rate: number, member: HostileMember) {
    this.#member = member;
    this.#everyMs = 1000 / rate;
    this.#begun = this.#count();
  }

  async next(isOver: () => boolean): Promise<void> {
    const begun = this.#count();
    const now = performance.now();
    this.#dueAt = Math.max(this.#dueAt + (begun - this.#begun) * this.#everyMs, now - MAX_LAG_MS);
    this.#begun = begun;
    if (this.#dueAt - now > MAX_BURST * this.#everyMs) await delay(this.#dueAt - now);
    else if (this.#member.counts.underway >= MAX_BURST) await nextTurn();
    while (this.#member.counts.underway > MAX_UNDERWAY && !isOver()) await delay(PAUSE_MS);
  }

  #count(): number {
    const { sent, underway } = this.#member.counts;
    return sent + underway;
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** What `growth` says to people. */
export function growthInWords({ held, workers, outside }: Memory): string {
  const mebibytes = (bytes: number): string => `${bytes < 0 ? '' : '+'}${(bytes / MiB).toFixed(1)} MiB`;
  return `held ${mebibytes(held)}, by workers ${mebibytes(workers)}, outside of V8 ${mebibytes(outside)}`;
}

/** The inputs that were sent last, by the marks of their bytes. */
class SentInputs {
  readonly #byMark = new Map<string, Sent>();
  readonly #places = new WeakMap<Input, Place>();

  begin(input: Input, place: Place): void {
    this.#places.set(input, place);
  }

  note(bytes: Uint8Array, input: Input): void {
    const place = this.#places.get(input);
    // The beats of an honest member stand nowhere.
    if (!place) return;
    const mark = markOf(bytes);
    this.#byMark.delete(mark);
    this.#byMark.set(mark, { ...place, input });
    for (const [oldest] of this.#byMark) {
      if (this.#byMark.size <= MAX_SENT) return;
      this.#byMark.delete(oldest);
    }
  }

  /** What the node at fault had handled, the latest first; where nobody knows, all that was sent. */
  suspects({ marks }: Problem): Sent[] {
    const known = marks.toReversed().flatMap((mark) => this.#byMark.get(mark) ?? []);
    return known.length > 0 ? known : [...this.#byMark.values()].toReversed();
  }
}

/** Looks at the office every second, for what must not be. */
class Watch {
  problem: Problem | undefined;
  slowestMs = 0;
  growth: Memory = { held: 0, workers: 0, outside: 0 };
  readonly #office: FuzzedOffice;
  readonly #member: HostileMember;
  readonly #say: (line: string) => void;
  #saidAt = performance.now();
  /** Since when it is measured, ms since the epoch, and the memory of each node then. */
  #warm: { readonly at: number; readonly memory: readonly Memory[] } | undefined;

  constructor(office: FuzzedOffice, member: HostileMember, say: (line: string) => void = () => undefined) {
    this.#office = office;
    this.#member = member;
    this.#say = say;
  }

  /** Looks every second until it is over, beside whoever sends. */
  async lookUntil(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await delay(LOOK_EVERY_MS);
      await this.#member.beat();
      this.problem = (await this.#office.look()) ?? (await this.#slow());
      const { sent } = this.#member.counts;
      if (!this.problem && !this.#warm && sent >= WARM_PACKETS)
        this.#warm = { at: Date.now(), memory: await this.#office.memory() };
      this.#sayNowAndThen(sent);
    }
  }

  async lookAtTheEnd(): Promise<Problem | undefined> {
    this.problem ??= (await this.#office.stillWorks()) ?? (await this.#slow()) ?? (await this.#grown());
    return this.problem;
  }

  #sayNowAndThen(sent: number): void {
    const now = performance.now();
    if (now - this.#saidAt < SAY_EVERY_MS) return;
    this.#saidAt = now;
    this.#say(`fuzz: ${sent} packets, ${this.#office.messages.arrived} messages`);
  }

  async #slow(): Promise<Problem | undefined> {
    const [slowest] = this.#warm ? await this.#office.slow(this.#warm.at) : [];
    if (!slowest) return undefined;
    const { ms, thread, what, marks } = slowest;
    this.slowestMs = ms;
    if (ms <= MAX_HANDLER_MS) return undefined;
    const sentence = `${what === 'turn' ? 'what an input set going' : 'an input'} took ${ms} ms of the thread ${thread}`;
    return { kind: 'slow', sentence, marks };
  }

  async #grown(): Promise<Problem | undefined> {
    if (!this.#warm) return undefined;
    const { memory } = this.#warm;
    const now = await this.#office.memory();
    const growth = (of: keyof Memory): number => Math.max(...now.map((one, n) => one[of] - memory[n]![of]));
    this.growth = { held: growth('held'), workers: growth('workers'), outside: growth('outside') };
    const isTooMuch = (kind: keyof Memory): boolean => this.growth[kind] > MAX_GROWTH[kind];
    if (!isTooMuch('held') && !isTooMuch('workers') && !isTooMuch('outside')) return undefined;
    const sentence = `a node grew by more than it may: ${growthInWords(this.growth)}`;
    return { kind: 'memory', sentence, marks: [] };
  }
}
