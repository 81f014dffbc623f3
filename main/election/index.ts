export {
  decodeBeat,
  encodeBeat,
  MAX_BEAT_BYTES,
  MAX_RANK,
  PINNED_RANK,
  type Beat,
  type BeatRole,
} from './beat.ts';
export {
  Election,
  type Audience,
  type ElectionInput,
  type ElectionOptions,
  type ElectionOutput,
  type Role,
  type RoleState,
} from './election.ts';
export type { PeerHealth } from './peers.ts';
export { roundOf } from './term.ts';
export { DEFAULT_TIMINGS, type ElectionTimings } from './timings.ts';
