import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A worker thread cannot start from a file in the packed archive, so packages keep the file beside it. */
export function workerPath(): string {
  const path = join(dirname(fileURLToPath(import.meta.url)), 'worker.cjs');
  return path.replace(/\bapp\.asar\b/, 'app.asar.unpacked');
}
