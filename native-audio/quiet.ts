import { closeSync, openSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Libc {
  readonly duplicate: (fd: number) => number;
  readonly replace: (from: number, to: number) => number;
}

const LIBC: Partial<Record<NodeJS.Platform, { readonly file: string; readonly dupCloexec: number }>> = {
  linux: { file: 'libc.so.6', dupCloexec: 1030 },
  darwin: { file: 'libSystem.B.dylib', dupCloexec: 67 },
};
/** Output is lost if its reader does not read for this long. */
const PATIENCE_MS = 2000;
const NAP_MS = 2;

let isDone = false;

/**
 * Hides what native code prints from now on (naudiodon on stdout; ALSA, JACK and PortAudio on stderr). `process.stdout`,
 * `process.stderr` and `console` write as before. Call it in the main thread before sound is first used. It does nothing
 * and returns false on Windows or without koffi. It also hides what JavaScript writes to fd 1 or 2 by number, and what a
 * child process prints that inherits them.
 */
export function silenceNativeOutput(): boolean {
  if (isDone) return true;
  const libc = loadLibc();
  if (!libc) return false;
  // Node makes the streams here, before fd 1 and 2 are replaced: it looks at what these are.
  const streams = [process.stdout, process.stderr] as const;
  const saved = [libc.duplicate(1), libc.duplicate(2)] as const;
  if (saved[0] < 0 || saved[1] < 0) return false;
  let devNull: number;
  try {
    devNull = openSync('/dev/null', 'w');
  } catch {
    return false;
  }
  streams.forEach((stream, i) => redirect(stream, saved[i]!));
  libc.replace(devNull, 1);
  libc.replace(devNull, 2);
  closeSync(devNull);
  isDone = true;
  return true;
}

type WriteCallback = (error?: Error) => void;

function redirect(stream: NodeJS.WriteStream, fd: number): void {
  const write = (
    chunk: Uint8Array | string,
    encodingOrDone?: BufferEncoding | WriteCallback,
    done?: WriteCallback,
  ): boolean => {
    const encoding = typeof encodingOrDone === 'string' ? encodingOrDone : 'utf8';
    const finished = typeof encodingOrDone === 'function' ? encodingOrDone : done;
    const error = writeAll(fd, typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    if (finished) process.nextTick(finished, error);
    return true;
  };
  stream.write = write;
}

/** A terminal or a pipe may refuse bytes for which it has no room: then this waits a little, and tries again. */
function writeAll(fd: number, bytes: Uint8Array): Error | undefined {
  const until = Date.now() + PATIENCE_MS;
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EAGAIN' || Date.now() > until) return error as Error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, NAP_MS);
    }
  }
  return undefined;
}

function loadLibc(): Libc | undefined {
  const platform = LIBC[process.platform];
  if (!platform) return undefined;
  try {
    const koffi = createRequire(import.meta.url)('koffi') as {
      load(path: string): { func(prototype: string): (...args: unknown[]) => number };
    };
    const libc = koffi.load(platform.file);
    const fcntl = libc.func('int fcntl(int fd, int command, ...)');
    const dup2 = libc.func('int dup2(int from, int to)');
    return {
      // Above 2, and not inherited by child processes.
      duplicate: (fd) => fcntl(fd, platform.dupCloexec, 'int', 3),
      replace: (from, to) => dup2(from, to),
    };
  } catch {
    return undefined;
  }
}
