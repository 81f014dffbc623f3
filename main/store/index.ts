export { MessageStore } from './message-store.ts';
export type { BeginOptions } from './intake.ts';
export type { KeptMessages } from './kept-messages.ts';
export type { Place } from './lookup.ts';
export type { Completion, Refusal, StoreEvents, StoreOptions } from './store-options.ts';
export { hasEverybodyHeard, hasHeardEnough, holdsOrHeard, readersOf, type Audience } from './receipts.ts';
export type { RetentionLimits } from './retention.ts';
export { TranscriptFiles } from './transcript-files.ts';
export { retrievalNumber, type NumberClaim } from './retrieval-number.ts';
export {
  arrivalOf,
  spokenAtOf,
  isBrokenOff,
  isUnheard,
  type Local,
  type Statement,
  type StoredMessage,
} from './stored-message.ts';
export type { Trouble } from './trouble.ts';
