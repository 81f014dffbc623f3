import type { LocalizedText } from '../../i18n/index.ts';
import type { MoveAsked } from '../../preload/api.ts';
import { isOpenIn, moveText, officeOfMove, takeMove, type MoveQuestion } from '../identity/index.ts';
import { CorridorError, type Clock, type NodeId } from '../model/index.ts';
import type { OfficeEvents, OfficeSession, Roster } from '../office/index.ts';
import type { Profile } from './profile.ts';

interface MoveQuestionsParts {
  readonly profile: Pick<Profile, 'settings' | 'note'>;
  readonly session: Pick<OfficeSession, 'office' | 'events'> & { readonly roster: Pick<Roster, 'directory'> };
  readonly clock: Pick<Clock, 'now'>;
  /** The person is asked, for the first time. */
  readonly asked: (text: LocalizedText) => void;
}

/**
 * Keeps the question of colleagues who founded the office anew: whether this person moves too. A question that waits for an
 * answer outlasts a restart.
 */
export class MoveQuestions {
  readonly #parts: MoveQuestionsParts;
  readonly #stop: () => void;

  constructor(parts: MoveQuestionsParts) {
    this.#parts = parts;
    this.#stop = parts.session.events.on('move', (came) => this.#take(came));
  }

  close(): void {
    this.#stop();
  }

  /** The question that has waited longest; null: there is none in this office. */
  get first(): MoveAsked | null {
    const question = this.#open[0];
    return question ? { office: question.office, ...this.#text(question) } : null;
  }

  /** @throws CorridorError `no-move` where nobody asks that any more */
  linkTo(office: string): string {
    const link = this.#open.find((one) => one.office === office)?.link;
    if (link == null)
      throw new CorridorError('no-move', 'Nobody asks you any more whether you move to another office.');
    return link;
  }

  /** The person has answered. */
  async settle(office: string): Promise<void> {
    const { profile } = this.#parts;
    const settled = (one: MoveQuestion): MoveQuestion =>
      one.office === office ? { ...one, link: null } : one;
    await profile.note({ moveQuestions: profile.settings.moveQuestions.map(settled) });
  }

  get #open(): readonly MoveQuestion[] {
    const { profile, session } = this.#parts;
    const { office } = session;
    // Also where this computer was removed meanwhile: otherwise a hostile admin could withdraw the question.
    return office ? profile.settings.moveQuestions.filter((one) => isOpenIn(one, office.ledger.id)) : [];
  }

  #take({ link, frame }: OfficeEvents['move']): void {
    const { profile, session, clock, asked } = this.#parts;
    const ledger = session.office?.ledger;
    if (!ledger?.self) return;
    const taken = takeMove(profile.settings.moveQuestions, frame, link.peer, ledger, clock.now());
    if (taken.kind === 'asked') {
      // Where the disk refuses it, the person is asked all the same, and the question is forgotten at the next start.
      void profile.note({ moveQuestions: [...taken.questions] });
      const question = taken.questions.at(-1);
      if (question) asked(this.#text(question));
      session.events.emit('changed', undefined);
    }
    const office = officeOfMove(frame);
    if (office !== undefined) link.send({ type: 'move-heard', office, isAsked: taken.kind !== 'refused' });
  }

  #text({ from, without }: MoveQuestion): LocalizedText {
    const { session } = this.#parts;
    const { directory } = session.roster;
    const ledger = session.office?.ledger;
    const own = ledger?.self?.person;
    const left = new Map<NodeId, string | null>();
    for (const node of without) {
      const person = ledger?.personOf(node) ?? ledger?.formerMember(node)?.person;
      if (person !== undefined && person !== own)
        left.set(person, directory.nameOfPerson(person) ?? directory.nameOf(node) ?? null);
    }
    return moveText(directory.nameOf(from) ?? null, [...left.values()]);
  }
}
