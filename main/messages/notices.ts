import type { Clock, Emitter, MessageId } from '../model/index.ts';
import type { Archive } from './archive.ts';
import type { MessageEvents } from './events.ts';
import { NOTIFICATIONS_WITHIN_MS } from './limits.ts';
import { NotificationRate } from './notification-rate.ts';

interface NoticesParts {
  readonly archive: Pick<Archive, 'markNotified'>;
  readonly clock: Clock;
  readonly events: Emitter<MessageEvents>;
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
    const { archive, clock, events } = this.#parts;
    const message = archive.markNotified(id);
    if (!message) return false;
    const { talker, startedAt } = message.header.facts;
    const now = clock.now();
    if (this.#rate.mayRaise(talker, now)) events.emit('notification', message);
    // Messages that waited while this computer was away come all at once, which exceeds no talker's budget.
    else if (now - startedAt < NOTIFICATIONS_WITHIN_MS)
      events.emit('over', { node: talker, budget: 'notifications' });
    return true;
  }
}
