import type { PresenceShown, RecipientStatus } from '../preload/api.ts';
import { strings } from './strings/index.ts';

/** What is known of a recipient, in words: never more than their node or their receipt said. */
export function describeRecipient({ state }: RecipientStatus, presence: PresenceShown): string {
  if (state === 'waiting') return strings.recipientWaiting[presence];
  if (state === 'notified') return strings.recipientNotified[presence];
  return strings.recipient[state];
}
