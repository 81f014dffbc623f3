export type { OfficeEvents } from './events.ts';
export { watchNetwork } from './network-watch.ts';
export { JoinByAsking } from './join-by-asking.ts';
export { JoinByLink } from './join-by-link.ts';
export { OfficeSession } from './office-session.ts';
export { OfficeInvitations } from './office-invitations.ts';
export { OfficeLedger } from './office-ledger.ts';
export type { Office } from './office.ts';
export { OfficesSeen, type OfficeSeen } from './offices-seen.ts';
export { proposeMove } from './propose-move.ts';
export type { Path } from './path-measurement.ts';
export type {
  ControlListener,
  DatagramSocket,
  Finder,
  MediaSocketPort,
  OfficeNetwork,
  OwnPerson,
  PersonPort,
  SocketAddress,
  StartsPort,
} from './ports.ts';
export type { Reception, WaitingRequest } from './reception.ts';
export type { Roster } from './roster.ts';
export { LastOnline } from './last-online.ts';
export { Starts } from './starts.ts';
export { WayBack } from './way-back.ts';
