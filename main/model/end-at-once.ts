/**
 * Ends this process without waiting for its threads. A thread that is stuck in native code would keep `process.exit` waiting for ever.
 * Seen with Electron 33 (Node.js 20): the media worker's thread waited at its end for background tasks of V8 that did not end.
 */
export function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}
