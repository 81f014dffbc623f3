import type { NodeId } from '../model/index.ts';
import { MAX_NOTIFICATIONS, MAX_NOTIFICATIONS_OF_TALKER, NOTIFICATIONS_WITHIN_MS } from './limits.ts';

/** Whether one more notification may be raised. Pure; times are ms of one clock. */
export class NotificationRate {
  #raised: readonly { readonly talker: NodeId; readonly at: number }[] = [];

  mayRaise(talker: NodeId, now: number): boolean {
    // A clock that was set back must not silence anybody.
    this.#raised = this.#raised.filter(({ at }) => at <= now && now - at < NOTIFICATIONS_WITHIN_MS);
    const ofTalker = this.#raised.filter((one) => one.talker === talker).length;
    if (ofTalker >= MAX_NOTIFICATIONS_OF_TALKER || this.#raised.length >= MAX_NOTIFICATIONS) return false;
    this.#raised = [...this.#raised, { talker, at: now }];
    return true;
  }
}
