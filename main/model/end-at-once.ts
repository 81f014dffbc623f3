/**
 * Ends this process without waiting for its threads. One that is stuck in native code keeps `process.exit` waiting for ever. Seen with
 * Electron 33 (Node.js 20): the media worker's thread, at its end, waited for background tasks of V8 that did not end.
 */
export function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}
