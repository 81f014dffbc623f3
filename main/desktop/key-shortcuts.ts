import { app, globalShortcut } from 'electron';
import type { KeyAction, KeyBinding } from './key-bindings.ts';
import { acceleratorOf } from './key-name.ts';
import { TapFilter } from './tap-filter.ts';

/**
 * Keys as the system's shortcuts, where the app cannot see keys held. The system reports presses and no releases, and refuses a
 * shortcut that another program has.
 */
export class KeyShortcuts {
  readonly #tap: (action: KeyAction) => void;
  #taps = new TapFilter();
  #registered: string[] = [];

  constructor(tap: (action: KeyAction) => void) {
    this.#tap = tap;
  }

  /** Registers these keys and unregisters the former ones. Returns the keys that the system refuses. */
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

/** Lets the desktop's portal offer shortcuts under Wayland; it asks the person. Call it before the app is ready. */
export function allowPortalShortcuts(): void {
  if (process.platform === 'linux') app.commandLine.appendSwitch('enable-features', 'GlobalShortcutsPortal');
}

/** Whether another program has this key: registers it and unregisters it at once, which the system refuses then. */
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
    // Electron does not know the name.
    return false;
  }
}
