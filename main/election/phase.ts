import type { Endpoints, NodeId } from '../model/index.ts';
import type { Claim } from './term.ts';

/** What a node is doing: its whole state, but for what it knows of others. */
export type Phase =
  | { kind: 'listening'; until: number; patient: boolean }
  | {
      kind: 'member';
      leader: Claim;
      leaderAt: Endpoints | undefined;
      heardAt: number;
      droppedAt: number | undefined;
      standby: NodeId | undefined;
      /** How much longer than the standby this node waits before it claims, ms. */
      patienceMs: number;
    }
  | { kind: 'switch'; claim: Claim; standby: NodeId | undefined; handOver: HandOver | undefined }
  | { kind: 'left' };

/** A hand-over that has begun: to which node, since when (ms), and which nodes were tried. */
export interface HandOver {
  to: NodeId;
  startedAt: number;
  resendAt: number;
  readonly tried: Set<NodeId>;
}
