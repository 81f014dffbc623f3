export { MessageStore } from './message-store.ts';
export type { Completion, Refusal, StoreEvents, StoreOptions, Streaming, Totals } from './store-options.ts';
export type { StreamEnd, StreamListener } from './fragment-stream.ts';
export { hasEverybodyHeard, type Audience } from './receipts.ts';
export type { RetentionLimits } from './retention.ts';
export { retrievalNumber, type NumberClaim } from './retrieval-number.ts';
export type { Local, MessageState, Roles, Statement, StoredMessage } from './stored-message.ts';
export type { Trouble, TroubleCode } from './trouble.ts';
