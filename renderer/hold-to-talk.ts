import type { PanelState } from './panel-state.svelte.ts';

/**
 * Makes an element a talk button: held by mouse, finger, Space or Enter, it talks. Whatever ends the hold ends the talk:
 * letting go anywhere, a lost pointer, another window in front, a hidden panel, the element's removal.
 */
export function holdToTalk(panel: PanelState, dial: () => string) {
  return (element: HTMLElement): (() => void) => {
    let holding = false;

    const press = (): void => {
      if (holding) return;
      holding = true;
      void panel
        .try(() => panel.api.call('talkPress', { dial: dial() }))
        .then((began) => {
          if (!began) holding = false;
        });
    };
    const release = (): void => {
      if (!holding) return;
      holding = false;
      // In the order of the calls: also a release at once comes after its press.
      void panel.try(() => panel.api.call('talkRelease'));
    };
    const onPointerDown = (event: PointerEvent): void => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      press();
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') return release();
      if (event.key !== ' ' && event.key !== 'Enter') return;
      event.preventDefault();
      if (!event.repeat) press();
    };
    const onKeyUp = (event: KeyboardEvent): void => {
      if (event.key !== ' ' && event.key !== 'Enter') return;
      event.preventDefault();
      release();
    };
    const onHidden = (): void => {
      if (document.hidden) release();
    };
    const onMenu = (event: Event): void => event.preventDefault();

    const here = { pointerdown: onPointerDown, keydown: onKeyDown, keyup: onKeyUp, contextmenu: onMenu };
    const ends = ['pointerup', 'pointercancel', 'lostpointercapture', 'blur'] as const;
    for (const [type, listener] of Object.entries(here))
      element.addEventListener(type, listener as EventListener);
    for (const type of ends) element.addEventListener(type, release);
    window.addEventListener('blur', release);
    document.addEventListener('visibilitychange', onHidden);
    return () => {
      release();
      for (const [type, listener] of Object.entries(here))
        element.removeEventListener(type, listener as EventListener);
      for (const type of ends) element.removeEventListener(type, release);
      window.removeEventListener('blur', release);
      document.removeEventListener('visibilitychange', onHidden);
    };
  };
}
