import type { Endpoints, NodeId } from '../model/index.ts';
import type { Beat } from './beat.ts';
import type { ElectionTimings } from './timings.ts';

export interface ElectionOptions {
  readonly self: NodeId;
  /** How fit this node is to be the switch: 0 to 999 by what the composer knows, `PINNED_RANK` and above pinned. */
  readonly rank: number;
  /** When this node started, ms since the epoch; not the clock that `now` is. */
  readonly boot: number;
  readonly revision: number;
  readonly endpoints: Endpoints;
  /** A monotonic clock in ms, the same that `step` is given. */
  readonly now: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The highest term of each claimant that was known before this start: what `term` put out. */
  readonly terms?: Iterable<readonly [NodeId, number]>;
  /** Whether a node's beats count. Left out: those of every node do. */
  readonly isMember?: (node: NodeId) => boolean;
  /** The digest of this node's roster, for the beats of a switch: 8 bytes, base64url. */
  readonly roster?: () => string | undefined;
  /** This node's clock, ms since the epoch, for its beats. Nothing is decided by it. */
  readonly wall?: () => number;
  /** Whether this node has no room to keep messages. */
  readonly isFull?: boolean;
  readonly timings?: Partial<ElectionTimings>;
}

/** Where a beat goes: nodes that were heard, one address, or every address that is known by any means. */
export type Audience = readonly NodeId[] | { readonly address: string; readonly beat: number } | 'everyone';

export type ElectionInput =
  /** The time of `nextWakeAt` has come. */
  | { readonly type: 'tick' }
  /** A beat came in: decoded, its seal checked, its sender's office ours. */
  | { readonly type: 'heard'; readonly beat: Beat }
  /** An address that may be a node's, from discovery or by hand. */
  | { readonly type: 'found'; readonly address: string; readonly beat: number }
  /** What the switch's roster says of a node. */
  | { readonly type: 'peer'; readonly node: NodeId; readonly online: boolean }
  /** The control connection to a node broke: a reason to ask it, not yet a proof. */
  | { readonly type: 'dropped'; readonly node: NodeId }
  /** The switch was tried for a while and no link to it was made; and: a link to the node is up. */
  | { readonly type: 'unreachable' | 'reached'; readonly node: NodeId }
  /** The node is no member any more. */
  | { readonly type: 'removed'; readonly node: NodeId }
  /** What beats say of this node has changed. */
  | {
      readonly type: 'describe';
      readonly rank?: number;
      readonly revision?: number;
      readonly endpoints?: Endpoints;
      readonly isFull?: boolean;
    }
  /** This node is about to quit or to sleep: `left` is put out when it may. */
  | { readonly type: 'leave' };

/** `alone`: no switch is known yet. A node that is by itself becomes the switch of itself. */
type Role = 'alone' | 'member' | 'switch';

export interface RoleState {
  readonly role: Role;
  readonly switch: NodeId | undefined;
  readonly standby: NodeId | undefined;
  readonly term: number;
}

export type ElectionOutput =
  | { readonly type: 'send'; readonly to: Audience; readonly beat: Beat }
  | ({ readonly type: 'role' } & RoleState)
  /** Heard for the first time, or again. */
  | { readonly type: 'alive'; readonly node: NodeId }
  /** The node was silent for too long, or said goodbye. Only the switch can know this of all; members learn it from its roster. */
  | { readonly type: 'lost'; readonly node: NodeId }
  /** Another node says that an unheard node listens there: remember the address before the next `send`. */
  | { readonly type: 'hint'; readonly node: NodeId; readonly endpoints: Endpoints }
  /** The node of a `hint` did not answer: its address need not be kept. */
  | { readonly type: 'forget'; readonly node: NodeId }
  /** The highest term of that claimant has risen: to be kept for the next start, until the node is removed. */
  | { readonly type: 'term'; readonly node: NodeId; readonly term: number }
  /** After `leave`: a successor is there, or none is needed, and this node may stop. */
  | { readonly type: 'left' };
