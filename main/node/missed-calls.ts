import type { MissedCall } from '../../preload/api.ts';
import type { Clock, NodeId } from '../model/index.ts';
import type { Roster } from '../office/index.ts';
import { MAX_MISSED_CALLS } from './profile-fields.ts';
import type { Profile } from './profile.ts';

export interface MissedCallsParts {
  readonly profile: Pick<Profile, 'settings' | 'note'>;
  readonly roster: { readonly directory: Pick<Roster['directory'], 'nodesOf'> };
  readonly clock: Clock;
  /** Status shows them: they have changed. */
  readonly changed: () => void;
}

/** Who called and was not answered: one line for each person, kept in the profile. */
export class MissedCalls {
  readonly #parts: MissedCallsParts;

  constructor(parts: MissedCallsParts) {
    this.#parts = parts;
  }

  /** The latest first, by the names and numbers that their people have now. */
  get list(): readonly MissedCall[] {
    return this.#parts.profile.settings.missedCalls.map((call) => ({
      ...call,
      ...this.#nameOf(call.person),
    }));
  }

  add(person: NodeId): void {
    const { profile, clock } = this.#parts;
    const { missedCalls } = profile.settings;
    const before = missedCalls.find((call) => call.person === person);
    const known = this.#nameOf(person) ?? before;
    if (!known) return;
    const { name, extension } = known;
    const call = { person, name, extension, at: clock.now(), times: (before?.times ?? 0) + 1 };
    this.#note([call, ...missedCalls.filter((other) => other !== before)].slice(0, MAX_MISSED_CALLS));
  }

  /** Undefined: all. */
  forget(person: NodeId | undefined): void {
    const { missedCalls } = this.#parts.profile.settings;
    const rest = person === undefined ? [] : missedCalls.filter((call) => call.person !== person);
    if (rest.length < missedCalls.length) this.#note(rest);
  }

  #nameOf(person: NodeId): { readonly name: string; readonly extension: string } | undefined {
    const [known] = this.#parts.roster.directory.nodesOf(person);
    return known && { name: known.name, extension: known.extension };
  }

  #note(missedCalls: MissedCallsParts['profile']['settings']['missedCalls']): void {
    void this.#parts.profile.note({ missedCalls });
    this.#parts.changed();
  }
}
