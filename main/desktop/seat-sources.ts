import { IDLE_S, type SeatState } from './seat.ts';

/** A report of one source on whether somebody is there. Undefined: the source does not know, or is gone. */
export type SeatFact =
  /** Chromium's state of the X screen. */
  | { readonly of: 'x-screen'; readonly state: SeatState }
  /** The screen saver: org.freedesktop.ScreenSaver. */
  | { readonly of: 'screen-saver'; readonly isActive: boolean | undefined }
  /** The changed hints of logind's session. */
  | { readonly of: 'session'; readonly isLocked?: boolean; readonly isIdle?: boolean }
  /** A request to lock or unlock the session. The other sources tell whether that happens. */
  | { readonly of: 'session-asked'; readonly isLocked: boolean; readonly at: number }
  /** Mutter's idle time, ms. */
  | { readonly of: 'mutter'; readonly idleMs: number | undefined };

/** A requested lock counts for this long, ms; by then the screen saver or logind has reported it. */
export const ASKED_MS = 5000;

/**
 * Combines the sources of a Linux desktop. Under Wayland the X screen sees only a part of the input, so it counts under X11 alone. Unless a
 * source reports that nobody is there, somebody is taken to be there. Pure; times are ms of one clock.
 */
export class SeatSources {
  readonly #isWayland: boolean;
  #xScreen: SeatState = 'unknown';
  #isSaverActive = false;
  #isSessionLocked = false;
  #isSessionIdle = false;
  #askedAt: number | undefined;
  #mutterIdleMs: number | undefined;

  constructor({ isWayland }: { readonly isWayland: boolean }) {
    this.#isWayland = isWayland;
  }

  take(fact: SeatFact): void {
    switch (fact.of) {
      case 'x-screen':
        this.#xScreen = fact.state;
        break;
      case 'screen-saver':
        this.#isSaverActive = fact.isActive === true;
        break;
      case 'session':
        this.#isSessionLocked = fact.isLocked ?? this.#isSessionLocked;
        this.#isSessionIdle = fact.isIdle ?? this.#isSessionIdle;
        if (fact.isLocked === false) this.#askedAt = undefined;
        break;
      case 'session-asked':
        this.#askedAt = fact.isLocked ? fact.at : undefined;
        break;
      case 'mutter':
        this.#mutterIdleMs = fact.idleMs;
        break;
    }
  }

  state(now: number): SeatState {
    const isAsked = this.#askedAt !== undefined && now - this.#askedAt < ASKED_MS;
    if (this.#isSaverActive || this.#isSessionLocked || isAsked) return 'locked';
    if (!this.#isWayland && this.#xScreen !== 'unknown') return this.#xScreen;
    const isIdle =
      this.#mutterIdleMs === undefined ? this.#isSessionIdle : this.#mutterIdleMs >= IDLE_S * 1000;
    return isIdle ? 'idle' : 'active';
  }
}
