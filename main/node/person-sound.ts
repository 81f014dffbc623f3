import { VOLUME } from '../../preload/api.ts';
import { Emitter, faults, type Clock, type NodeId, type Schedule } from '../model/index.ts';
import { PresenceExpiry } from './presence-expiry.ts';
import type { Profile } from './profile.ts';
import type { ProfileSettings } from './profile-fields.ts';

/** How loud a sound seems grows with this power of its amplitude (Stevens 1955): half as loud is 10 dB less. */
const LOUDNESS_EXPONENT = 0.6;

interface PersonSoundParts {
  readonly profile: Pick<Profile, 'settings' | 'change' | 'note'>;
  /** The person of that node; undefined: it is no member's. */
  readonly personOf: (node: NodeId) => NodeId | undefined;
  readonly clock: Pick<Clock, 'now'>;
  readonly schedule: Schedule;
}

interface PersonSoundEvents {
  changed: undefined;
}

/** How this person wants to hear each colleague: how loud, and whether anything of them sounds by itself. */
export class PersonSound {
  readonly events = new Emitter<PersonSoundEvents>((error) => faults.tell('the sound of colleagues', error));
  readonly #parts: PersonSoundParts;
  readonly #expiry: PresenceExpiry;

  constructor(parts: PersonSoundParts) {
    this.#parts = parts;
    const { clock, schedule } = parts;
    this.#expiry = new PresenceExpiry({ now: () => clock.now(), schedule, ended: () => this.#ended() });
    this.#expiry.set(this.#nextEnd);
  }

  /** Percent of the loudness that the colleague has by themself. */
  volumeOf(person: NodeId): number {
    return this.#parts.profile.settings.volumes[person] ?? VOLUME.full;
  }

  /** A factor of the amplitude of what that node's person says. */
  gainOf(talker: NodeId): number {
    const person = this.#parts.personOf(talker);
    return person === undefined ? 1 : gainOfVolume(this.volumeOf(person));
  }

  /** A factor of the amplitude of pages, besides that of their talker. */
  get gainOfPages(): number {
    return gainOfVolume(this.#parts.profile.settings.pageVolume);
  }

  /** Until when, ms since the epoch; undefined: they are not muted. */
  mutedUntil(person: NodeId): number | undefined {
    const until = this.#parts.profile.settings.mutes[person];
    return until !== undefined && until > this.#parts.clock.now() ? until : undefined;
  }

  isMuted(talker: NodeId): boolean {
    const person = this.#parts.personOf(talker);
    return person !== undefined && this.mutedUntil(person) !== undefined;
  }

  /** @throws CorridorError `settings-not-saved` */
  async setVolume(person: NodeId, percent: number): Promise<void> {
    await this.#parts.profile.change(({ volumes }) => {
      const { [person]: _before, ...others } = volumes;
      return { volumes: percent === VOLUME.full ? others : { ...others, [person]: percent } };
    });
    this.events.emit('changed', undefined);
  }

  /** A person can mute somebody also on a full disk. `until`: ms since the epoch; null: they are heard again. */
  async mute(person: NodeId, until: number | null): Promise<void> {
    const { [person]: _before, ...others } = this.#inForce;
    const noted = this.#parts.profile.note({
      mutes: until === null ? others : { ...others, [person]: until },
    });
    this.#expiry.set(this.#nextEnd);
    this.events.emit('changed', undefined);
    await noted;
  }

  close(): void {
    this.#expiry.set(null);
  }

  #ended(): void {
    void this.#parts.profile.note({ mutes: this.#inForce });
    this.#expiry.set(this.#nextEnd);
    this.events.emit('changed', undefined);
  }

  get #inForce(): ProfileSettings['mutes'] {
    const now = this.#parts.clock.now();
    const { mutes } = this.#parts.profile.settings;
    return Object.fromEntries(Object.entries(mutes).filter(([, until]) => until > now));
  }

  get #nextEnd(): number | null {
    const ends = Object.values(this.#inForce);
    return ends.length === 0 ? null : Math.min(...ends);
  }
}

/** The factor of the amplitude that gives this percentage of the loudness. */
export function gainOfVolume(percent: number): number {
  return (percent / VOLUME.full) ** (1 / LOUDNESS_EXPONENT);
}
