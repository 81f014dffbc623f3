export {
  decodeBeat,
  encodeBeat,
  MAX_BEAT_BYTES,
  MAX_RANK,
  PINNED_RANK,
  ROSTER_BYTES,
  type Beat,
} from './beat.ts';
export { Election } from './election.ts';
export type { PeerHealth } from './peers.ts';
export type { Audience, ElectionInput, ElectionOptions, ElectionOutput, RoleState } from './protocol.ts';
export { roundOf } from './term.ts';
