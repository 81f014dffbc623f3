export type { MessageReader } from './archive.ts';
export type { MessageEvents } from './events.ts';
export { Messages, type MessagesParts } from './messages.ts';
export { isOwnOther, ownOthersOnline } from './own-others.ts';
export type { PlayOptions } from './player.ts';
export type { ListenerPort, MediaPort, MessagePorts, OfficePort, PeerLink } from './ports.ts';
export type { OngoingTalk, Playback, Progress } from './states.ts';
export type { Waveform } from './waveforms.ts';
