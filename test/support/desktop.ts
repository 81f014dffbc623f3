import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';

const run = promisify(execFile);
export const ROOT = new URL('../..', import.meta.url).pathname;
const BRIDGE = new URL('./netns-bridge.mjs', import.meta.url).pathname;
const DUNSTRC = `[global]
  origin = top-right
  mouse_left_click = do_action, close_current
[urgency_normal]
  timeout = 0
`;
const TOOLS = ['Xvfb', 'dbus-daemon', 'openbox', 'dunst', 'dunstctl', 'tint2', 'xdotool'];

/** Why the desktop app cannot be tested here, as a sentence for `skip`; undefined where it can. */
export function whyNoDesktop(): string | undefined {
  const missing = TOOLS.filter((tool) => spawnSync('which', [tool], { stdio: 'ignore' }).status !== 0);
  return missing.length > 0 ? `${missing.join(', ')} not installed` : undefined;
}

export interface DesktopOptions {
  /** Added to the environment of all that runs on this desktop: sound, for example. */
  readonly env?: Readonly<Record<string, string>>;
  readonly screen?: string;
  /** A network namespace for the app; the desktop itself needs no network. */
  readonly namespace?: string;
}

/** A desktop of its own: X server, session bus, window manager, notification daemon, panel with a tray. */
export class TestDesktop {
  readonly dir = mkdtempSync(join(tmpdir(), 'corridor-desktop-'));
  readonly env: Record<string, string>;
  readonly #namespace: string | undefined;
  readonly #children: ChildProcess[] = [];
  readonly #apps: App[] = [];

  private constructor(options: DesktopOptions) {
    const inherited = Object.entries(process.env).filter(
      ([name, value]) =>
        value !== undefined && !name.startsWith('WAYLAND') && !name.startsWith('XDG_SESSION'),
    ) as [string, string][];
    this.env = {
      ...Object.fromEntries(inherited),
      XDG_CONFIG_HOME: join(this.dir, 'config'),
      XDG_CACHE_HOME: join(this.dir, 'cache'),
      XDG_CURRENT_DESKTOP: 'openbox',
      NO_AT_BRIDGE: '1',
      ...options.env,
    };
    this.#namespace = options.namespace;
  }

  static async start(options: DesktopOptions = {}): Promise<TestDesktop> {
    const desktop = new TestDesktop(options);
    try {
      await desktop.#begin(options.screen ?? '1280x800x24');
    } catch (error) {
      await desktop.stop();
      throw error;
    }
    return desktop;
  }

  /** Starts the app, from its folder or as it is packed. */
  async launch(args: readonly string[] = [], folder: string = ROOT): Promise<App> {
    const electron = await electronPath();
    const executablePath =
      this.#namespace === undefined ? electron : this.#inNamespace(electron, this.#namespace);
    const launched = await _electron.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', folder, ...args],
      env: this.env,
      cwd: this.dir,
      timeout: 30_000,
    });
    const app = new App(launched);
    this.#apps.push(app);
    return app;
  }

  /** A program on this desktop, to its end; what it printed. */
  async run(program: string, ...args: string[]): Promise<string> {
    const { stdout } = await run(program, args, { env: this.env, timeout: 10_000 });
    return stdout.trim();
  }

  /** The titles of all notifications that the daemon has shown, oldest first. */
  notified(): string[] {
    try {
      return readFileSync(join(this.dir, 'notified'), 'utf8').trim().split('\n');
    } catch {
      return [];
    }
  }

  /** How many notifications are on the screen now. */
  async shown(): Promise<number> {
    return Number(await this.run('dunstctl', 'count', 'displayed'));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.close().catch(() => undefined)));
    for (const child of this.#children.reverse()) child.kill('SIGKILL');
    await rm(this.dir, { recursive: true, force: true, maxRetries: 3 });
  }

  async #begin(screen: string): Promise<void> {
    const server = this.#spawn('Xvfb', ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp'], true);
    this.env['DISPLAY'] = `:${await firstLine(server, 3)}`;
    const bus = this.#spawn(
      'dbus-daemon',
      ['--session', '--nofork', '--print-address=3', `--address=unix:path=${this.dir}/bus`],
      true,
    );
    this.env['DBUS_SESSION_BUS_ADDRESS'] = await firstLine(bus, 3);
    this.#spawn('openbox', ['--sm-disable']);
    const dunstrc = join(this.dir, 'dunstrc');
    const note = join(this.dir, 'note');
    writeFileSync(note, `#!/bin/sh\necho "$2" >> '${this.dir}/notified'\n`, { mode: 0o755 });
    writeFileSync(dunstrc, DUNSTRC + `[note]\n  summary = "*"\n  script = ${note}\n`);
    this.#spawn('dunst', ['-conf', dunstrc]);
    this.#spawn('tint2', []);
    await until(
      async () => (await this.run('dunstctl', 'is-paused')) === 'false',
      8000,
      'dunst does not answer',
    );
  }

  #spawn(program: string, args: readonly string[], told = false): ChildProcess {
    const stdio = told
      ? (['ignore', 'ignore', 'ignore', 'pipe'] as const)
      : (['ignore', 'ignore', 'ignore'] as const);
    const child = spawn(program, args, { env: this.env, stdio: [...stdio] });
    this.#children.push(child);
    return child;
  }

  /** Playwright speaks to the app over loopback, which another namespace does not share: a bridge passes it on. */
  #inNamespace(electron: string, namespace: string): string {
    const path = join(this.dir, 'electron');
    writeFileSync(
      path,
      `#!/bin/sh\nexec '${process.execPath}' '${BRIDGE}' '${namespace}' '${electron}' "$@"\n`,
      { mode: 0o755 },
    );
    return path;
  }
}

/** The running app: its main process, and the panel. */
export class App {
  readonly electron: ElectronApplication;
  readonly #printed: string[] = [];

  constructor(electron: ElectronApplication) {
    this.electron = electron;
    electron.process().stderr?.on('data', (chunk: Buffer) => this.#printed.push(chunk.toString()));
  }

  get printed(): string {
    return this.#printed.join('');
  }

  async panel(): Promise<Page> {
    const page = await this.electron.firstWindow({ timeout: 15_000 });
    page.setDefaultTimeout(8000);
    return page;
  }

  async close(): Promise<void> {
    const child = this.electron.process();
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const force = setTimeout(() => child.kill('SIGKILL'), 9000);
    await this.electron.evaluate(({ app }) => app.quit()).catch(() => undefined);
    await ended;
    clearTimeout(force);
  }
}

/** Asks again until it is so. */
export async function until<T>(
  ask: () => Promise<T>,
  withinMs: number,
  what: string,
): Promise<NonNullable<T>> {
  const end = performance.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer as NonNullable<T>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) throw new Error(what, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

let found: Promise<string> | undefined;

/** Where Electron is, or the sentence why there is none. */
function electronPath(): Promise<string> {
  found ??= run(process.execPath, [join(ROOT, 'scripts/electron.mjs'), '--for-tests'], {
    timeout: 280_000,
  }).then(
    ({ stdout }) => stdout.trim(),
    (error: { stderr?: string }) => Promise.reject(new Error(error.stderr ?? 'no Electron')),
  );
  return found;
}

function firstLine(child: ChildProcess, descriptor: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code}`)));
    child.once('error', reject);
    child.stdio[descriptor]?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const [line, rest] = text.split('\n');
      if (rest !== undefined && line !== undefined) resolve(line.trim());
    });
  });
}
