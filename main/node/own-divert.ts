import { latestDivert } from '../directory/index.ts';
import { LATEST_MS, type Clock, type Divert, type KnownNode, type NodeId } from '../model/index.ts';
import type { OfficeSession, Roster } from '../office/index.ts';
import type { Profile } from './profile.ts';

interface OwnDivertParts {
  readonly profile: Pick<Profile, 'settings' | 'note'>;
  readonly session: Pick<OfficeSession, 'office' | 'events' | 'describe'> & {
    readonly roster: Pick<Roster, 'directory' | 'self'>;
  };
  readonly clock: Clock;
}

/**
 * Who gets this person's messages instead. It is kept in the profile, and said in this computer's record. All computers of the
 * person say the same: each takes over what another one chose later, so the divert holds where that one is off or gone. It ends
 * by itself where the chosen person leaves the office.
 */
export class OwnDivert {
  readonly #parts: OwnDivertParts;

  constructor(parts: OwnDivertParts) {
    this.#parts = parts;
    const { events } = parts.session;
    events.on('roster', () => this.#refresh());
    events.on('changed', () => this.#refresh());
  }

  /** The person who gets the messages. Undefined: nobody else does. */
  get target(): Pick<KnownNode, 'person' | 'name' | 'extension'> | undefined {
    const { profile, session } = this.#parts;
    const person = profile.settings.divert?.to ?? undefined;
    if (person === undefined) return undefined;
    const name = session.roster.directory.nameOfPerson(person) ?? 'Somebody unknown';
    return { person, name, extension: session.office?.ledger.extensionOf(person) ?? '' };
  }

  /** From now on that person gets the messages; null: this person gets them again. Works on a full disk, too. */
  async choose(to: NodeId | null): Promise<void> {
    const { profile, clock } = this.#parts;
    // Another computer's clock may be ahead. A choice of now counts as later than what is known.
    const after = (profile.settings.divert?.at ?? -1) + 1;
    await this.#note({ to, at: Math.min(Math.max(clock.now(), after), LATEST_MS) });
  }

  #refresh(): void {
    const { profile, session } = this.#parts;
    const ledger = session.office?.ledger;
    const person = ledger?.self?.person;
    if (!ledger || person === undefined) return;
    const { directory, self } = session.roster;
    const own = profile.settings.divert ?? undefined;
    const others = directory.nodesOf(person).filter(({ node }) => node !== self);
    const latest = latestDivert([own, ...others.map(({ divert }) => divert)]);
    if (latest && (latest.at !== own?.at || latest.to !== own.to)) void this.#note(latest);
    else if (own && own.to !== null && ledger.nodesOf(own.to).length === 0) void this.choose(null);
  }

  #note(divert: Divert): Promise<void> {
    const { profile, session } = this.#parts;
    const noted = profile.note({ divert });
    session.describe();
    return noted;
  }
}
