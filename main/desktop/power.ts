import { app, powerMonitor } from 'electron';
import type { NodeApi } from '../../preload/api.ts';
import { InputWatch } from './input-watch.ts';
import { isWayland } from './is-wayland.ts';
import { LinuxSeat } from './linux-seat.ts';
import { IDLE_S, Seat, type News, type SeatState } from './seat.ts';

/** How often the system is asked whether somebody is there, ms. Electron reports locking by an event on Windows and macOS alone. */
const LOOK_MS = 15_000;
/** How often the system is asked for the last input, ms. Within this time messages sound at the computer to which the person turned. */
const LOOK_FOR_INPUT_MS = 2000;

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

/** On Linux Electron knows the X screen alone, so its state is combined with that of the desktop's own services. */
function lookOnLinux(
  seat: Seat,
  tell: (news: readonly News[]) => void,
  idleFor: (seconds: number) => void,
): LinuxSeat {
  const { env } = process;
  const linux = new LinuxSeat({
    isWayland: isWayland(env),
    env,
    now: () => performance.now(),
    tell: (state) => tell(seat.take(state)),
    idleFor,
  });
  linux.start();
  return linux;
}

/**
 * Tells the node whether somebody sits in front of the computer. `locked` is called when the screen locks or unlocks. Returns a function that ends
 * it, and the programs that it started.
 */
export function watchSeat(
  api: NodeApi,
  locked: (isLocked: boolean) => void,
  log: (line: string) => void,
): () => void {
  const seat = new Seat();
  const tell = (news: readonly News[]): void => {
    if (news.includes('lock') || news.includes('unlock')) locked(news.includes('lock'));
    for (const event of news)
      api.call('computer', { event }).catch((error: unknown) => log(`after ${event}: ${String(error)}`));
  };
  powerMonitor.on('lock-screen', () => tell(seat.lock(true)));
  powerMonitor.on('unlock-screen', () => tell(seat.lock(false)));
  const inputs = new InputWatch();
  const idleFor = (seconds: number): void => {
    if (inputs.look(seconds, performance.now())) tell(['input']);
  };
  // Under Wayland Electron reports constant input. There only Mutter's idle time counts, and turning to the panel.
  const knowsInput = process.platform !== 'linux' || !isWayland(process.env);
  const inputTimer = knowsInput
    ? setInterval(() => idleFor(powerMonitor.getSystemIdleTime()), LOOK_FOR_INPUT_MS)
    : undefined;
  inputTimer?.unref();
  const focused = (): void => tell(['input']);
  app.on('browser-window-focus', focused);
  const linux = process.platform === 'linux' ? lookOnLinux(seat, tell, idleFor) : undefined;
  const look = (state: SeatState): void => {
    if (linux) void linux.look(state);
    else tell(seat.take(state));
  };
  const timer = setInterval(() => look(powerMonitor.getSystemIdleState(IDLE_S)), LOOK_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    clearInterval(inputTimer);
    app.off('browser-window-focus', focused);
    linux?.close();
  };
}
