import type { Arguments } from '../preload/api.ts';
import type { PanelState } from './panel-state.svelte.ts';

export interface HoldOptions {
  /** Whom the talk is for, asked at the moment of the press. */
  readonly to: () => Arguments<'talkPress'>;
  /** What Enter does; without it, Enter held talks as Space does. */
  readonly onenter?: () => void;
}

/**
 * Makes an element a talk button: held by mouse, finger, Space or Enter, it talks. Whatever ends the hold ends the talk:
 * letting go anywhere, a lost pointer, another window in front, a hidden panel, the element's removal. Whoever cannot
 * hold (a screen reader or voice control clicks) begins with one click and ends with another. A function instead of
 * options says what is dialled.
 */
export function holdToTalk(panel: PanelState, options: HoldOptions | (() => string)) {
  const { to, onenter } =
    typeof options === 'function' ? { to: () => ({ dial: options() }), onenter: undefined } : options;
  return (element: HTMLElement): (() => void) => {
    const hold = new Hold(panel, to);
    const isKey = (event: KeyboardEvent): boolean => event.key === ' ' || event.key === 'Enter';

    const onPointerDown = (event: PointerEvent): void => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      hold.press();
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && hold.holding) event.preventDefault();
      if (event.key === 'Escape') return hold.release();
      if (!isKey(event)) return;
      event.preventDefault();
      if (event.repeat) return;
      if (event.key === 'Enter' && onenter) onenter();
      else hold.press();
    };
    const onKeyUp = (event: KeyboardEvent): void => {
      if (!isKey(event)) return;
      event.preventDefault();
      hold.release();
    };
    const onClick = (event: MouseEvent): void => {
      // A click that no pointer and no key made.
      if (event.detail !== 0) return;
      if (hold.holding) hold.release();
      else hold.press();
    };
    const onMenu = (event: Event): void => event.preventDefault();

    const listeners = {
      pointerdown: onPointerDown,
      keydown: onKeyDown,
      keyup: onKeyUp,
      click: onClick,
      contextmenu: onMenu,
    };
    const ends = ['pointerup', 'pointercancel', 'lostpointercapture', 'blur'] as const;
    for (const [type, listener] of Object.entries(listeners))
      element.addEventListener(type, listener as EventListener);
    for (const type of ends) element.addEventListener(type, hold.release);
    return () => {
      hold.end();
      for (const [type, listener] of Object.entries(listeners))
        element.removeEventListener(type, listener as EventListener);
      for (const type of ends) element.removeEventListener(type, hold.release);
    };
  };
}

/** One press and its release. The window's going away ends it as well. */
export class Hold {
  holding = false;
  readonly #panel: PanelState;
  readonly #to: () => Arguments<'talkPress'>;

  constructor(panel: PanelState, to: () => Arguments<'talkPress'>) {
    this.#panel = panel;
    this.#to = to;
    window.addEventListener('blur', this.release);
    document.addEventListener('visibilitychange', this.#onHidden);
  }

  readonly press = (): void => {
    if (this.holding) return;
    this.holding = true;
    void this.#panel
      .try(() => this.#panel.api.call('talkPress', this.#to()))
      .then((began) => {
        if (!began) this.holding = false;
      });
  };

  /** In the order of the calls: also a release at once comes after its press. */
  readonly release = (): void => {
    if (!this.holding) return;
    this.holding = false;
    void this.#panel.try(() => this.#panel.api.call('talkRelease'));
  };

  end(): void {
    this.release();
    window.removeEventListener('blur', this.release);
    document.removeEventListener('visibilitychange', this.#onHidden);
  }

  readonly #onHidden = (): void => {
    if (document.hidden) this.release();
  };
}
