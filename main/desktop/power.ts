import { app, powerMonitor } from 'electron';
import type { Arguments, NodeApi } from '../../preload/api.ts';
import { IDLE_S, Seat } from './seat.ts';

/** How often the system is asked whether somebody is there. It tells of locking by itself on Windows and macOS alone. */
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

/** Tells the node whether somebody sits in front of the computer. */
export function watchSeat(api: NodeApi, log: (line: string) => void): void {
  const seat = new Seat();
  const tell = (news: readonly Arguments<'computer'>['event'][]): void => {
    for (const event of news)
      api.call('computer', { event }).catch((error: unknown) => log(`after ${event}: ${String(error)}`));
  };
  powerMonitor.on('lock-screen', () => tell(seat.lock(true)));
  powerMonitor.on('unlock-screen', () => tell(seat.lock(false)));
  setInterval(() => tell(seat.take(powerMonitor.getSystemIdleState(IDLE_S))), LOOK_MS).unref();
}
