import type { Arguments } from '../preload/api.ts';
import type { PanelState } from './panel-state.svelte.ts';

interface TalkButtonOptions {
  /** The person or number to talk to, asked for at the moment of the press. */
  readonly to: () => Arguments<'talkPress'>;
  /** The action of Enter; without it, Enter held talks as Space does. */
  readonly onenter?: () => void;
}

/**
 * Makes an element a talk button: held by mouse, finger, Space or Enter, it talks. Everything that ends the hold ends
 * the talk: letting go anywhere, a lost pointer, another window in front, a hidden panel, the element's removal. A
 * person who cannot hold (a screen reader or voice control clicks) begins with one click and ends with another. A
 * function instead of options gives the string to dial.
 */
export function holdToTalk(panel: PanelState, options: TalkButtonOptions | (() => string)) {
  const { to, onenter } =
    typeof options === 'function' ? { to: () => ({ dial: options() }), onenter: undefined } : options;
  return (element: HTMLElement): (() => void) => {
    const hold = new TalkPress(panel, to, element);

    const listeners = {
      pointerdown(event: PointerEvent): void {
        if (event.button !== 0) return;
        element.setPointerCapture(event.pointerId);
        hold.press();
      },
      keydown(event: KeyboardEvent): void {
        if (event.key === 'Escape' && hold.holding) {
          event.preventDefault();
          hold.release();
        }
        if (!isTalkKey(event)) return;
        event.preventDefault();
        if (event.repeat) return;
        if (event.key === 'Enter' && onenter) onenter();
        else hold.press();
      },
      keyup(event: KeyboardEvent): void {
        if (!isTalkKey(event)) return;
        // Otherwise the browser makes a click of it.
        event.preventDefault();
        hold.release();
      },
      click(event: MouseEvent): void {
        // A click that came from no pointer and no key.
        if (event.detail !== 0) return;
        if (hold.holding) hold.release();
        else hold.press({ isHeld: false });
      },
      contextmenu(event: Event): void {
        event.preventDefault();
      },
    };
    for (const [type, listener] of Object.entries(listeners)) {
      element.addEventListener(type, listener as EventListener);
    }
    return () => {
      hold.release();
      for (const [type, listener] of Object.entries(listeners)) {
        element.removeEventListener(type, listener as EventListener);
      }
    };
  };
}

function isTalkKey(event: KeyboardEvent): boolean {
  return event.key === ' ' || event.key === 'Enter';
}

/** The events that end a hold besides a key that is let go. */
const ENDS = ['pointerup', 'pointercancel', 'lostpointercapture', 'blur'] as const;

/** One press and its release. It listens for the end only while it lasts: a list has many talk buttons. */
export class TalkPress {
  holding = false;
  readonly #panel: PanelState;
  readonly #to: () => Arguments<'talkPress'>;
  readonly #element: HTMLElement | undefined;

  constructor(panel: PanelState, to: () => Arguments<'talkPress'>, element?: HTMLElement) {
    this.#panel = panel;
    this.#to = to;
    this.#element = element;
  }

  /** @param isHeld a pointer or a key is held until the release; otherwise one click begins and another ends */
  press({ isHeld } = { isHeld: true }): void {
    if (this.holding) return;
    this.holding = true;
    for (const type of ENDS) this.#element?.addEventListener(type, this.release);
    window.addEventListener('blur', this.release);
    document.addEventListener('visibilitychange', this.#onHidden);
    void this.#panel.press({ ...this.#to(), isHeld }).then((began) => {
      if (!began) this.#ended();
    });
  }

  /** In the order of the calls: also a release at once comes after its press. */
  readonly release = (): void => {
    if (!this.holding) return;
    this.#ended();
    void this.#panel.try(() => this.#panel.api.call('talkRelease'));
  };

  #ended(): void {
    this.holding = false;
    for (const type of ENDS) this.#element?.removeEventListener(type, this.release);
    window.removeEventListener('blur', this.release);
    document.removeEventListener('visibilitychange', this.#onHidden);
  }

  readonly #onHidden = (): void => {
    if (document.hidden) this.release();
  };
}
