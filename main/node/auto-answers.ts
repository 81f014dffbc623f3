import { Emitter, faults, type NodeId } from '../model/index.ts';
import type { OfficeSession } from '../office/index.ts';
import type { Profile } from './profile.ts';

export interface AutoAnswersParts {
  readonly profile: Pick<Profile, 'settings' | 'change' | 'note'>;
  readonly session: Pick<OfficeSession, 'office' | 'events'>;
}

/**
 * The colleagues whose calls are answered by themselves, as this person chose. Nobody else is told who they are. Whoever is out of the
 * office is out of the choice, too: a person who is let in again is chosen again, or not.
 */
export class AutoAnswers {
  readonly events = new Emitter<{ changed: undefined }>((error) => faults.tell('automatic answers', error));
  readonly #parts: AutoAnswersParts;

  constructor(parts: AutoAnswersParts) {
    this.#parts = parts;
    parts.session.events.on('changed', () => this.#follow());
  }

  has(person: NodeId): boolean {
    return this.#parts.profile.settings.autoAnswers.includes(person);
  }

  /** @throws CorridorError `settings-not-saved` */
  async set(person: NodeId, isOn: boolean): Promise<void> {
    await this.#parts.profile.change(({ autoAnswers }) => {
      const others = autoAnswers.filter((one) => one !== person);
      return { autoAnswers: isOn ? [...others, person] : others };
    });
    this.events.emit('changed', undefined);
  }

  #follow(): void {
    const { profile, session } = this.#parts;
    const ledger = session.office?.ledger;
    const { autoAnswers } = profile.settings;
    if (!ledger?.self) return;
    const present = autoAnswers.filter((person) => ledger.nodesOf(person).length > 0);
    if (present.length === autoAnswers.length) return;
    void profile.note({ autoAnswers: present });
    this.events.emit('changed', undefined);
  }
}
