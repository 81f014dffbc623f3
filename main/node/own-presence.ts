import { CorridorError, schedule, tomorrowMorning, type ChosenPresence } from '../model/index.ts';
import type { OfficeSession } from '../office/index.ts';
import { PresenceExpiry } from './presence-expiry.ts';
import type { Profile } from './profile.ts';

interface OwnPresenceParts {
  readonly profile: Profile;
  readonly session: OfficeSession;
  /** Status and people show it: they have changed. */
  readonly changed: () => void;
}

export function timePast(): CorridorError {
  return new CorridorError('time-past', 'That time is past already. Choose a later one.');
}

/** This person's presence: kept in the profile, told to the office, and ended by itself at the chosen time. */
export class OwnPresence {
  readonly #parts: OwnPresenceParts;
  readonly #expiry: PresenceExpiry;

  constructor(parts: OwnPresenceParts) {
    this.#parts = parts;
    this.#expiry = new PresenceExpiry({
      now: Date.now,
      schedule,
      ended: () => void this.#note('available', null),
    });
    this.#expiry.set(parts.profile.settings.presenceUntil);
  }

  /**
   * @param until when it ends: ms since the epoch; `tomorrow`: at eight tomorrow; undefined: not by itself
   * @throws CorridorError `time-past`
   */
  async choose(presence: ChosenPresence, until?: number | 'tomorrow'): Promise<void> {
    const at = until === 'tomorrow' ? tomorrowMorning(Date.now()) : (until ?? null);
    // Available for a time would become available: there is nothing to wait for.
    const ends = presence === 'available' ? null : at;
    if (ends !== null && ends <= Date.now()) throw timePast();
    await this.#note(presence, ends);
    this.#expiry.set(ends);
  }

  close(): void {
    this.#expiry.set(null);
  }

  /** A person can ask to be left alone also on a full disk. That it is not saved is then a trouble in the status. */
  async #note(presence: ChosenPresence, presenceUntil: number | null): Promise<void> {
    const noted = this.#parts.profile.note({ presence, presenceUntil });
    this.#parts.session.describe();
    this.#parts.changed();
    await noted;
  }
}
