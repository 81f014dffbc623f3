/** A talk key as it is kept ("F9", "Ctrl+Alt+Space"), understood by the numbers of the key listener. */
export interface KeyBinding {
  readonly keycode: number;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly meta: boolean;
}

export interface ModifierFlags {
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/** Null where a name in it is not among `keycodes`. */
export function parseBinding(text: string, keycodes: Readonly<Record<string, number>>): KeyBinding | null {
  const names = text.split('+').map((name) => name.trim());
  const key = names.pop();
  const keycode = key !== undefined && Object.hasOwn(keycodes, key) ? keycodes[key] : undefined;
  const known = ['Ctrl', 'Alt', 'Shift', 'Meta'];
  if (keycode === undefined || names.some((name) => !known.includes(name))) return null;
  return {
    keycode,
    ctrl: names.includes('Ctrl'),
    alt: names.includes('Alt'),
    shift: names.includes('Shift'),
    meta: names.includes('Meta'),
  };
}

/** Whether the modifiers that the binding asks for are down. Others are allowed: people talk while they hold Shift. */
export function modifiersDown(binding: KeyBinding, event: ModifierFlags): boolean {
  return (
    (!binding.ctrl || event.ctrlKey) &&
    (!binding.alt || event.altKey) &&
    (!binding.shift || event.shiftKey) &&
    (!binding.meta || event.metaKey)
  );
}
