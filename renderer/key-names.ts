import { strings } from './strings/index.ts';

/** The talk key as it is kept and shown: modifiers and one key, "F9" or "Ctrl+Alt+Space". */

const MODIFIER_CODES = /^(Control|Alt|Shift|Meta|OS)(Left|Right)$/;
/** Keys that write something: pressed alone they belong to the text that the person types. */
const TYPES =
  /^(Key[A-Z]|Digit[0-9]|Numpad([0-9]|Multiply|Add|Subtract|Decimal|Divide|Enter)|Space|Enter|Tab|Backspace|Delete|Minus|Equal|Bracket(Left|Right)|Backslash|Semicolon|Quote|Backquote|Comma|Period|Slash|Escape|Arrow(Left|Right|Up|Down)|Home|End)$/;
/** Names that the global key listener knows besides letters, digits and function keys. */
const KNOWN = /^(F([1-9]|1[0-9]|2[0-4])|PageUp|PageDown|Insert|ScrollLock|PrintScreen|NumLock|CapsLock)$/;

interface PressedKey {
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/** The pressed key; 'unfinished' while only modifiers are down; 'types' where the key is needed for typing. */
export function keyName(event: PressedKey): { name: string } | 'unfinished' | 'types' | 'unknown' {
  if (MODIFIER_CODES.test(event.code)) return 'unfinished';
  const types = TYPES.test(event.code);
  if (!types && !KNOWN.test(event.code)) return 'unknown';
  if (types && !event.ctrlKey && !event.altKey && !event.metaKey) return 'types';
  const modifiers = [
    event.ctrlKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey ? 'Shift' : '',
    event.metaKey ? 'Meta' : '',
  ].filter((name) => name !== '');
  return { name: [...modifiers, event.code.replace(/^(Key|Digit)/, '')].join('+') };
}

/** The labels of a saved key's caps, in the current language: "Ctrl+Space" → Strg, Leertaste. */
export function keyCaps(name: string): string[] {
  const caps: Readonly<Record<string, string>> = strings.keyCaps;
  // The key itself may be a plus.
  return name
    .split(/\+(?=.)/u)
    .filter((part) => part !== '')
    .map((part) => caps[part] ?? part);
}
