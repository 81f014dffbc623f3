import type { Flash } from '../preload/api.ts';

/** How long a flash and its text are shown, ms; the flashing itself ends earlier. */
const SHOWN_MS = 4000;

/** The flash that calls the person now, where the page shows it. */
export class FlashState {
  shown = $state.raw<Flash | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  take(flash: Flash | null): void {
    clearTimeout(this.#timer);
    this.shown = flash;
    if (flash && !flash.lasts) this.#timer = setTimeout(() => (this.shown = null), SHOWN_MS);
  }
}
