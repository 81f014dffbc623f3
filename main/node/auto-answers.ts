import { nodesRemovedBy } from '../identity/index.ts';
import { Emitter, faults, type NodeId, type Signed } from '../model/index.ts';
import type { OfficeSession } from '../office/index.ts';
import type { Profile } from './profile.ts';
import { toggled } from './toggled.ts';

interface AutoAnswersParts {
  readonly profile: Pick<Profile, 'settings' | 'change' | 'note'>;
  readonly session: Pick<OfficeSession, 'office' | 'events'>;
}

type Ledger = NonNullable<OfficeSession['office']>['ledger'];

/**
 * The colleagues whose calls are answered by themselves, as this person chose. Nobody else learns who they are. A person who leaves
 * the office is out of the choice, too: a person who is let in again is chosen again, or not. That also holds where they were removed and let
 * in again while this computer was off: it learns both at once, and then looks at the removal itself.
 */
export class AutoAnswers {
  readonly events = new Emitter<{ changed: undefined }>((error) => faults.tell('automatic answers', error));
  readonly #parts: AutoAnswersParts;
  #ledger: Ledger | undefined;
  #stopListening: () => void = () => undefined;
  /** Computers of removals that the present evaluation of the ledger does not know yet. */
  readonly #removed = new Set<NodeId>();

  constructor(parts: AutoAnswersParts) {
    this.#parts = parts;
    this.#listen();
    parts.session.events.on('changed', () => {
      this.#listen();
      this.#keep((person, ledger) => ledger.nodesOf(person).length > 0);
    });
  }

  has(person: NodeId): boolean {
    return this.#parts.profile.settings.autoAnswers.includes(person);
  }

  /** @throws CorridorError `settings-not-saved` */
  async set(person: NodeId, isOn: boolean): Promise<void> {
    await this.#parts.profile.change(({ autoAnswers }) => ({
      autoAnswers: toggled(autoAnswers, person, isOn),
    }));
    this.events.emit('changed', undefined);
  }

  /** Listens to the ledger of the present office. */
  #listen(): void {
    const ledger = this.#parts.session.office?.ledger;
    if (ledger === this.#ledger) return;
    this.#stopListening();
    this.#ledger = ledger;
    this.#removed.clear();
    if (!ledger) return;
    const stops = [
      ledger.events.on('added', ({ statements }) => this.#added(statements)),
      ledger.events.on('standing', () => this.#removed.clear()),
    ];
    this.#stopListening = () => {
      for (const stop of stops) stop();
    };
  }

  /** Statements that count have come, and are not in the evaluation yet: it still tells which computers a person had. */
  #added(statements: readonly Signed[]): void {
    const nodes = statements.flatMap(nodesRemovedBy);
    if (nodes.length === 0) return;
    for (const node of nodes) this.#removed.add(node);
    this.#keep((person, ledger) => ledger.nodesOf(person).some((node) => !this.#removed.has(node)));
  }

  #keep(isIn: (person: NodeId, ledger: Ledger) => boolean): void {
    const { profile } = this.#parts;
    const ledger = this.#ledger;
    const { autoAnswers } = profile.settings;
    if (!ledger?.self) return;
    const present = autoAnswers.filter((person) => isIn(person, ledger));
    if (present.length === autoAnswers.length) return;
    void profile.note({ autoAnswers: present });
    this.events.emit('changed', undefined);
  }
}
