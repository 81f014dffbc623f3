import { MAX_HISTORY, type MessageId, type Schedule } from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { PeerLink } from './ports.ts';

/** How long an answer is awaited, ms. An earlier version never answers. */
const ANSWER_WITHIN_MS = 10_000;

type Older = ControlMessageOf<'older'>;

/** The question that is open, and the link that it was sent over. */
type Question = { readonly link: PeerLink } & (
  | {
      readonly of: 'history';
      readonly ids: MessageId[];
      readonly answered: (ids?: readonly MessageId[]) => void;
    }
  | { readonly of: 'older'; readonly id: MessageId; readonly answered: (answer?: Older) => void }
);

/** Asks one node at a time one question: for its list of older messages, or for one of them. Unasked answers are ignored. */
export class OlderQuestions {
  readonly #schedule: Schedule;
  #question: Question | undefined;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** The node's list; undefined: it did not answer. */
  historyOf(link: PeerLink): Promise<readonly MessageId[] | undefined> {
    return this.#answered((answered) => {
      this.#question = { link, of: 'history', ids: [], answered };
      link.send({ type: 'history-wanted' });
    });
  }

  olderOf(id: MessageId, link: PeerLink): Promise<Older | undefined> {
    return this.#answered((answered) => {
      this.#question = { link, of: 'older', id, answered };
      link.send({ type: 'older-wanted', id });
    });
  }

  #answered<T>(ask: (answered: (answer?: T) => void) => void): Promise<T | undefined> {
    return new Promise((resolve) => {
      const answered = (answer?: T): void => {
        cancel();
        this.#question = undefined;
        resolve(answer);
      };
      const cancel = this.#schedule(() => answered(), ANSWER_WITHIN_MS);
      ask(answered);
    });
  }

  /** Handles a part of a list. It is ignored where none was asked for. */
  history({ ids, more }: ControlMessageOf<'history'>, link: PeerLink): void {
    const question = this.#question;
    if (question?.link !== link || question.of !== 'history') return;
    question.ids.push(...ids);
    if (!more || question.ids.length >= MAX_HISTORY) question.answered(question.ids.slice(0, MAX_HISTORY));
  }

  /** Handles a message. It is ignored where it was not asked for. */
  older(answer: Older, link: PeerLink): void {
    const question = this.#question;
    if (question?.link === link && question.of === 'older' && question.id === answer.id)
      question.answered(answer);
  }

  linkDown(link: PeerLink): void {
    if (this.#question?.link === link) this.#question.answered();
  }

  /** Ends the open question without an answer. */
  end(): void {
    this.#question?.answered();
  }
}
