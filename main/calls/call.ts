import type { CallEndReason, CallId, CallReferred, CallSignal, NodeId } from '../model/index.ts';
import type { Leg, SideState } from './leg.ts';

/** slept: this computer did; the other end is told `asleep`. */
export type CallOutcome = CallEndReason | 'unreachable' | 'slept';

/** A transfer of the other side to somebody else, as the person sees it who made it. */
interface TransferView {
  readonly person: NodeId;
  /** failed: the target did not take the call, and the other side is back in this one. */
  readonly state: CallReferred['state'];
  readonly reason: CallEndReason | null;
}

/** A call as its person sees it. */
export interface CallView {
  readonly id: CallId;
  readonly person: NodeId;
  readonly direction: 'out' | 'in';
  /**
   * calling: no computer of the other side has replied yet; ringing; waiting: its person is in another call; notified: it does not
   * ring there, but the person gets a notification; active; ended: the reason is shown.
   */
  readonly state: 'calling' | 'ringing' | 'waiting' | 'notified' | 'active' | 'ended';
  /** It came in, and was not answered yet: it waits for its person, also where nothing sounds. */
  readonly isIncoming: boolean;
  readonly reason: CallOutcome | null;
  /** When its phase (ringing, active, ended) began. Milliseconds of the machine's clock. */
  readonly since: number;
  readonly isMuted: boolean;
  /** This side records it. asked: nothing is kept before the other side confirms that its person is told. null: it does not. */
  readonly recording: 'asked' | 'on' | null;
  readonly isRecordedByThem: boolean;
  /** This side holds it. */
  readonly isHeld: boolean;
  /** The other side holds it. */
  readonly isHeldByThem: boolean;
  /** It was answered automatically, since the called person chose that for the caller. */
  readonly isAutomatic: boolean;
  /** The person who was dialled, where their divert led to `person`; null: `person` was dialled. */
  readonly meant: NodeId | null;
  /** The call of several that it belongs to; null: it is a call of two. */
  readonly party: CallId | null;
  /** The further computers in that, besides the one at the other end. */
  readonly alsoIn: readonly NodeId[];
  /** The person who picked up this call, which rang here; null: nobody. */
  readonly pickedUpBy: NodeId | null;
  /** This side transfers the other one; null: it does not. */
  readonly transfer: TransferView | null;
  /** The other side transfers this person to that one; null: it does not. */
  readonly transferredTo: NodeId | null;
}

export interface Call {
  readonly id: CallId;
  readonly side: CallSignal['side'];
  readonly person: NodeId;
  readonly legs: Map<NodeId, Leg>;
  readonly meant: NodeId | undefined;
  phase: 'dialling' | 'ringing' | 'active' | 'ended';
  /** The leg with the computer at the other end: the caller's, or the first that answered; undefined: none has answered yet. */
  peer: Leg | undefined;
  since: number;
  heardAt: number;
  isMuted: boolean;
  reason: CallOutcome | undefined;
  /** The person is shown why it ended. */
  isShown: boolean;
  /** The call of several that it belongs to. */
  party: CallId | undefined;
  /** No person dialled it: two computers in the same call of several made it. */
  readonly isMeeting: boolean;
  /** It is answered without asking the person. */
  answersItself: boolean;
  /** That is so since the person who is called chose it for the caller: a tone says it first. */
  isAutomatic: boolean;
  /** It has ended, and its call of several has been updated for that. */
  isSettled: boolean;
  /** The call whose other side asked for this one by a transfer. */
  readonly origin: CallId | undefined;
  /** While the other side is being transferred: this person's call with the transfer's target. */
  consultation: CallId | undefined;
  /** The last transfer of the other side, where it failed. */
  failed: TransferView | undefined;
}

/** Where the computers of a person gave different reasons, the first of these is shown. */
const SAYS_MOST: readonly CallEndReason[] = ['declined', 'undisturbed', 'full', 'unanswered'];

/** Why no computer took the call; undefined: some of them have not ended it yet. */
export function reasonOfAll(legs: ReadonlyMap<NodeId, Leg>): CallOutcome | undefined {
  const reasons = [...legs.values()].flatMap(({ hasEnded, theirs, own }) =>
    hasEnded ? (theirs?.reason ?? own.reason ?? []) : [],
  );
  if (reasons.length < legs.size) return undefined;
  return SAYS_MOST.find((one) => reasons.includes(one)) ?? 'unreachable';
}

export function ended(reason: CallEndReason, by?: NodeId): SideState {
  return { state: 'ended', reason, ...(by && { by }) };
}

/** The reason as it is sent: `unreachable` and `slept` are for this side alone. */
export function sentReason(reason: CallOutcome): CallEndReason {
  if (reason === 'slept') return 'asleep';
  return reason === 'unreachable' ? 'vanished' : reason;
}

/** The same state without these fields. */
export function without(
  state: SideState,
  ...fields: readonly ('held' | 'refer' | 'referred' | 'awaits' | 'party' | 'recording' | 'told')[]
): SideState {
  const kept = Object.entries(state).filter(([name]) => !(fields as readonly string[]).includes(name));
  return Object.fromEntries(kept) as SideState;
}

export function stateOf({ phase, side, peer, legs }: Call): CallView['state'] {
  if (phase === 'active' || phase === 'ended') return phase;
  const said = side === 'callee' ? [peer?.own.state] : [...legs.values()].map(({ theirs }) => theirs?.state);
  return (['ringing', 'waiting', 'notified'] as const).find((state) => said.includes(state)) ?? 'calling';
}

/** Of the shown calls that one, and the others of the same call of several; none where it is not shown. */
export function partyOf(shown: readonly CallView[], id: CallId): readonly CallView[] {
  const call = shown.find((one) => one.id === id);
  if (!call || call.party === null) return call ? [call] : [];
  return shown.filter(({ party }) => party === call.party);
}

export function callView(call: Call): CallView {
  const { id, person, side, since, isMuted, reason = null, peer, meant = null } = call;
  const isActive = call.phase === 'active';
  return {
    ...{ id, person, since, isMuted, reason, meant, state: stateOf(call) },
    direction: side === 'caller' ? 'out' : 'in',
    isIncoming: call.phase === 'ringing',
    isAutomatic: side === 'caller' ? peer?.theirs?.automatic === true : isActive && call.isAutomatic,
    recording: isActive && peer ? recordingOf(peer) : null,
    isRecordedByThem: isActive && peer?.theirs?.recording !== undefined,
    isHeld: peer?.own.held ?? false,
    isHeldByThem: peer?.theirs?.held ?? false,
    pickedUpBy: (reason === 'picked-up' && peer?.theirs?.by) || null,
    party: call.party ?? null,
    alsoIn: (peer?.theirs?.party?.seats ?? []).flatMap((seat) => (seat.node === peer?.node ? [] : seat.node)),
    transfer: (isActive && transferView(call)) || null,
    transferredTo: (isActive && isFollowing(call) && peer?.theirs?.refer?.person) || null,
  };
}

function recordingOf({ own, theirs }: Leg): CallView['recording'] {
  if (own.recording === undefined) return null;
  return theirs?.told === own.recording ? 'on' : 'asked';
}

function transferView({ peer, failed }: Call): TransferView | undefined {
  const refer = peer?.own.refer;
  if (!refer) return failed;
  const said = peer.theirs?.referred;
  const state = said?.call === refer.call ? said.state : 'calling';
  return { person: refer.person, state, reason: null };
}

/** The other side transfers this one, and that has not failed yet. */
function isFollowing({ peer }: Call): boolean {
  const referred = peer?.own.referred;
  return referred !== undefined && referred.state !== 'failed';
}
