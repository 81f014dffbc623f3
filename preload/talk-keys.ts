const MODIFIERS = ['ctrl', 'control', 'alt', 'option', 'meta', 'super', 'cmd'];
/** Keys that write something, or move in what is written: alone, or with Shift, they belong to the text that the person types. */
const TYPES =
  /^((key)?[a-z]|(digit)?[0-9]|numpad([0-9]|multiply|add|subtract|decimal|divide|enter)|space|enter|tab|backspace|delete|minus|equal|bracket(left|right)|backslash|semicolon|quote|backquote|comma|period|slash|esc|escape|arrow(left|right|up|down)|home|end)$/i;
/** The other keys that can be heard everywhere. */
const KNOWN = /^(f([1-9]|1[0-9]|2[0-4])|pageup|pagedown|insert|scrolllock|printscreen|numlock|capslock)$/i;

/**
 * Whether this is a key that can be held to talk, such as `F9` or `Ctrl+Alt+Space`: one that the desktop knows and that is not needed for
 * typing. The panel offers no other (`keyName` in the renderer).
 */
export function isTalkKey(text: string): boolean {
  const modifiers = text.split('+').map((part) => part.trim().toLowerCase());
  const name = modifiers.pop() ?? '';
  if (!modifiers.every((part) => part === 'shift' || MODIFIERS.includes(part))) return false;
  if (KNOWN.test(name)) return true;
  return TYPES.test(name) && modifiers.some((part) => part !== 'shift');
}
