import type { CallEndReason, CallId, CallKey, CallRefer, CallSignal, NodeId } from '../model/index.ts';
import type { CallReception } from './reception.ts';

/** How long each thing may last, milliseconds. */
export interface CallTimes {
  /** A call rings for this long; then it was not answered. */
  readonly ringMs: number;
  /** A computer that is called and says nothing for this long is out of reach. */
  readonly reachMs: number;
  /** Whoever rings here and says nothing for this long is gone. */
  readonly ringingSilenceMs: number;
  /** A call in which nothing comes for this long ends: no packet, no signal. */
  readonly silenceMs: number;
  /** An end that the other side does not acknowledge is repeated for this long; what comes late is answered for this long. */
  readonly keptMs: number;
  /** Why a call did not come about, or broke off, is shown for this long. */
  readonly shownMs: number;
}

export const CALL_TIMES: CallTimes = {
  ...{ ringMs: 45_000, reachMs: 6000, ringingSilenceMs: 10_000 },
  ...{ silenceMs: 30_000, keptMs: 60_000, shownMs: 60_000 },
};

/** As many calls of one person, and of all, can be there at once. */
export interface CallLimits {
  readonly perPerson: number;
  readonly inAll: number;
}

export interface CallMachineOptions {
  /** This computer. */
  readonly self: NodeId;
  readonly times: CallTimes;
  readonly limits: CallLimits;
}

/** What happens to this computer's calls. */
export type CallInput =
  /** The person calls somebody: at these computers, under a key of its own for each. */
  | {
      readonly type: 'dial';
      readonly id: CallId;
      readonly person: NodeId;
      readonly legs: readonly { readonly node: NodeId; readonly key: CallKey }[];
      /** The call whose other side asks for it; left out: the person does. */
      readonly origin?: CallId;
      /** The call to which the person adds them: it goes on meanwhile. */
      readonly into?: CallId | undefined;
      /** The call of several in which both are already. */
      readonly meets?: CallId | undefined;
      /** Who was dialled, where their divert leads to `person`. */
      readonly meant?: NodeId | undefined;
    }
  /** A member's computer says something of a call. `reception`: what becomes of a call that comes now. */
  | {
      readonly type: 'signal';
      readonly from: NodeId;
      readonly person: NodeId;
      readonly signal: CallSignal;
      readonly reception: CallReception;
      /** Whose divert led here, where that is known to be true. */
      readonly meant?: NodeId | undefined;
    }
  /** The person answers: this side speaks under that key. */
  | { readonly type: 'answer'; readonly id: CallId; readonly key: CallKey }
  /** The person hangs up, does not want the call now, or has seen why there is none. */
  | { readonly type: 'hang-up'; readonly id: CallId; readonly reason?: CallEndReason }
  | { readonly type: 'mute'; readonly id: CallId; readonly isOn: boolean }
  | { readonly type: 'hold'; readonly id: CallId; readonly isOn: boolean }
  /** The person brings a call into the one that they are in. */
  | { readonly type: 'merge'; readonly id: CallId; readonly into: CallId }
  /** The person puts the other side through. `consultation`: the call in which they asked the one who is to have it. */
  | {
      readonly type: 'transfer';
      readonly id: CallId;
      readonly refer: CallRefer;
      readonly consultation?: CallId | undefined;
    }
  /** A colleague picks up what rings here: the caller is to call them instead. */
  | { readonly type: 'hand-over'; readonly id: CallId; readonly refer: CallRefer }
  /** That person will call under this id, and is answered. `until`: by the machine's clock. */
  | { readonly type: 'expect'; readonly id: CallId; readonly person: NodeId; readonly until: number }
  /** Packets of the call come in. */
  | { readonly type: 'heard'; readonly id: CallId }
  /** That member is out of the office: their computers are reached no more. */
  | { readonly type: 'gone'; readonly node: NodeId }
  | { readonly type: 'tick' };

/** What is to be done about it. */
export type CallOutput =
  | { readonly type: 'send'; readonly to: NodeId; readonly signal: CallSignal }
  /** The person has answered by what they did: they called who called them, or talk with whoever put this call through. */
  | { readonly type: 'auto-answer'; readonly id: CallId }
  /** Voices go both ways from now on. `theirs`: what the other side speaks under. */
  | { readonly type: 'connected'; readonly id: CallId; readonly node: NodeId; readonly theirs: CallKey }
  /** Nothing goes any way any more. */
  | { readonly type: 'disconnected'; readonly id: CallId }
  /** Somebody called, and was not answered at this computer nor at another one of this person. */
  | { readonly type: 'missed'; readonly person: NodeId }
  /** The other side asks for this call: `dial` says what came of it. */
  | { readonly type: 'follow'; readonly refer: CallRefer; readonly origin: CallId; readonly from: NodeId }
  /** That computer is in a call of several with this one, and does not talk with it yet: it is to be called. */
  | { readonly type: 'meet'; readonly party: CallId; readonly node: NodeId }
  | { readonly type: 'changed' };
