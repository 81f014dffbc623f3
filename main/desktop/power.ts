import { app, powerMonitor } from 'electron';
import type { NodeApi } from '../../preload/api.ts';

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
