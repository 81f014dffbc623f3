import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { _electron, type ElectronApplication } from 'playwright-core';
import type { RemoteNode } from '../../main/transports/index.ts';
import type { NodeEvent } from '../../preload/api.ts';
import { startDesktop, type DesktopOptions, type TestDesktop } from '../support/desktop.ts';
import { connectNode, endProgram } from '../support/program.ts';
import { startPulse, type Pulse } from '../support/pulse.ts';

export const ROOT = new URL('../..', import.meta.url).pathname;
/** How long an event, a program or the start of the app is waited for, ms. Only a failing test waits this long. */
const PATIENCE_MS = 20_000;
/** A container has neither what Chromium's sandbox needs nor a GPU. */
export const IN_CONTAINER = ['--no-sandbox', '--disable-gpu'];

/** Ana (101) alone in a new office on loopback; her microphone stays closed until she talks. */
export const ANA_ALONE: readonly string[] = [
  ...['--interface', '127.0.0.1', '--ready', 'cold'],
  ...['--office', 'new', '--name', 'Ana', '--extension', '101'],
];

export interface AppOptions {
  readonly electron: string;
  readonly dir: string;
  /** Further arguments, as a person would type them. */
  readonly args: readonly string[];
  /** Stands before the command, for example `ip netns exec NAME`. Playwright does not reach such an app. */
  readonly prefix?: readonly string[];
  /** Options of its desktop. */
  readonly desk?: Omit<DesktopOptions, 'dir'>;
  readonly env?: Readonly<Record<string, string>>;
}

/** The real app on a private desktop with private sound devices, as a person at that computer has it. */
export class DesktopApp {
  readonly desk: TestDesktop;
  readonly pulse: Pulse;
  readonly api: RemoteNode;
  readonly profile: string;
  readonly events: NodeEvent[] = [];
  readonly #app: ElectronApplication | ChildProcess;
  readonly #looks = new Set<() => void>();

  private constructor(
    desk: TestDesktop,
    pulse: Pulse,
    app: ElectronApplication | ChildProcess,
    api: RemoteNode,
    profile: string,
  ) {
    this.desk = desk;
    this.pulse = pulse;
    this.#app = app;
    this.api = api;
    this.profile = profile;
    api.onEvent((event) => {
      this.events.push(event);
      for (const look of this.#looks) look();
    });
  }

  static async start({ electron, dir, args, prefix, desk: how, env: more }: AppOptions): Promise<DesktopApp> {
    mkdirSync(dir, { recursive: true });
    const starting = [
      startDesktop({ ...how, dir: join(dir, 'desk') }),
      startPulse({ dir: join(dir, 'pulse') }),
    ] as const;
    const [desk, pulse] = await Promise.all(starting).catch(async (error: unknown) => {
      for (const one of await Promise.allSettled(starting))
        if (one.status === 'fulfilled') await one.value.stop();
      throw error;
    });
    const profile = join(dir, 'profile');
    const env = { ...process.env, ...desk.env, ...pulse.env, ...more } as Record<string, string>;
    // As at login: the app opens its panel only where it has no office or no tray.
    const all = [...IN_CONTAINER, ROOT, '--profile', profile, '--hidden', ...args];
    let app: ElectronApplication | ChildProcess | undefined;
    try {
      if (prefix)
        app = spawn(prefix[0] ?? '', [...prefix.slice(1), electron, ...all], { env, stdio: 'ignore' });
      else
        app = promising(
          await _electron.launch({ executablePath: electron, args: all, env, timeout: PATIENCE_MS }),
        );
      const child = 'evaluate' in app ? app.process() : app;
      const api = await connectNode(profile, { child, printed: () => logOf(profile) });
      return new DesktopApp(desk, pulse, app, api, profile);
    } catch (error) {
      if (app) await end(app);
      await Promise.all([desk.stop(), pulse.stop()]);
      throw error;
    }
  }

  /** The app as Playwright drives it; only where it runs without a prefix. */
  get inside(): ElectronApplication {
    if (!('evaluate' in this.#app)) throw new Error('Playwright does not reach an app with a prefix');
    return this.#app;
  }

  /** How many windows the app has on the screen. */
  visibleWindows(): Promise<number> {
    return this.inside.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows().filter((window) => window.isVisible()).length,
    );
  }

  /** Resolves with the first event, from `from` on, that passes. */
  until(passes: (event: NodeEvent) => boolean, from = 0, withinMs = PATIENCE_MS): Promise<NodeEvent> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#looks.delete(look);
        const seen = this.events.slice(from).map(({ type }) => type);
        const log = logOf(this.profile);
        reject(new Error(`not seen within ${withinMs} ms; seen: ${seen.slice(-40).join(' ')}; log:\n${log}`));
      }, withinMs);
      const look = (): void => {
        const found = this.events.slice(from).find(passes);
        if (!found) return;
        this.#looks.delete(look);
        clearTimeout(timer);
        resolve(found);
      };
      this.#looks.add(look);
      look();
    });
  }

  async stop(): Promise<void> {
    this.api.close();
    await end(this.#app);
    await Promise.all([this.desk.stop(), this.pulse.stop()]);
  }
}

/** The end of the app's log. */
function logOf(profile: string): string {
  const file = join(profile, 'desktop.log');
  return existsSync(file) ? readFileSync(file, 'utf8').slice(-2000) : '';
}

/** Runs a program to its end. Resolves with its exit code and output, also where it failed. */
export function run(
  command: string,
  args: readonly string[],
  settings: { env?: Record<string, string>; timeout?: number } = {},
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...settings.env };
    const child = execFile(
      command,
      args,
      { env, cwd: ROOT, timeout: settings.timeout ?? PATIENCE_MS },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, output: stdout + stderr });
      },
    );
  });
}

/** Quits the app, or ends its process as the end of a desktop session does, and waits until it has ended. */
export async function end(app: ElectronApplication | ChildProcess): Promise<void> {
  if (!('evaluate' in app)) return endProgram(app);
  // Playwright waits for whatever holds the app's output, also where that is a program which outlives the app.
  const isLate = delay(PATIENCE_MS, true, { ref: false });
  if (!(await Promise.race([app.close(), isLate]))) return;
  app.process().kill('SIGKILL');
  throw new Error('the app, or a program that it started, does not end');
}

/**
 * Lets every function that is evaluated in the app's main process run in a turn of its own, and return a promise.
 * V8's inspector runs what it is asked at once, also in the middle of other code. Node is not made for that: where the function
 * writes to a socket while another write is just being made, Node takes the one's result for the other's, and the other socket waits
 * for ever. And where the function returns a plain value, the inspector makes a promise of it that nothing else holds: a garbage
 * collection at that moment loses the answer, and Playwright reports "Resulting promise was garbage collected". What settles
 * a promise of the app's own holds it.
 */
function promising(app: ElectronApplication): ElectronApplication {
  type Task = (electron: unknown, argument: unknown) => unknown;
  const evaluate = app.evaluate.bind(app);
  const evaluatePromise = (task: Task, argument?: unknown): Promise<unknown> =>
    evaluate(
      async (electron, call) => {
        await new Promise((resolve) => void setImmediate(resolve));
        const { runInThisContext } = process.getBuiltinModule('node:vm');
        return await (runInThisContext(`(${call.task})`) as Task)(electron, call.argument);
      },
      { task: task.toString(), argument },
    );
  app.evaluate = evaluatePromise as ElectronApplication['evaluate'];
  return app;
}
