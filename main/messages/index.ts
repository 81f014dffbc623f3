export { isOverride } from './delivery-policy.ts';
export type { MessageEvents } from './events.ts';
export { Messages } from './messages.ts';
export type { HistoryPort } from './older-messages.ts';
export { isOwnOther, OwnOthers } from './own-others.ts';
export type { ListenerPort, MediaPort, PeerLink } from './ports.ts';
export type { OngoingTalk, Playback, Progress } from './states.ts';
