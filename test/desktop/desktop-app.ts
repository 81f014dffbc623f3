import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';
import { connectLocalSocket, type RemoteNode } from '../../main/transports/index.ts';
import type { NodeEvent } from '../../preload/api.ts';
import { startDesktop, type DesktopOptions, type TestDesktop } from '../support/desktop.ts';
import { startPulse, type Pulse } from '../support/pulse.ts';

export const ROOT = new URL('../..', import.meta.url).pathname;
const START_MS = 20_000;
/** In a container Chromium's sandbox and the GPU are not to be had. */
const IN_TESTS = ['--no-sandbox', '--disable-gpu'];

/** Ana (101), cold, in a new office of her own on loopback. */
export const ANA_ALONE: readonly string[] = [
  ...['--interface', '127.0.0.1', '--ready', 'cold'],
  ...['--office', 'new', '--name', 'Ana', '--extension', '101'],
];

export interface AppOptions {
  readonly electron: string;
  readonly dir: string;
  /** Further arguments, as a person would give them. */
  readonly args: readonly string[];
  /** Runs the app there, for example `ip netns exec NAME`; it is then not driven from inside. */
  readonly prefix?: readonly string[];
  /** How the desktop is. */
  readonly desk?: Omit<DesktopOptions, 'dir'>;
  readonly env?: Readonly<Record<string, string>>;
}

/** The real app on a desktop and with sound devices of its own, as a person at that computer has it. */
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
    // As at login: a panel that is not asked for stays away.
    const all = [...IN_TESTS, ROOT, '--profile', profile, '--hidden', ...args];
    let app: ElectronApplication | ChildProcess | undefined;
    try {
      if (prefix)
        app = spawn(prefix[0] ?? '', [...prefix.slice(1), electron, ...all], { env, stdio: 'ignore' });
      else app = await _electron.launch({ executablePath: electron, args: all, env, timeout: START_MS });
      return new DesktopApp(desk, pulse, app, await connect(profile), profile);
    } catch (error) {
      if (app) await end(app);
      await Promise.all([desk.stop(), pulse.stop()]);
      throw error;
    }
  }

  /** Playwright's hold on the app; only where it runs without a prefix. */
  get inside(): ElectronApplication {
    if (!('evaluate' in this.#app)) throw new Error('this app is not driven from inside');
    return this.#app;
  }

  /** How many windows the app has on the screen. */
  visibleWindows(): Promise<number> {
    return this.inside.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows().filter((window) => window.isVisible()).length,
    );
  }

  /** Resolves with the first event, from `from` on, that passes. */
  until(passes: (event: NodeEvent) => boolean, from = 0, withinMs = 10_000): Promise<NodeEvent> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#looks.delete(look);
        const seen = this.events.slice(from).map(({ type }) => type);
        const log = readFileSync(join(this.profile, 'desktop.log'), 'utf8');
        reject(
          new Error(
            `not seen within ${withinMs} ms; seen: ${seen.slice(-40).join(' ')}; log:\n${log.slice(-2000)}`,
          ),
        );
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

/** Runs a program to its end. */
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
      { env, cwd: ROOT, timeout: settings.timeout ?? START_MS },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, output: stdout + stderr });
      },
    );
  });
}

/** Waits for something that tells no event. */
export async function eventually(
  passes: () => Promise<boolean> | boolean,
  what: string,
  withinMs = 8000,
): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await passes())) {
    if (performance.now() > until) throw new Error(`${what}: not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The API of the app that runs in a profile, once it answers. */
export async function connect(profile: string): Promise<RemoteNode> {
  const until = performance.now() + START_MS;
  for (;;) {
    try {
      const api = await connectLocalSocket(profile);
      await api.call('status');
      return api;
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Ends the app as its desktop does when the session ends, and waits for it. */
export async function end(app: ElectronApplication | ChildProcess): Promise<void> {
  if ('evaluate' in app) {
    await app.close();
    return;
  }
  if (app.exitCode !== null || app.signalCode !== null) return;
  const exited = new Promise((resolve) => app.once('exit', resolve));
  app.kill('SIGTERM');
  const force = setTimeout(() => app.kill('SIGKILL'), 9000);
  await exited;
  clearTimeout(force);
}
