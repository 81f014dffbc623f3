import type { CallId, CallKey, CallRefer, CallSignal, NodeId } from '../model/index.ts';
import type { CallOutcome } from './call.ts';
import type { CallReception } from './reception.ts';
import type { RecordingEnd } from './recording-end.ts';

/** The time-outs of a call, milliseconds. */
export interface CallTimes {
  /** A call rings this long before it counts as not answered. */
  readonly ringMs: number;
  /** A called computer that sends nothing for this long is unreachable. */
  readonly reachMs: number;
  /** While a call rings, a computer that sends nothing for this long is gone. */
  readonly ringingSilenceMs: number;
  /** An active call in which neither a packet nor a signal comes for this long ends. */
  readonly silenceMs: number;
  /** An ended call is kept this long, to repeat its end until it is acknowledged and to answer late signals. */
  readonly keptMs: number;
  /** The panel shows why a call failed for this long. */
  readonly shownMs: number;
}

export const CALL_TIMES: CallTimes = {
  ...{ ringMs: 45_000, reachMs: 6000, ringingSilenceMs: 10_000 },
  ...{ silenceMs: 30_000, keptMs: 60_000, shownMs: 60_000 },
};

/** How many calls can ring or go on at once. */
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

/** An input of the machine: what happened to this computer's calls. */
export type CallInput =
  /** The person calls somebody at these computers, each with its own key. */
  | {
      readonly type: 'dial';
      readonly id: CallId;
      readonly person: NodeId;
      readonly legs: readonly { readonly node: NodeId; readonly key: CallKey }[];
      /** The call whose other side asks for this one (a transfer); left out: the person asks for it. */
      readonly origin?: CallId;
      /** The active call to which the person adds them. */
      readonly into?: CallId | undefined;
      /** The call of several in which both computers are already. */
      readonly meets?: CallId | undefined;
      /** Who was dialled, where their divert leads to `person`. */
      readonly meant?: NodeId | undefined;
    }
  /** A signal came from a member's computer. `reception`: what becomes of a call that comes now. */
  | {
      readonly type: 'signal';
      readonly from: NodeId;
      readonly person: NodeId;
      readonly signal: CallSignal;
      readonly reception: CallReception;
      /** The person whose divert led here, where this computer knows of that divert. */
      readonly meant?: NodeId | undefined;
    }
  /** The tone before an automatic answer has been played, or could not be. `reception`: how the call is received now. */
  | { readonly type: 'announced'; readonly id: CallId; readonly reception: CallReception }
  /** The person answers. `key`: this side's own, for the caller. */
  | { readonly type: 'answer'; readonly id: CallId; readonly key: CallKey }
  /** The person hangs up, declines, or dismisses an ended call. With a `reason` the program ends it. */
  | { readonly type: 'hang-up'; readonly id: CallId; readonly reason?: CallOutcome | undefined }
  | { readonly type: 'mute'; readonly id: CallId; readonly isOn: boolean }
  | { readonly type: 'hold'; readonly id: CallId; readonly isOn: boolean }
  /** The person records the call. Recording begins once everybody in it is told. */
  | { readonly type: 'record'; readonly id: CallId }
  | { readonly type: 'stop-recording' }
  /** The person merges a call into the one that they are in. */
  | { readonly type: 'merge'; readonly id: CallId; readonly into: CallId }
  /** The person transfers the other side. `consultation`: this person's call with the transfer's target. */
  | {
      readonly type: 'transfer';
      readonly id: CallId;
      readonly refer: CallRefer;
      readonly consultation?: CallId | undefined;
    }
  /** A colleague picks up a call that rings here: the caller is asked to call them instead. */
  | { readonly type: 'hand-over'; readonly id: CallId; readonly refer: CallRefer }
  /** A call from that person under this id is answered by itself. `until`: of the machine's clock. */
  | { readonly type: 'expect'; readonly id: CallId; readonly person: NodeId; readonly until: number }
  /** Media packets of the call came in. */
  | { readonly type: 'heard'; readonly id: CallId }
  /** That computer is no member's any more. */
  | { readonly type: 'gone'; readonly node: NodeId }
  | { readonly type: 'tick' };

/** An output of the machine: what the caller is to do. */
export type CallOutput =
  | { readonly type: 'send'; readonly to: NodeId; readonly signal: CallSignal }
  /** Answer without asking the person: both called each other, or this call was announced as a transfer or a pick-up. */
  | { readonly type: 'auto-answer'; readonly id: CallId }
  /** Play the tone before an automatic answer; `announced` follows. */
  | { readonly type: 'announce'; readonly id: CallId }
  /** Media goes both ways from now on. `theirs`: the other side's key. */
  | { readonly type: 'connected'; readonly id: CallId; readonly node: NodeId; readonly theirs: CallKey }
  /** Media stops in both directions. */
  | { readonly type: 'disconnected'; readonly id: CallId }
  /** A call was answered neither here nor at another computer of this person. */
  | { readonly type: 'missed'; readonly person: NodeId }
  /** The other side asks this one to call somebody (a transfer). `dial` follows, without legs where that person cannot be called. */
  | { readonly type: 'follow'; readonly refer: CallRefer; readonly origin: CallId; readonly from: NodeId }
  /** Call that computer: it is in the same call of several, and has no call with this one yet. */
  | { readonly type: 'meet'; readonly party: CallId; readonly node: NodeId }
  /** Record these calls from now on, and no others: everybody in them is told. `recording`: its number. */
  | { readonly type: 'record'; readonly recording: number; readonly calls: readonly CallId[] }
  /** The recording of that number has ended. `person`: whose computer does not confirm it. */
  | {
      readonly type: 'recorded';
      readonly recording: number;
      readonly reason: RecordingEnd;
      readonly person?: NodeId;
    }
  | { readonly type: 'changed' };
