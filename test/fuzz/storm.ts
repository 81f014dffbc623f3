import type { FuzzedOffice, Problem } from './fuzzed-office.ts';
import { HostileMember } from './hostile-member.ts';
import { inputsOf, type Input } from './inputs.ts';
import { markOf } from './marks.ts';

/** Inputs of one seed; then the hostile member begins other messages of its own. */
const BATCH = 1000;
const LOOK_EVERY_MS = 1000;
const TALK_EVERY_MS = 500;
/** Packets that may leave in one go: a node's sockets have room for more. */
const MAX_BURST = 40;
/** How many sent inputs are remembered by their bytes. */
const MAX_SENT = 40_000;
/** The first seconds compile what runs for the first time, and fill what is bounded. */
const WARM_MS = 15_000;

/** Processor time that one input may take, ms. */
export const MAX_HANDLER_MS = 50;
/**
 * How much a node's memory may grow after the first seconds, bytes. A node keeps the headers that a member signs, an index of
 * them, and the messages that honest people say meanwhile: some kilobytes for each; the rest is room for V8's own growth.
 */
export const MAX_GROWTH_BYTES = 64 * 1024 * 1024;

/** An input by its place: of the inputs of this seed, the one with this number. */
export interface Sent {
  readonly seed: number;
  readonly index: number;
  readonly input: Input;
}

export interface StormOptions {
  readonly seed: number;
  /** Packets a second in all. */
  readonly rate: number;
  /** It ends after so many packets, or after so long. */
  readonly packets?: number;
  readonly forMs?: number;
  readonly leavesOut?: (input: Input) => boolean;
  readonly say?: (line: string) => void;
}

export interface StormResult {
  readonly problem: Problem | undefined;
  /** Inputs that the node at fault had handled last, the likeliest first. */
  readonly suspects: readonly Sent[];
  readonly sent: number;
  readonly perSecond: number;
  readonly messages: FuzzedOffice['messages'];
  readonly slowestMs: number;
  /** How much the node that grew most grew, bytes. */
  readonly growthBytes: number;
}

/** Well-signed nonsense for an office that goes on talking. Resolves at the first problem, or at the end. */
export async function storm(office: FuzzedOffice, options: StormOptions): Promise<StormResult> {
  const { seed, rate, packets = Infinity, forMs = Infinity, leavesOut, say = () => undefined } = options;
  const sentInputs = new Map<string, Sent>();
  let current: Omit<Sent, 'input'> = { seed, index: 0 };
  const member = await HostileMember.join(
    office.link,
    office.targets,
    () => office.now,
    (bytes, input) => {
      const key = markOf(bytes);
      sentInputs.delete(key);
      sentInputs.set(key, { ...current, input });
      if (sentInputs.size > MAX_SENT) sentInputs.delete(sentInputs.keys().next().value!);
    },
  );
  const began = performance.now();
  let problem: Problem | undefined;
  let slowestMs = 0;
  let warm: { readonly at: number; readonly memory: readonly { rss: number; held: number }[] } | undefined;
  let growthBytes = 0;
  let lookedAt = began;

  const check = async (): Promise<void> => {
    await member.beat();
    problem = await office.look();
    if (problem) return;
    if (!warm && performance.now() - began > WARM_MS)
      warm = { at: Date.now(), memory: await office.memory() };
    const [slowest] = warm ? await office.slow(warm.at) : [];
    slowestMs = slowest?.ms ?? 0;
    if (slowest && slowest.ms > MAX_HANDLER_MS) {
      const { ms, thread, what, marks } = slowest;
      problem = { kind: 'slow', sentence: `${what} took ${ms} ms of the thread ${thread}`, marks };
    }
  };

  office.startTalking(TALK_EVERY_MS);
  try {
    for (let batch = 0; !problem && performance.now() - began < forMs; batch += 1) {
      await member.renew();
      for (const [index, input] of inputsOf(seed + batch, BATCH).entries()) {
        if (leavesOut?.(input)) continue;
        current = { seed: seed + batch, index };
        await member.send(input);
        const now = performance.now();
        if (now - lookedAt > LOOK_EVERY_MS) {
          lookedAt = now;
          await check();
          if (batch % 20 === 0) say(`${member.counts.sent} packets, ${office.messages.arrived} messages`);
        }
        if (problem || member.counts.sent >= packets || now - began > forMs) break;
        const aheadMs = (member.counts.sent / rate) * 1000 - (performance.now() - began);
        if (aheadMs > (MAX_BURST / rate) * 1000) await new Promise((resolve) => setTimeout(resolve, aheadMs));
      }
      if (member.counts.sent >= packets) break;
    }
    const perSecond = (member.counts.sent * 1000) / (performance.now() - began);
    await office.stopTalking();
    problem ??= await office.stillWorks();
    if (!problem && warm) {
      const grown = await office.memory();
      growthBytes = Math.max(...grown.map(({ rss }, n) => rss - warm!.memory[n]!.rss));
      if (growthBytes > MAX_GROWTH_BYTES) {
        const sentence = `a node grew by ${Math.round(growthBytes / 2 ** 20)} MiB`;
        problem = { kind: 'memory', sentence, marks: [] };
      }
    }
    const suspects = (problem?.marks ?? []).toReversed().flatMap((hash) => sentInputs.get(hash) ?? []);
    const { sent } = member.counts;
    return { problem, suspects, sent, perSecond, messages: office.messages, slowestMs, growthBytes };
  } finally {
    await office.stopTalking();
    await member.close();
  }
}
