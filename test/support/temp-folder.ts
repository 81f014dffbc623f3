import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];

/**
 * Makes a folder outside the project, which is removed when the test file's process ends. Not by an `after` hook: hooks run in the order of
 * registration, so the folder would be removed before later hooks stop the nodes that use it.
 * @param what a part of its name, for a person who finds it in the system's temporary folder
 */
export function tempFolder(what: string): string {
  if (folders.length === 0) process.once('exit', removeAll);
  const folder = mkdtempSync(join(tmpdir(), `corridor-${what}-`));
  folders.push(folder);
  return folder;
}

function removeAll(): void {
  // A program that is just ending may still write there.
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
