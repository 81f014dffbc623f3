/** Modifiers of a key combination, as uiohook reports them. */
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

/** Keys that Electron names differently from uiohook and KeyboardEvent.code. */
const ACCELERATORS: Readonly<Record<string, string>> = {
  arrowup: 'Up',
  arrowdown: 'Down',
  arrowleft: 'Left',
  arrowright: 'Right',
  numpadadd: 'numadd',
  numpadsubtract: 'numsub',
  numpadmultiply: 'nummult',
  numpaddivide: 'numdiv',
  numpaddecimal: 'numdec',
  minus: '-',
  equal: '=',
  comma: ',',
  period: '.',
  slash: '/',
  backslash: '\\',
  semicolon: ';',
  quote: "'",
  backquote: '`',
  bracketleft: '[',
  bracketright: ']',
};

/**
 * Reads `F9`, `Ctrl+Alt+Space`, `ControlRight`: names of uiohook or of KeyboardEvent.code. `keys` is uiohook's table of key codes.
 * Undefined where there is no such key.
 */
export function parseKeyName(
  text: string,
  keys: Readonly<Record<string, number>>,
): KeyCombination | undefined {
  const read = readParts(text);
  if (!read) return undefined;
  const wanted = read.name.toLowerCase();
  const found = Object.entries(keys).find(([key]) => key.toLowerCase() === wanted);
  return found ? { ...read.modifiers, keycode: found[1] } : undefined;
}

/** The same text for each spelling of a key: `ctrl + KeyA` and `Control+A` are one key. */
export function sameKey(text: string): string {
  const read = readParts(text);
  if (!read) return text.toLowerCase();
  const { ctrlKey, altKey, shiftKey, metaKey } = read.modifiers;
  return [ctrlKey && 'ctrl', altKey && 'alt', shiftKey && 'shift', metaKey && 'meta', read.name.toLowerCase()]
    .filter(Boolean)
    .join('+');
}

/** The key as an accelerator of Electron's globalShortcut; undefined where it cannot be one, such as a modifier alone. */
export function acceleratorOf(text: string): string | undefined {
  const read = readParts(text);
  if (!read || /^(Ctrl|Shift|Alt|Meta)(Right)?$/i.test(read.name)) return undefined;
  const { ctrlKey, altKey, shiftKey, metaKey } = read.modifiers;
  const name = ACCELERATORS[read.name.toLowerCase()] ?? read.name.replace(/^Numpad(?=[0-9]$)/i, 'num');
  if (!/^([a-z0-9]|f([1-9]|1[0-9]|2[0-4])|num[0-9]|[a-z]{2,}|[^\w\s])$/i.test(name)) return undefined;
  return [ctrlKey && 'Control', altKey && 'Alt', shiftKey && 'Shift', metaKey && 'Super', name]
    .filter(Boolean)
    .join('+');
}

/** Whether the modifiers of the combination are held. More may be held: Shift does not change the meaning of a key. */
export function modifiersHeld(wanted: Modifiers, held: Modifiers): boolean {
  return (
    (!wanted.altKey || held.altKey) &&
    (!wanted.ctrlKey || held.ctrlKey) &&
    (!wanted.metaKey || held.metaKey) &&
    (!wanted.shiftKey || held.shiftKey)
  );
}

function readParts(text: string): { readonly name: string; readonly modifiers: Modifiers } | undefined {
  const parts = text.split('+').map((part) => part.trim());
  const name = canonical(parts.pop() ?? '');
  if (name === '') return undefined;
  const modifiers = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
  for (const part of parts) {
    const modifier = MODIFIERS[part.toLowerCase()];
    if (!modifier) return undefined;
    modifiers[modifier] = true;
  }
  return { name, modifiers };
}

/** KeyboardEvent.code says `KeyA`, `Digit1`, `ControlRight`, `ShiftLeft`; uiohook says `A`, `1`, `CtrlRight`, `Shift`. */
function canonical(name: string): string {
  return name
    .replace(/^(Key|Digit)(?=[A-Z0-9]$)/, '')
    .replace(/^Control(?=Left$|Right$|$)/, 'Ctrl')
    .replace(/^(Ctrl|Shift|Alt|Meta)Left$/, '$1')
    .replace(/^Esc$/i, 'Escape');
}
