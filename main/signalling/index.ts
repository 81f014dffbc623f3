export { connectAsOutsider, connectControl, type ConnectOptions, type OutsiderOptions } from './connect.ts';
export type { ControlLink } from './control-link.ts';
export { ControlServer, type ControlServerOptions } from './control-server.ts';
export {
  controlMessageSchema,
  type ControlMessage,
  type ControlMessageOf,
  type ControlMessageType,
  type MessageFrame,
  type MessageFrameType,
} from './schemas.ts';
export type { Credentials } from './tls-peer.ts';
