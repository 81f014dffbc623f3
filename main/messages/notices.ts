import type { Clock, Emitter, MessageId } from '../model/index.ts';
import type { Archive } from './archive.ts';
import type { MessageEvents } from './events.ts';
import { NotificationRate } from './notification-rate.ts';

interface NoticesParts {
  readonly archive: Pick<Archive, 'markNotified'>;
  readonly clock: Clock;
  readonly events: Emitter<MessageEvents>;
  /** Whether it came from its talker's own hands just now. */
  readonly isFresh: (id: MessageId) => boolean;
}

/** Has the person notified of messages: once of each, and no more often than a person can look. */
export class Notices {
  readonly #parts: NoticesParts;
  readonly #rate = new NotificationRate();

  constructor(parts: NoticesParts) {
    this.#parts = parts;
  }

  /** False: the person was notified of it before, has heard it, or it is gone. */
  raise(id: MessageId): boolean {
    const { archive, clock, events, isFresh } = this.#parts;
    const message = archive.markNotified(id);
    if (!message) return false;
    const { talker } = message.header.facts;
    if (this.#rate.mayRaise(talker, clock.now())) events.emit('notification', message);
    // Messages that waited while this computer was away come all at once, which exceeds no talker's budget.
    else if (isFresh(id)) events.emit('over', { node: talker, budget: 'notifications' });
    return true;
  }
}
