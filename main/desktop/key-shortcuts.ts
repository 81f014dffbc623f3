import { app, globalShortcut } from 'electron';
import type { KeyAction, KeyBinding } from './key-bindings.ts';
import { acceleratorOf } from './key-name.ts';
import { TapFilter } from './tap-filter.ts';

/**
 * Keys as the system's shortcuts, for where they cannot be watched: each tells that it was pressed and never that it came up, and
 * a shortcut of another program is not had.
 */
export class KeyShortcuts {
  readonly #tap: (action: KeyAction) => void;
  #taps = new TapFilter();
  #registered: string[] = [];

  constructor(tap: (action: KeyAction) => void) {
    this.#tap = tap;
  }

  /** Takes these keys and lets others go; the keys that could not be had. */
  use(bindings: readonly KeyBinding[]): readonly string[] {
    this.clear();
    const refused: string[] = [];
    for (const { key, action } of bindings) {
      const accelerator = acceleratorOf(key);
      const pressed = (): void => {
        if (this.#taps.passes(key, performance.now())) this.#tap(action);
      };
      if (accelerator !== undefined && register(accelerator, pressed)) this.#registered.push(accelerator);
      else refused.push(key);
    }
    return refused;
  }

  clear(): void {
    for (const accelerator of this.#registered) globalShortcut.unregister(accelerator);
    this.#registered = [];
  }
}

/** Lets shortcuts come from the desktop's portal under Wayland, which asks the person. Must be said before the app is ready. */
export function allowPortalShortcuts(): void {
  if (process.platform === 'linux') app.commandLine.appendSwitch('enable-features', 'GlobalShortcutsPortal');
}

/** Whether another program has taken this key: it is taken and given back at once, which the system refuses then. */
export function isTakenElsewhere(key: string): boolean {
  const accelerator = acceleratorOf(key);
  if (accelerator === undefined || globalShortcut.isRegistered(accelerator)) return false;
  if (!register(accelerator, () => undefined)) return true;
  globalShortcut.unregister(accelerator);
  return false;
}

function register(accelerator: string, pressed: () => void): boolean {
  try {
    return globalShortcut.register(accelerator, pressed);
  } catch {
    // A name that Electron does not know.
    return false;
  }
}
