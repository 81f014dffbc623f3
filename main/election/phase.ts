import { assertNever, type Endpoints, type NodeId } from '../model/index.ts';
import type { RoleState } from './protocol.ts';
import type { Claim } from './term.ts';

/** The phase of a node: its whole state, except what it knows of others. */
export type Phase =
  | { kind: 'listening'; until: number; patient: boolean }
  | {
      kind: 'member';
      leader: Claim;
      leaderAt: Endpoints | undefined;
      since: number;
      heardAt: number;
      droppedAt: number | undefined;
      standby: NodeId | undefined;
      /** How much longer than the standby this node waits before it claims, ms. */
      patienceMs: number;
    }
  | {
      kind: 'switch';
      claim: Claim;
      since: number;
      standby: NodeId | undefined;
      handOver: HandOver | undefined;
    }
  | { kind: 'left' };

/** A hand-over that has begun: to which node, since when (ms), and which nodes were tried. */
interface HandOver {
  to: NodeId;
  startedAt: number;
  resendAt: number;
  readonly tried: Set<NodeId>;
}

/** The phase as others see it. `highestTerm`: what is known where nobody is followed. */
export function roleOf(phase: Phase, self: NodeId, highestTerm: number): RoleState {
  switch (phase.kind) {
    case 'member':
      return { role: 'member', switch: phase.leader.node, standby: phase.standby, term: phase.leader.term };
    case 'switch':
      return { role: 'switch', switch: self, standby: phase.standby, term: phase.claim.term };
    case 'listening':
    case 'left':
      return { role: 'alone', switch: undefined, standby: undefined, term: highestTerm };
    default:
      return assertNever(phase);
  }
}

/** Shifts the phase's times by a sleep or a stall of the main loop, which is no silence of others. */
export function absorb(phase: Phase, lateMs: number): void {
  if (phase.kind === 'listening') phase.until += lateMs;
  if (phase.kind === 'member') {
    phase.heardAt += lateMs;
    if (phase.droppedAt !== undefined) phase.droppedAt += lateMs;
  }
  if (phase.kind === 'switch' && phase.handOver) phase.handOver.startedAt += lateMs;
}
