/** Modifiers of a key combination, as uiohook tells them. */
export interface Modifiers {
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

export interface KeyCombination extends Modifiers {
  readonly keycode: number;
}

const MODIFIERS: Readonly<Record<string, keyof Modifiers>> = {
  ctrl: 'ctrlKey',
  control: 'ctrlKey',
  alt: 'altKey',
  option: 'altKey',
  shift: 'shiftKey',
  meta: 'metaKey',
  super: 'metaKey',
  cmd: 'metaKey',
};

/**
 * Reads `F9`, `Ctrl+Alt+Space`, `ControlRight`: names of uiohook or of KeyboardEvent.code. `keys` is uiohook's table of key codes.
 * Undefined where there is no such key.
 */
export function parseKeyName(
  text: string,
  keys: Readonly<Record<string, number>>,
): KeyCombination | undefined {
  const parts = text.split('+').map((part) => part.trim());
  const name = parts.pop() ?? '';
  const modifiers = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
  for (const part of parts) {
    const modifier = MODIFIERS[part.toLowerCase()];
    if (!modifier) return undefined;
    modifiers[modifier] = true;
  }
  const wanted = canonical(name).toLowerCase();
  const found = Object.entries(keys).find(([key]) => key.toLowerCase() === wanted);
  return found ? { ...modifiers, keycode: found[1] } : undefined;
}

/** Whether the modifiers that the combination asks for are held. Others may be: who holds Shift means the key all the same. */
export function modifiersHeld(wanted: Modifiers, held: Modifiers): boolean {
  return (
    (!wanted.altKey || held.altKey) &&
    (!wanted.ctrlKey || held.ctrlKey) &&
    (!wanted.metaKey || held.metaKey) &&
    (!wanted.shiftKey || held.shiftKey)
  );
}

/** KeyboardEvent.code says `KeyA`, `Digit1`, `ControlRight`, `ShiftLeft`; uiohook says `A`, `1`, `CtrlRight`, `Shift`. */
function canonical(name: string): string {
  return name
    .replace(/^(Key|Digit)(?=[A-Z0-9]$)/, '')
    .replace(/^Control(?=Left$|Right$|$)/, 'Ctrl')
    .replace(/^(Ctrl|Shift|Alt|Meta)Left$/, '$1')
    .replace(/^Esc$/i, 'Escape');
}
