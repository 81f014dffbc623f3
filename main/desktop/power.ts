import { app, powerMonitor } from 'electron';
import type { NodeApi } from '../../preload/api.ts';
import { isWayland } from './is-wayland.ts';
import { LinuxSeat } from './linux-seat.ts';
import { IDLE_S, Seat, type News, type SeatState } from './seat.ts';

/** How often the system is asked whether somebody is there. Electron tells of locking by itself on Windows and macOS alone. */
const LOOK_MS = 15_000;

/** Tells the node of sleep and wake: before sleep it names another switch, after wake it looks for its office. */
export function watchPower(api: NodeApi, log: (line: string) => void): void {
  const tell = (event: 'sleep' | 'wake'): void => {
    log(event === 'sleep' ? 'The computer goes to sleep.' : 'The computer is awake again.');
    api.call('computer', { event }).catch((error: unknown) => log(`after ${event}: ${String(error)}`));
  };
  powerMonitor.on('suspend', () => tell('sleep'));
  powerMonitor.on('resume', () => tell('wake'));
  // Leaving takes a moment: the system waits for it (Linux and macOS).
  powerMonitor.on('shutdown', (event?: Electron.Event) => {
    event?.preventDefault();
    app.quit();
  });
}

/** On Linux Electron knows the X screen alone: what the desktop itself tells is put together with it. */
function lookOnLinux(seat: Seat, tell: (news: readonly News[]) => void): LinuxSeat {
  const { env } = process;
  const linux = new LinuxSeat({
    isWayland: isWayland(env),
    env,
    now: () => performance.now(),
    tell: (state) => tell(seat.take(state)),
  });
  linux.start();
  return linux;
}

/** Tells the node whether somebody sits in front of the computer. Returns what ends it: the programs that it listens by end then. */
export function watchSeat(api: NodeApi, log: (line: string) => void): () => void {
  const seat = new Seat();
  const tell = (news: readonly News[]): void => {
    for (const event of news)
      api.call('computer', { event }).catch((error: unknown) => log(`after ${event}: ${String(error)}`));
  };
  powerMonitor.on('lock-screen', () => tell(seat.lock(true)));
  powerMonitor.on('unlock-screen', () => tell(seat.lock(false)));
  const linux = process.platform === 'linux' ? lookOnLinux(seat, tell) : undefined;
  const look = (state: SeatState): void => {
    if (linux) void linux.look(state);
    else tell(seat.take(state));
  };
  const timer = setInterval(() => look(powerMonitor.getSystemIdleState(IDLE_S)), LOOK_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    linux?.close();
  };
}
