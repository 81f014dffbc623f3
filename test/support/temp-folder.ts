import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];

/**
 * A new folder outside the project, gone when the test file's process ends. Not sooner: `after` hooks run in the order in which they were
 * given, so a hook of this folder's would take it away from under the nodes that later hooks stop.
 * @param what for a person who finds it in the system's temporary folder
 */
export function tempFolder(what: string): string {
  if (folders.length === 0) process.once('exit', removeAll);
  const folder = mkdtempSync(join(tmpdir(), `corridor-${what}-`));
  folders.push(folder);
  return folder;
}

function removeAll(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
