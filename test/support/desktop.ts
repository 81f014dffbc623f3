import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { eventually } from './eventually.ts';
import { endProgram } from './program.ts';

const READY_MS = 8000;
/** How long a program of the desktop may take to end, ms: none has anything to save. */
const LEAVE_MS = 1500;
/** A request for a notification, as dbus-monitor prints it: its last argument is a number that stands in no list. */
const NOTIFY = /^method call [^]*?^ {3}int32 .*$/gm;
const WATCHER = 'org.kde.StatusNotifierWatcher';
const NAMES = [
  ...['call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus'],
  ...['--method', 'org.freedesktop.DBus.ListNames'],
];
/** One panel at the bottom of the screen, with nothing in it but the tray. */
const XFCE_PANEL = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=640;y=884"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty"><property name="plugin-1" type="string" value="systray"/></property>
</channel>
`;
const TOOLS = [
  'Xvfb',
  'dbus-daemon',
  'openbox',
  'dunst',
  'dunstctl',
  'dbus-monitor',
  'tint2',
  'xdotool',
  'import',
  'xwininfo',
  'notify-send',
];

export interface DesktopOptions {
  /** A directory for this desktop's sockets, configuration and logs. */
  readonly dir: string;
  /** Is put before each command, for example `ip netns exec NAME`. */
  readonly prefix?: readonly string[];
  /** The tray: XEmbed (the older protocol, by tint2), StatusNotifierItem (today's, by xfce4-panel) or none. Left out: XEmbed. */
  readonly tray?: 'xembed' | 'status-notifier' | false;
}

/** Why this machine cannot run a test desktop, as a sentence for `skip`; undefined where it can. */
export function whyNoDesktop(): string | undefined {
  const missing = TOOLS.filter((tool) => spawnSync('which', [tool], { stdio: 'ignore' }).status !== 0);
  return missing.length > 0
    ? `not installed: ${missing.join(', ')} (Debian: xvfb dbus openbox dunst tint2 xdotool imagemagick x11-utils libnotify-bin)`
    : undefined;
}

/** Why this machine cannot run a desktop that shows StatusNotifierItems, as a sentence for `skip`; undefined where it can. */
export function whyNoStatusNotifier(): string | undefined {
  const missing = ['xfce4-panel', 'gdbus'].filter(
    (tool) => spawnSync('which', [tool], { stdio: 'ignore' }).status !== 0,
  );
  return missing.length > 0
    ? `not installed: ${missing.join(', ')} (Debian: xfce4-panel libglib2.0-bin)`
    : undefined;
}

/** Starts a private desktop: X server, session bus, window manager, notifications, tray. Always `stop()` it. */
export async function startDesktop(options: DesktopOptions): Promise<TestDesktop> {
  const missing = whyNoDesktop();
  if (missing) throw new Error(missing);
  mkdirSync(join(options.dir, 'home'), { recursive: true, mode: 0o700 });
  const desktop = new TestDesktop(options);
  try {
    await desktop.start();
  } catch (error) {
    await desktop.stop();
    throw error;
  }
  return desktop;
}

export class TestDesktop {
  readonly #options: DesktopOptions;
  readonly #children: ChildProcess[] = [];
  #env: Record<string, string>;

  constructor(options: DesktopOptions) {
    this.#options = options;
    const home = join(options.dir, 'home');
    this.#env = {
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_SESSION_TYPE: 'x11',
      WAYLAND_DISPLAY: '',
    };
  }

  /** The environment that puts a program on this desktop. */
  get env(): Readonly<Record<string, string>> {
    return this.#env;
  }

  async start(): Promise<void> {
    const { dir } = this.#options;
    // The server chooses a free display number and writes it to descriptor 3. Network namespaces share its socket file.
    const server = this.#spawn(
      'Xvfb',
      ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'],
      3,
    );
    const display = await firstLine(server.stdio[3] as Readable);
    const bus = this.#spawn(
      'dbus-daemon',
      ['--session', '--nofork', '--print-address=3', `--address=unix:path=${join(dir, 'bus')}`],
      3,
    );
    const address = await firstLine(bus.stdio[3] as Readable);
    this.#env = { ...this.#env, DISPLAY: `:${display}`, DBUS_SESSION_BUS_ADDRESS: address };
    this.#spawn('openbox', []);
    const dunstrc = join(dir, 'dunstrc');
    const look = 'monitor = 0\nfont = Sans 11\nwidth = 360\nshow_indicators = yes';
    // Dunst lets another program choose among the actions: this script chooses the button that the test names, never a click, which
    // dunst lists too.
    const chooser = join(dir, 'choose');
    const script = `#!/bin/sh\ngrep -v -F ',default]' | grep -m1 -F "$(cat '${this.#choice}')"\n`;
    writeFileSync(chooser, script, { mode: 0o755 });
    writeFileSync(dunstrc, `[global]\n${look}\ndmenu = ${chooser}\n`);
    this.#spawn('dunst', ['-config', dunstrc]);
    const tray = this.#options.tray ?? 'xembed';
    if (tray === 'xembed') this.#spawn('tint2', ['-c', this.#panelFile()]);
    if (tray === 'status-notifier') {
      this.#configureXfce();
      this.#spawn('xfce4-panel', ['--disable-wm-check']);
    }
    await eventually(async () => (await this.run('dunstctl', 'count')).includes('Waiting'), 'dunst answers');
    if (tray === 'xembed')
      await eventually(async () => (await this.windows('^tint2$')).length > 0, 'tint2 is on the screen');
    if (tray === 'status-notifier')
      await eventually(
        async () => (await this.run('gdbus', ...NAMES)).includes(WATCHER),
        'xfce4-panel shows tray icons',
      );
  }

  /** Runs a program on this desktop to its end. Resolves with its output, also where it failed. */
  run(command: string, ...args: string[]): Promise<string> {
    const [program = command, ...rest] = [...(this.#options.prefix ?? []), command, ...args];
    return new Promise((resolve) => {
      execFile(
        program,
        rest,
        { env: { ...process.env, ...this.#env }, timeout: READY_MS },
        (_error, stdout) => resolve(stdout),
      );
    });
  }

  /** Presses a key down or lets it up. */
  async key(action: 'keydown' | 'keyup', key: string): Promise<void> {
    await this.run('xdotool', action, key);
  }

  /** The ids of windows whose class or name matches: those on the screen, or, without `areShown`, also those not shown yet. */
  async windows(pattern: string, { areShown = true } = {}): Promise<readonly string[]> {
    const search = ['search', ...(areShown ? ['--onlyvisible'] : [])];
    const ids = await this.run('xdotool', ...search, '--classname', pattern);
    const named = await this.run('xdotool', ...search, '--name', pattern);
    return [...new Set(`${ids}\n${named}`.split('\n').filter(Boolean))];
  }

  /** How many notifications are on the screen. */
  async notifications(): Promise<number> {
    return Number((await this.run('dunstctl', 'count', 'displayed')).trim());
  }

  /**
   * What programs ask to have shown as notifications from now on: each request whole, as text, a moment after it was made. It is watched
   * until the desktop stops.
   */
  async watchNotifications(): Promise<() => readonly string[]> {
    const wanted = "interface='org.freedesktop.Notifications',member='Notify'";
    const { stdio } = this.#spawn('dbus-monitor', ['--session', wanted], 1);
    let printed = '';
    (stdio[1] as Readable).on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await eventually(() => printed !== '', 'dbus-monitor watches');
    return () => printed.match(NOTIFY) ?? [];
  }

  /** Presses a button of the notifications on the screen. */
  async chooseAction(label: string): Promise<void> {
    writeFileSync(this.#choice, `#${label} (`);
    await this.run('dunstctl', 'context');
  }

  /** Writes a picture of the whole screen, as PNG. */
  async picture(file: string): Promise<void> {
    await this.run('import', '-window', 'root', file);
  }

  async stop(): Promise<void> {
    for (const child of this.#children.reverse()) await endProgram(child, LEAVE_MS);
    this.#children.length = 0;
  }

  /** Starts a program that ends with the desktop. @param read the descriptor to which it writes what is wanted of it */
  #spawn(command: string, args: readonly string[], read?: 1 | 3): ChildProcess {
    const [program = command, ...rest] = [...(this.#options.prefix ?? []), command, ...args];
    const child = spawn(program, rest, {
      env: { ...process.env, ...this.#env },
      stdio: [0, 1, 2, 3].map((descriptor) => (descriptor === read ? 'pipe' : 'ignore')),
    });
    child.on('error', () => undefined);
    this.#children.push(child);
    return child;
  }

  #configureXfce(): void {
    const folder = join(this.#env['XDG_CONFIG_HOME'] ?? '', 'xfce4', 'xfconf', 'xfce-perchannel-xml');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'xfce4-panel.xml'), XFCE_PANEL);
  }

  get #choice(): string {
    return join(this.#options.dir, 'choice');
  }

  #panelFile(): string {
    const file = join(this.#options.dir, 'tint2rc');
    const lines = ['panel_items = TSC', 'panel_size = 100% 32', 'panel_position = bottom center horizontal'];
    lines.push('systray_padding = 2 2 4', 'time1_format = %H:%M', 'rounded = 0', 'border_width = 0');
    lines.push('background_color = #202428 100', 'panel_background_id = 1');
    writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  }
}

function firstLine(stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error('a part of the desktop did not start')), READY_MS);
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      resolve(text.split('\n')[0] ?? '');
    });
  });
}
