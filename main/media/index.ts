export { MediaWorker, type Opening } from './media-worker.ts';
export type {
  MessageKey,
  SoundConfiguration,
  StreamState,
  Target,
  WorkerCommand,
  WorkerEvent,
} from './protocol.ts';
