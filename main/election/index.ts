export {
  decodeBeat,
  encodeBeat,
  MAX_BEAT_BYTES,
  MAX_RANK,
  PINNED_RANK,
  type Beat,
  type BeatRole,
} from './beat.ts';
export { Election } from './election.ts';
export type { PeerHealth } from './peers.ts';
export type {
  Audience,
  ElectionInput,
  ElectionOptions,
  ElectionOutput,
  Role,
  RoleState,
} from './protocol.ts';
export { roundOf } from './term.ts';
export { DEFAULT_TIMINGS, type ElectionTimings } from './timings.ts';
