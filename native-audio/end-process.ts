import { createRequire } from 'node:module';

/**
 * Ends this process at once. `process.exit` waits for every read and write under way on a sound device, and a write to
 * a dead loudspeaker never ends. This is the last step of a shutdown, when everything else is closed and flushed.
 */
export function endProcess(code: number): never {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as {
      load(path: string): { func(prototype: string): (code: number) => void };
    };
    const file = { linux: 'libc.so.6', darwin: 'libSystem.B.dylib', win32: 'msvcrt.dll' }[
      process.platform as string
    ];
    if (file) koffi.load(file).func('void _exit(int code)')(code);
  } catch {
    // Without koffi there is only the signal below, and no exit code.
  }
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
}
