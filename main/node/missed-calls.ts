import type { MissedCall } from '../../preload/api.ts';
import { Emitter, faults, type Clock, type NodeId } from '../model/index.ts';
import type { Roster } from '../office/index.ts';
import { MAX_MISSED_CALLS } from './profile-fields.ts';
import type { Profile } from './profile.ts';

interface MissedCallsParts {
  readonly profile: Pick<Profile, 'settings' | 'note'>;
  readonly roster: { readonly directory: Pick<Roster['directory'], 'nodesOf'> };
  readonly clock: Clock;
  /** Tells that they have changed: status shows them. */
  readonly changed: () => void;
}

/** The people who called and were not answered: one line for each, kept in the profile. */
export class MissedCalls {
  /** `seen`: the person looked at these missed calls here, or called back. */
  readonly events = new Emitter<{ readonly seen: readonly NodeId[] }>((error) =>
    faults.tell('missed calls', error),
  );
  readonly #parts: MissedCallsParts;

  constructor(parts: MissedCallsParts) {
    this.#parts = parts;
  }

  /** The latest first, with the names and numbers that the people have now. */
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
    void this.#note([call, ...missedCalls.filter((other) => other !== before)].slice(0, MAX_MISSED_CALLS));
  }

  /** Undefined: all of them. Resolves as `Profile.note`. */
  async forget(person: NodeId | undefined): Promise<void> {
    const { missedCalls } = this.#parts.profile.settings;
    const rest = person === undefined ? [] : missedCalls.filter((call) => call.person !== person);
    const noted = rest.length < missedCalls.length ? this.#note(rest) : undefined;
    // Another computer of this person may list a call of theirs that this one does not.
    const seen = person === undefined ? missedCalls.map((call) => call.person) : [person];
    if (seen.length > 0) this.events.emit('seen', seen);
    await noted;
  }

  /** The person saw, at another of their computers, whose calls they had missed until then. `until`: ms since the epoch. */
  seen(person: NodeId, until: number): void {
    const { missedCalls } = this.#parts.profile.settings;
    const rest = missedCalls.filter((call) => call.person !== person || call.at > until);
    if (rest.length < missedCalls.length) void this.#note(rest);
  }

  #nameOf(person: NodeId): { readonly name: string; readonly extension: string } | undefined {
    const [known] = this.#parts.roster.directory.nodesOf(person);
    return known && { name: known.name, extension: known.extension };
  }

  #note(missedCalls: MissedCallsParts['profile']['settings']['missedCalls']): Promise<void> {
    const noted = this.#parts.profile.note({ missedCalls });
    this.#parts.changed();
    return noted;
  }
}
