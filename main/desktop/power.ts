import { app, powerMonitor } from 'electron';
import type { NodeApi } from '../../preload/api.ts';

/** Hands on what the computer does: before it sleeps the node names another switch, after it looks for its office anew. */
export function watchPower(api: NodeApi, log: (line: string) => void): void {
  const tell = (event: 'sleep' | 'wake'): void => {
    log(event === 'sleep' ? 'The computer goes to sleep.' : 'The computer is awake again.');
    api.call('computer', { event }).catch((error: unknown) => log(`after ${event}: ${String(error)}`));
  };
  powerMonitor.on('suspend', () => tell('sleep'));
  powerMonitor.on('resume', () => tell('wake'));
  // Leaving takes a moment: the system is asked to wait for it (Linux and macOS).
  powerMonitor.on('shutdown', (event?: Electron.Event) => {
    event?.preventDefault();
    app.quit();
  });
}
