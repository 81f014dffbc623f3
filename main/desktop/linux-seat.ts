import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { booleanIn, factIn, hintsIn, numberIn, ownershipIn, sessionPathIn } from './gdbus-text.ts';
import { ASKED_MS, SeatSources, type SeatFact } from './seat-sources.ts';
import type { SeatState } from './seat.ts';

const ASK_TIMEOUT_MS = 2000;
/** A missing bus is tried again after this long, ms. */
const AGAIN_MS = 5 * 60_000;
/** Longer lines are ignored. */
const MAX_LINE = 4096;

/** Makes started programs end with this one, even if it crashes. Part of util-linux, which nearly every system has. */
const SETPRIV = '/usr/bin/setpriv';
const ENDS_WITH_THIS = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'TERM'] : [];

const SAVER = ['--dest', 'org.freedesktop.ScreenSaver', '--object-path', '/org/freedesktop/ScreenSaver'];
const MUTTER = [
  '--dest',
  'org.gnome.Mutter.IdleMonitor',
  '--object-path',
  '/org/gnome/Mutter/IdleMonitor/Core',
];
const LOGIND = ['--dest', 'org.freedesktop.login1'];

interface LinuxSeatParts {
  readonly isWayland: boolean;
  /** The environment of the started programs, with the addresses of the buses. */
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => number;
  /** Is called with the combined state whenever it may have changed. */
  readonly tell: (state: SeatState) => void;
  /** Under Wayland: is called with the time since the last input, s. */
  readonly idleFor: (seconds: number) => void;
}

/**
 * Whether somebody sits in front of a Linux desktop, by D-Bus: the screen saver, logind and, on GNOME, Mutter. It uses the program `gdbus`,
 * as notifications and the tray do; without that the answer is unknown.
 */
export class LinuxSeat {
  readonly #parts: LinuxSeatParts;
  readonly #sources: SeatSources;
  readonly #monitors = new Set<ChildProcess>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #mutterAgainAt = -Infinity;
  #isClosed = false;

  constructor(parts: LinuxSeatParts) {
    this.#parts = parts;
    this.#sources = new SeatSources(parts);
  }

  start(): void {
    this.#monitorSaver();
    void this.#monitorSession();
  }

  /** Takes the state of the X screen, and asks the sources that send no signals. */
  async look(xScreen: SeatState): Promise<void> {
    this.#take({ of: 'x-screen', state: xScreen });
    const now = this.#parts.now();
    if (!this.#parts.isWayland || now < this.#mutterAgainAt) return;
    const reply = await this.#call('--session', MUTTER, 'org.gnome.Mutter.IdleMonitor.GetIdletime');
    const idleMs = numberIn(reply);
    if (idleMs === undefined) this.#mutterAgainAt = now + AGAIN_MS;
    else this.#parts.idleFor(idleMs / 1000);
    this.#take({ of: 'mutter', idleMs });
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const monitor of this.#monitors) monitor.kill();
  }

  #monitorSaver(): void {
    this.#monitor(['--session', ...SAVER], {
      owned: async () => {
        const reply = await this.#call('--session', SAVER, 'org.freedesktop.ScreenSaver.GetActive');
        this.#take({ of: 'screen-saver', isActive: booleanIn(reply) });
      },
      gone: () => this.#take({ of: 'screen-saver', isActive: undefined }),
      ended: () => this.#monitorSaver(),
    });
  }

  async #monitorSession(): Promise<void> {
    const path = await this.#sessionPath();
    if (path === undefined) {
      this.#again(() => void this.#monitorSession());
      return;
    }
    const session = [...LOGIND, '--object-path', path];
    this.#monitor(['--system', ...session], {
      owned: async () => {
        const getAll = 'org.freedesktop.DBus.Properties.GetAll';
        const hints = hintsIn(
          await this.#call('--system', session, getAll, 'org.freedesktop.login1.Session'),
        );
        if (hints) this.#take(hints);
      },
      gone: () => this.#take({ of: 'session', isLocked: false, isIdle: false }),
      ended: () => void this.#monitorSession(),
    });
  }

  /** The path of this program's session or, without one, of the user's displayed session. */
  async #sessionPath(): Promise<string | undefined> {
    const { XDG_SESSION_ID: id } = this.#parts.env;
    const manager = [...LOGIND, '--object-path', '/org/freedesktop/login1'];
    const own =
      id && (await this.#call('--system', manager, 'org.freedesktop.login1.Manager.GetSession', id));
    const path = own ? sessionPathIn(own) : undefined;
    if (path !== undefined) return path;
    const user = [...LOGIND, '--object-path', '/org/freedesktop/login1/user/self'];
    const get = 'org.freedesktop.DBus.Properties.Get';
    return sessionPathIn(await this.#call('--system', user, get, 'org.freedesktop.login1.User', 'Display'));
  }

  #monitor(
    args: readonly string[],
    on: { readonly owned: () => Promise<void>; readonly gone: () => void; readonly ended: () => void },
  ): void {
    if (this.#isClosed) return;
    const { env, now } = this.#parts;
    const [program = 'gdbus', ...rest] = [...ENDS_WITH_THIS, 'gdbus', 'monitor', ...args];
    const child = spawn(program, rest, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    this.#monitors.add(child);
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (printed + text).split('\n');
      printed = (lines.pop() ?? '').slice(0, MAX_LINE);
      for (const line of lines) {
        const isOwned = ownershipIn(line);
        if (isOwned === true) void on.owned();
        else if (isOwned === false) on.gone();
        const fact = factIn(line, now());
        if (fact) this.#take(fact);
      }
    });
    const ended = (): void => {
      if (!this.#monitors.delete(child)) return;
      on.gone();
      this.#again(on.ended);
    };
    child.once('error', ended);
    child.once('exit', ended);
  }

  #take(fact: SeatFact): void {
    if (this.#isClosed) return;
    this.#sources.take(fact);
    this.#parts.tell(this.#sources.state(this.#parts.now()));
    // After this time a requested lock has taken effect, or never will.
    if (fact.of === 'session-asked' && fact.isLocked)
      this.#after(ASKED_MS, () => this.#parts.tell(this.#sources.state(this.#parts.now())));
  }

  #again(work: () => void): void {
    this.#after(AGAIN_MS, work);
  }

  #after(ms: number, work: () => void): void {
    if (this.#isClosed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }

  /** The reply in GVariant's text format; empty where there is none. */
  #call(bus: string, object: readonly string[], method: string, ...args: readonly string[]): Promise<string> {
    const { env } = this.#parts;
    return new Promise((resolve) => {
      execFile(
        'gdbus',
        ['call', bus, ...object, '--method', method, ...args],
        { env, timeout: ASK_TIMEOUT_MS },
        (error, stdout) => resolve(error ? '' : stdout),
      );
    });
  }
}
