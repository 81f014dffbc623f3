import type { PresenceShown, RecipientStatus } from '../preload/api.ts';
import { strings } from './strings/index.ts';

/** Describes a recipient's state: never more than their node reported or their receipt proves. */
export function describeRecipient({ state }: RecipientStatus, presence: PresenceShown): string {
  if (state === 'waiting') return strings.recipientWaiting[presence];
  if (state === 'notified') return strings.recipientNotified[presence];
  return strings.recipient[state];
}
