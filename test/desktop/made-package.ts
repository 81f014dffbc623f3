import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './desktop-app.ts';
import { electron, skip as noDesktop } from './two-desktops.ts';

const { whyNoPackages } = (await import(
  new URL('../../scripts/packaging-tools.mjs', import.meta.url).href
)) as {
  whyNoPackages: (
    electron: { testsOnly: boolean },
    say: (line: string) => void,
  ) => Promise<string | undefined>;
};
/** Why this machine cannot make packages and start the app in them; false where it can. */
export const skip = noDesktop || ((await whyNoPackages(electron, console.log)) ?? false);

/** Making a package takes half a minute; electron-builder's own tools, if they are used, are downloaded the first time. */
const MAKING_MS = 280_000;

/** Makes a package in a folder as `npm run dist` does. `output`: what the build printed. */
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

/** A program and the programs it starts, as one process group that ends together. */
export class ProgramGroup {
  readonly #leader: ChildProcess;
  #said = '';

  constructor([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv) {
    this.#leader = spawn(program, args, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#leader.stderr?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
  }

  /** What the group has written to standard error so far. */
  get said(): string {
    return this.#said;
  }

  /** Ends the group as the end of a desktop session does. */
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
