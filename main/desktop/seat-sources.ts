import { IDLE_S, type SeatState } from './seat.ts';

/** Something that the desktop told of whether somebody is there. Undefined: it does not say, or no more. */
export type SeatFact =
  /** What Chromium knows of the X screen. */
  | { readonly of: 'x-screen'; readonly state: SeatState }
  /** The screen saver: org.freedesktop.ScreenSaver. */
  | { readonly of: 'screen-saver'; readonly isActive: boolean | undefined }
  /** The hints of logind's session, those that changed. */
  | { readonly of: 'session'; readonly isLocked?: boolean; readonly isIdle?: boolean }
  /** Somebody asked to lock or unlock the session. Whether that happens, the others tell. */
  | { readonly of: 'session-asked'; readonly isLocked: boolean; readonly at: number }
  /** For how long Mutter has seen no input, ms. */
  | { readonly of: 'mutter'; readonly idleMs: number | undefined };

/** A lock that was asked for counts for this long, ms: by then whoever locks has said so. */
export const ASKED_MS = 5000;

/**
 * What the sources of a Linux desktop come to. Under Wayland the X screen sees only a part of what is typed, so what it tells counts
 * under X11 alone. Where no source says that nobody is there, somebody is: nothing is guessed. Pure; times are ms of one clock.
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
