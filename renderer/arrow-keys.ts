/** Arrow keys, Home and End move the focus among the `[data-row]` elements of a list; Tab leaves it. */
export function arrowKeys(list: HTMLElement): () => void {
  const rows = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('[data-row]')];

  const onKeyDown = (event: KeyboardEvent): void => {
    const all = rows();
    const now = all.indexOf(document.activeElement as HTMLElement);
    if (now < 0) return;
    const places: Record<string, number> = {
      ArrowDown: Math.min(now + 1, all.length - 1),
      ArrowUp: Math.max(now - 1, 0),
      Home: 0,
      End: all.length - 1,
    };
    const next = places[event.key];
    if (next === undefined) return;
    event.preventDefault();
    all[next]?.focus();
  };
  list.addEventListener('keydown', onKeyDown);
  return () => list.removeEventListener('keydown', onKeyDown);
}
