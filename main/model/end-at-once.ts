/**
 * Ends this process without waiting for its threads. One that is stuck in native code keeps `process.exit` waiting for ever. Seen in
 * Node.js 20: a thread that ends waits for V8's background compiler, which waits for a garbage collection in that thread.
 */
export function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}
