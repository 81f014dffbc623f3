import type { CallEndReason, CallId, CallReferred, CallSignal, NodeId } from '../model/index.ts';
import type { Leg, Word } from './leg.ts';

export type ShownReason = CallEndReason | 'unreachable';

/** That the other side is put through to somebody else, as whoever does so sees it. */
export interface ShownTransfer {
  readonly person: NodeId;
  /** failed: it was not taken, and the other side is back. */
  readonly state: CallReferred['state'];
  readonly reason: CallEndReason | null;
}

/** A call as its person sees it. */
export interface ShownCall {
  readonly id: CallId;
  readonly person: NodeId;
  readonly direction: 'out' | 'in';
  /**
   * calling: nothing is heard of the other side yet; ringing; waiting: its person is in another call; notified: nothing rings there,
   * but the person is told; active; ended: it shows why.
   */
  readonly state: 'calling' | 'ringing' | 'waiting' | 'notified' | 'active' | 'ended';
  readonly reason: ShownReason | null;
  /** Since when it is in this call, or rings. Milliseconds by the machine's clock. */
  readonly since: number;
  readonly isMuted: boolean;
  /** By this side, by the other one. */
  readonly isHeld: boolean;
  readonly isHeldByThem: boolean;
  /** Who was dialled, where their divert led to who is called; null: that person themself. */
  readonly meant: NodeId | null;
  /** The call of several that it is in; null: it is one of two. */
  readonly party: CallId | null;
  /** The other computers in that, besides the one at the other end. */
  readonly alsoIn: readonly NodeId[];
  /** Who picked up what rang here; null: nobody. */
  readonly pickedUpBy: NodeId | null;
  /** This side puts the other one through. */
  readonly transfer: ShownTransfer | null;
  /** The other side puts this one through: to that person. */
  readonly transferredTo: NodeId | null;
}

export interface Call {
  readonly id: CallId;
  readonly side: CallSignal['side'];
  readonly person: NodeId;
  readonly legs: Map<NodeId, Leg>;
  readonly meant: NodeId | undefined;
  phase: 'dialling' | 'ringing' | 'active' | 'ended';
  /** The computer at the other end. */
  peer: Leg | undefined;
  since: number;
  heardAt: number;
  isMuted: boolean;
  reason: ShownReason | undefined;
  /** It is shown why it ended. */
  isShown: boolean;
  /** The call of several that it is in. */
  party: CallId | undefined;
  /** It was called, or answered, because others are in a call with both sides. */
  isMeeting: boolean;
  /** Nobody is asked whether to answer it. */
  answersItself: boolean;
  /** Of the call of several that it was in it is known that this one left. */
  isSettled: boolean;
  /** The call whose other side asked for this one. */
  origin: CallId | undefined;
  /** The call with whom the other side is put through to, where its person was asked before. */
  consultation: CallId | undefined;
  /** Why the other side was not put through. */
  failed: ShownTransfer | undefined;
}

/** Of the reasons for which several computers did not take a call, the first of these says most. */
const SAYS_MOST: readonly CallEndReason[] = ['declined', 'undisturbed', 'full', 'unanswered'];

/** Why nobody took it, once each computer has said so; undefined: one of them has not. */
export function reasonOfAll(legs: ReadonlyMap<NodeId, Leg>): ShownReason | undefined {
  const reasons = [...legs.values()].flatMap(({ hasEnded, theirs, own }) =>
    hasEnded ? (theirs?.reason ?? own.reason ?? []) : [],
  );
  if (reasons.length < legs.size) return undefined;
  return SAYS_MOST.find((one) => reasons.includes(one)) ?? 'unreachable';
}

export function ended(reason: CallEndReason, by?: NodeId): Word {
  return { state: 'ended', reason, ...(by && { by }) };
}

/** What the other end is told where this end could not reach it. */
export function saidAs(reason: ShownReason): CallEndReason {
  return reason === 'unreachable' ? 'vanished' : reason;
}

/** The same word without these. */
export function without(
  word: Word,
  ...fields: readonly ('held' | 'refer' | 'referred' | 'awaits' | 'party')[]
): Word {
  const kept = Object.entries(word).filter(([name]) => !(fields as readonly string[]).includes(name));
  return Object.fromEntries(kept) as Word;
}

export function stateOf({ phase, side, peer, legs }: Call): ShownCall['state'] {
  if (phase === 'active' || phase === 'ended') return phase;
  const said = side === 'callee' ? [peer?.own.state] : [...legs.values()].map(({ theirs }) => theirs?.state);
  return (['ringing', 'waiting', 'notified'] as const).find((state) => said.includes(state)) ?? 'calling';
}

export function shownCall(call: Call): ShownCall {
  const { id, person, side, since, isMuted, reason = null, peer, meant = null } = call;
  const isActive = call.phase === 'active';
  return {
    ...{ id, person, since, isMuted, reason, meant, state: stateOf(call) },
    direction: side === 'caller' ? 'out' : 'in',
    isHeld: peer?.own.held ?? false,
    isHeldByThem: peer?.theirs?.held ?? false,
    pickedUpBy: (reason === 'picked-up' && peer?.theirs?.by) || null,
    party: call.party ?? null,
    alsoIn: (peer?.theirs?.party?.seats ?? []).flatMap((seat) => (seat.node === peer?.node ? [] : seat.node)),
    transfer: (isActive && shownTransfer(call)) || null,
    transferredTo: (isActive && isFollowing(call) && peer?.theirs?.refer?.person) || null,
  };
}

function shownTransfer({ peer, failed }: Call): ShownTransfer | undefined {
  const refer = peer?.own.refer;
  if (!refer) return failed;
  const said = peer.theirs?.referred;
  const state = said?.call === refer.call ? said.state : 'calling';
  return { person: refer.person, state, reason: null };
}

/** The other side has asked for another call, which is not lost yet. */
function isFollowing({ peer }: Call): boolean {
  const referred = peer?.own.referred;
  return referred !== undefined && referred.state !== 'failed';
}
