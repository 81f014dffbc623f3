export {
  MessageStore,
  type Completion,
  type Following,
  type Schedule,
  type StoreEvents,
  type StoreOptions,
} from './message-store.ts';
export type { FollowEnd, FollowListener } from './follower.ts';
export { retrievalNumber } from './retrieval-number.ts';
export type { Local, MessageState, Roles, Statement, StoredMessage } from './stored-message.ts';
export type { Trouble, TroubleCode } from './trouble.ts';
