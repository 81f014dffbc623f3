// Small things that the scripts share.
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Whether this module is the program that was started, not one that it imports. */
export function isMain(url) {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === fileURLToPath(url);
}
