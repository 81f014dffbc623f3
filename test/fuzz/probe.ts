/*
 * Loaded into each node of a fuzzed office before the node itself (NODE_OPTIONS=--import). It measures in the threads that
 * handle what comes from the network, and changes nothing there:
 * - the processor time of the thread (not the time of a clock: other programs run beside it) for each datagram, and for each
 *   piece of a control link that TLS hands up;
 * - what was handled last, when the thread ends: so the input that ended it is found;
 * - what was handled last, when the node says that its own code failed (`faults.ts`);
 * - on SIGUSR2: the memory after a collection of garbage.
 */
import { createHash } from 'node:crypto';
import { Socket } from 'node:dgram';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, threadId } from 'node:worker_threads';
import { FAULT } from './faults.ts';

/** How many inputs before the end are remembered. */
const REMEMBERED = 64;
/** What takes at least so long is written down, µs. */
const NOTED_US = 2000;

const folder = process.env['CORRIDOR_FUZZ_FOLDER'] ?? '';
const file = (what: string): string => join(folder, `${process.pid}-${threadId}-${what}`);
const remembered: string[] = [];
/** Of the turn of the event loop that is going on. */
let turn: { readonly from: number; readonly hashes: string[] } | undefined;
let handled = 0;

/** Node 24; `@types/node` are those of the oldest Node that Corridor runs on. */
const thread = process as unknown as {
  threadCpuUsage(): { readonly user: number; readonly system: number };
};
function spentUs(): number {
  const { user, system } = thread.threadCpuUsage();
  return user + system;
}

function watch(prototype: NodeJS.EventEmitter, event: string): void {
  // It is called with the receiver that it was called with.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const emit = prototype.emit;
  prototype.emit = function (this: NodeJS.EventEmitter, name: string | symbol, ...args: unknown[]): boolean {
    if (name !== event || !(args[0] instanceof Uint8Array)) return emit.call(this, name, ...args);
    const hash = createHash('sha1').update(args[0]).digest('base64url').slice(0, 12);
    remembered.push(hash);
    if (remembered.length > REMEMBERED) remembered.shift();
    handled += 1;
    turn ??= beginTurn();
    turn.hashes.push(hash);
    const before = spentUs();
    try {
      return emit.call(this, name, ...args);
    } finally {
      note('input', spentUs() - before, [hash]);
    }
  };
}

/** From the first input of a turn to its end, with all that it set going at once; measured as the mean of its inputs. */
function beginTurn(): { readonly from: number; readonly hashes: string[] } {
  setImmediate(() => {
    if (turn) note('turn', (spentUs() - turn.from) / turn.hashes.length, turn.hashes);
    turn = undefined;
  });
  return { from: spentUs(), hashes: [] };
}

function note(what: 'input' | 'turn', us: number, hashes: readonly string[]): void {
  if (us < NOTED_US) return;
  const line = { at: Date.now(), thread: isMainThread ? 'main' : 'media', what, ms: us / 1000, hashes };
  appendFileSync(file('slow.jsonl'), `${JSON.stringify(line)}\n`);
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
  watch(Socket.prototype, 'message');
  watch(TLSSocket.prototype, 'data');
  process.on('exit', (code) => writeFileSync(file('last.json'), JSON.stringify({ code, remembered })));
  if (isMainThread) {
    noteFaults();
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    process.on('SIGUSR2', () => {
      collect();
      writeFileSync(file('memory.json'), JSON.stringify({ ...process.memoryUsage(), handled }));
    });
  }
}
