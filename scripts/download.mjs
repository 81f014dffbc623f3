// Shared by the scripts that download something.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const DOWNLOAD_TIMEOUT_MS = 300_000;

/** How a person forbids downloads; what announces one says so. */
export const HOW_TO_FORBID = 'npm test -- --no-install, or CORRIDOR_NO_INSTALL=1, forbids it';

/** Whether the person forbids downloads. The programs that a test starts know it by the environment. */
export function areDownloadsForbidden() {
  return Boolean(process.env['CORRIDOR_NO_INSTALL']);
}

/** The folder for downloads, in the user's cache. */
export const cacheFolder = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'corridor');

/**
 * Downloads a package with its registry's own client into an empty folder, and verifies its SHA-256. Resolves to the file.
 * Rejects with a sentence if downloads are forbidden.
 * @param {{ what: string, command: string, args: readonly string[], folder: string, ending: string, sha256: string }} wanted
 * @param {(line: string) => void} say
 */
export async function download({ what, command, args, folder, ending, sha256 }, say) {
  if (areDownloadsForbidden()) throw new Error(`fetching ${what} is forbidden`);
  say(`fetching ${what}, once (${HOW_TO_FORBID})`);
  await run(command, args, { cwd: folder, timeout: DOWNLOAD_TIMEOUT_MS });
  const name = (await readdir(folder)).find((found) => found.endsWith(ending));
  if (!name) throw new Error(`${command} left no ${ending}`);
  const sum = await sha256Of(join(folder, name));
  if (sum !== sha256) throw new Error(`the SHA-256 of ${name} is ${sum}, not the one it should be`);
  return join(folder, name);
}

async function sha256Of(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Runs a program to its end. Its output is used in the error alone.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, timeout?: number }} options
 * @returns {Promise<void>}
 */
export function run(command, args, { cwd, timeout } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, timeout, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => (said = (said + chunk).slice(-2000)));
    child.on('error', (error) => reject(error));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else {
        const last = said.trim().split('\n').pop();
        reject(new Error(`${command} ended with ${code ?? signal}${last ? `: ${last}` : ''}`));
      }
    });
  });
}
