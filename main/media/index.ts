export { MediaWorker, type Opening } from './media-worker.ts';
export { peaksOf } from './peaks.ts';
export type {
  MessageKey,
  SoundConfiguration,
  StreamState,
  Target,
  WorkerCommand,
  WorkerEvent,
} from './protocol.ts';
