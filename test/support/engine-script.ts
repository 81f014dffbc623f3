import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './temp-folder.ts';

/** A program of the test's own: a script of Node.js. */
export function engineScript(name: string, body: string): string {
  const path = join(tempFolder('engine'), name);
  writeFileSync(path, `#!${process.execPath}\n${body}`);
  chmodSync(path, 0o755);
  return path;
}
