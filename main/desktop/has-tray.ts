import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';

const ASK_TIMEOUT_MS = 2000;

/** Whether this desktop shows tray icons. False where that is unknown, so that the panel opens. */
export async function hasTrayHost(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  return xembedHost() || (await statusNotifierHost());
}

/** StatusNotifierItem: the program that shows the icons owns this name on the session bus. */
function statusNotifierHost(): Promise<boolean> {
  const ask = [
    'call',
    '--session',
    '--dest',
    'org.freedesktop.DBus',
    '--object-path',
    '/org/freedesktop/DBus',
  ];
  const method = ['--method', 'org.freedesktop.DBus.NameHasOwner', 'org.kde.StatusNotifierWatcher'];
  return new Promise((resolve) => {
    execFile('gdbus', [...ask, ...method], { timeout: ASK_TIMEOUT_MS }, (error, stdout) => {
      resolve(!error && stdout.includes('true'));
    });
  });
}

/** XEmbed, the older protocol: the program that shows the icons owns a selection of the X screen. */
function xembedHost(): boolean {
  if (!process.env['DISPLAY']) return false;
  try {
    const koffi = createRequire(import.meta.url)('koffi') as {
      load(name: string): { func(prototype: string): (...args: unknown[]) => unknown };
    };
    const x11 = koffi.load('libX11.so.6');
    const display = x11.func('void *XOpenDisplay(const char *name)')(null);
    if (!display) return false;
    const atom = x11.func('unsigned long XInternAtom(void *display, const char *name, int only)');
    const owner = x11.func('unsigned long XGetSelectionOwner(void *display, unsigned long selection)');
    const owned = Number(owner(display, atom(display, '_NET_SYSTEM_TRAY_S0', 0))) !== 0;
    x11.func('int XCloseDisplay(void *display)')(display);
    return owned;
  } catch {
    return false;
  }
}
