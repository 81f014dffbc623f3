import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './desktop-app.ts';

/** Making one takes half a minute, and its tools are fetched the first time. */
const MAKING_MS = 280_000;

/** Makes a package into a folder as `npm run dist` does; its file, and what was said. */
export async function makePackage(
  target: 'deb' | 'AppImage',
  folder: string,
): Promise<{ file: string; output: string }> {
  const args = [join(ROOT, 'scripts/dist.mjs'), '--linux', target, `-c.directories.output=${folder}`];
  const { code, output } = await run(process.execPath, args, { timeout: MAKING_MS });
  assert.equal(code, 0, output);
  const name = readdirSync(folder).find((found) => found.endsWith(`.${target}`));
  assert.ok(name, output);
  return { file: join(folder, name), output };
}

/** A program that starts others: all of them end with it. */
export class ProgramGroup {
  readonly #leader: ChildProcess;
  #said = '';

  constructor([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv) {
    this.#leader = spawn(program, args, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#leader.stderr?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
  }

  /** What it printed as errors so far. */
  get said(): string {
    return this.#said;
  }

  /** Ends it as the end of a session does. */
  async end(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#leader;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const exited = new Promise((resolve) => this.#leader.once('exit', resolve));
    process.kill(-pid, 'SIGTERM');
    const force = setTimeout(() => process.kill(-pid, 'SIGKILL'), 9000);
    await exited;
    clearTimeout(force);
  }
}
