// The project’s folder, and how scripts run programs in it.
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Whether this module is the started program, not an imported one. */
export function isMain(url) {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === fileURLToPath(url);
}

/** A Node.js that strips types: this one, or the project's own. */
export function typescriptNode() {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= 24 ? process.execPath : join(root, 'node_modules', '.bin', 'node');
}

/**
 * Runs a program in the project's folder and this terminal, and passes signals to end on to it. Resolves to its exit code; a program that
 * cannot be started counts as failed. `priority`: its nice value, -20 to 19, if this user may set it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, quiet?: boolean, priority?: number }} options
 * @returns {Promise<number>}
 */
export function runHere(command, args, { env = process.env, quiet = false, priority } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: quiet ? 'ignore' : 'inherit' });
    if (priority !== undefined && child.pid !== undefined) prefer(child.pid, priority);
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', pass);
    process.on('SIGTERM', pass);
    const done = (code) => {
      process.off('SIGINT', pass);
      process.off('SIGTERM', pass);
      resolve(code);
    };
    child.on('error', (error) => {
      if (!quiet) console.error(`${command}: ${error.message}`);
      done(1);
    });
    child.on('close', (code) => done(code ?? 1));
  });
}

/** Sets the priority. Only an administrator may raise it; for other users the program runs as usual. */
function prefer(pid, priority) {
  try {
    setPriority(pid, priority);
  } catch {
    // It runs with the usual priority.
  }
}
