export type { Addressing, TypedWords } from './compose.ts';
export { isOverride } from './delivery-policy.ts';
export type { MessageEvents } from './events.ts';
export { Messages } from './messages.ts';
export { isOwnOther, OwnOthers } from './own-others.ts';
export type { HistoryPort, ListenerPort, MediaPort, PeerLink } from './ports.ts';
export { Transcripts } from './transcripts.ts';
export type { OngoingTalk, Playback, Progress, Report } from './states.ts';
