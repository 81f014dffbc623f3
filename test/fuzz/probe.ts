/*
 * Loaded into each node of a fuzzed office before the node itself (NODE_OPTIONS=--import). It measures in the threads that
 * handle what comes from the network, and changes nothing there:
 * - the processor time of the thread (not the time of a clock: other programs run beside it) for each datagram, and for each
 *   piece of a control link that TLS hands up, without the pauses of the garbage collector, which fall on any input;
 * - what was handled last, when the thread ends: so the input that ended it is found;
 * - what was handled last, when the node says that its own code failed (`faults.ts`);
 * - on SIGUSR2: the memory after a collection of garbage, and what V8 has set aside for the heaps of all threads.
 */
import { Socket } from 'node:dgram';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import { TLSSocket } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, threadId } from 'node:worker_threads';
import { FAULT } from './faults.ts';
import { markOf, marksOfFrames } from './marks.ts';

/** How many inputs before the end are remembered. */
const REMEMBERED = 64;
/** What takes at least this long is written down, µs. */
const NOTED_US = 2000;
/** Node reports the collector's pauses a turn of the event loop later, ms; this many of them are remembered. */
const PAUSES_TOLD_AFTER_MS = 100;
const REMEMBERED_PAUSES = 200;

const folder = process.env['CORRIDOR_FUZZ_FOLDER'] ?? '';
const file = (what: string): string => join(folder, `${process.pid}-${threadId}-${what}`);
const remembered: string[] = [];
/** Of the turn of the event loop that is going on. */
let turn: Turn | undefined;
/** Of the garbage collector, by `performance.now()`. */
const pauses: { readonly from: number; readonly ms: number }[] = [];

/** `fromUs`: of the thread's processor time; `at`: by `performance.now()`. */
interface Turn {
  readonly fromUs: number;
  readonly at: number;
  readonly marks: string[];
}

/** Node 24; `@types/node` are those of the oldest Node that Corridor runs on. */
const thread = process as unknown as {
  threadCpuUsage(): { readonly user: number; readonly system: number };
};
function spentUs(): number {
  const { user, system } = thread.threadCpuUsage();
  return user + system;
}

/** @param marksOf what is in one event: each datagram is one input, what a link hands up may hold several frames */
function watch(prototype: NodeJS.EventEmitter, event: string, marksOf: (bytes: Buffer) => string[]): void {
  // It is called with the receiver that it was called with.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const emit = prototype.emit;
  prototype.emit = function (this: NodeJS.EventEmitter, name: string | symbol, ...args: unknown[]): boolean {
    const [bytes] = args;
    if (name !== event || !Buffer.isBuffer(bytes)) return emit.call(this, name, ...args);
    const marks = marksOf(bytes);
    remembered.push(...marks);
    remembered.splice(0, Math.max(0, remembered.length - REMEMBERED));
    turn ??= beginTurn();
    turn.marks.push(...marks);
    const [before, at] = [spentUs(), performance.now()];
    try {
      return emit.call(this, name, ...args);
    } finally {
      note('input', spentUs() - before, at, marks);
    }
  };
}

/** From the first input of a turn to its end, with all that it set going at once; measured as the mean of its inputs. */
function beginTurn(): Turn {
  setImmediate(() => {
    if (turn) note('turn', spentUs() - turn.fromUs, turn.at, turn.marks);
    turn = undefined;
  });
  return { fromUs: spentUs(), at: performance.now(), marks: [] };
}

/** @param us the processor time of all of them, of which each is charged its part; from that moment on, until now */
function note(what: 'input' | 'turn', us: number, from: number, marks: readonly string[]): void {
  if (us / marks.length < NOTED_US) return;
  const [until, at] = [performance.now(), Date.now()];
  setTimeout(() => {
    const collecting = pauses.filter((pause) => pause.from >= from && pause.from <= until);
    const pausedMs = collecting.reduce((sum, { ms }) => sum + ms, 0);
    const ms = Math.max(0, us / 1000 - pausedMs) / marks.length;
    const line = { at, thread: isMainThread ? 'main' : 'media', what, ms, pausedMs, marks };
    appendFileSync(file('slow.jsonl'), `${JSON.stringify(line)}\n`);
  }, PAUSES_TOLD_AFTER_MS).unref();
}

/** Of a thread. */
interface Report {
  readonly javascriptHeap: { readonly totalCommittedMemory: number; readonly usedMemory: number };
  readonly workers?: readonly Report[];
}

/** Of all threads, bytes: what V8 has set aside for its heaps, and of threads other than this one, what is used of it. */
function heaps(): { readonly committed: number; readonly usedByWorkers: number } {
  // Node 24, as above.
  const report = process.report as unknown as { excludeNetwork: boolean; getReport(): Report };
  report.excludeNetwork = true;
  const { javascriptHeap, workers = [] } = report.getReport();
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
  return {
    committed: sum(
      [javascriptHeap, ...workers.map((one) => one.javascriptHeap)].map((one) => one.totalCommittedMemory),
    ),
    usedByWorkers: sum(workers.map((one) => one.javascriptHeap.usedMemory)),
  };
}

type Write = (chunk: unknown, ...rest: unknown[]) => boolean;

/** A node's log goes to its standard error, line by line, as it happens; `native-audio/quiet` puts another writer there later. */
function noteFaults(): void {
  let write = process.stderr.write.bind(process.stderr) as Write;
  const noting: Write = (chunk, ...rest) => {
    if (FAULT.test(String(chunk))) writeFileSync(file('last.json'), JSON.stringify({ remembered }));
    return write(chunk, ...rest);
  };
  Object.defineProperty(process.stderr, 'write', {
    get: () => noting,
    set: (other: Write) => (write = other),
  });
}

if (folder !== '') {
  new PerformanceObserver((list) => {
    pauses.push(...list.getEntries().map(({ startTime, duration }) => ({ from: startTime, ms: duration })));
    pauses.splice(0, Math.max(0, pauses.length - REMEMBERED_PAUSES));
  }).observe({ entryTypes: ['gc'] });
  watch(Socket.prototype, 'message', (bytes) => [markOf(bytes)]);
  watch(TLSSocket.prototype, 'data', marksOfFrames);
  process.on('exit', (code) => writeFileSync(file('last.json'), JSON.stringify({ code, remembered })));
  if (isMainThread) {
    noteFaults();
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    process.on('SIGUSR2', () => {
      collect();
      writeFileSync(file('memory.json'), JSON.stringify({ ...process.memoryUsage(), ...heaps() }));
    });
  }
}
