export type { RingName, StreamState } from '../../native-audio/index.ts';
export { MediaSocket } from './media-socket.ts';
export { MediaWorker, type MediaEvents } from './media-worker.ts';
export { peaksOf } from './peaks.ts';
export { Resealer } from './resealer.ts';
export { SrtpReceiver } from './srtp.ts';
export type {
  CallCleaning,
  GroupReach,
  MessageKey,
  SoundConfiguration,
  SoundTestState,
  MediaAddress,
  WorkerCommand,
  WorkerEvent,
} from './protocol.ts';
