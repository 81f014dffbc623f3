export type { OfficeEvents, OfficeTrouble } from './events.ts';
export { watchNetwork } from './network-watch.ts';
export { OfficeSession, type OfficeSessionParts } from './office-session.ts';
export { YIELDING } from './own-record.ts';
export type { Path } from './path-measurement.ts';
export type {
  ControlListener,
  DatagramSocket,
  Finder,
  MediaSocketPort,
  OfficeNetwork,
  OfficePorts,
  OwnPerson,
  PersonPort,
  SocketAddress,
  StartsPort,
} from './ports.ts';
export type { Roster } from './roster.ts';
export { Starts } from './starts.ts';
