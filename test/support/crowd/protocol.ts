import type { NodeId, UdpAddress } from '../../../main/model/index.ts';

/** The address of one listener: fragments come to `media`, headers to `beat`. */
export interface EarAddress {
  readonly node: NodeId;
  readonly address: string;
  readonly media: number;
  readonly beat: number;
}

/** An order to a process of listeners. */
export type EarsOrder =
  | {
      readonly order: 'open';
      /** A folder with the identity that all listeners share; the cost of keys does not depend on it. */
      readonly identity: string;
      readonly talker: string;
      readonly office: string;
      readonly address: string;
      readonly group: UdpAddress;
      readonly ears: readonly EarPlan[];
    }
  /** The talker's key sheet came; left out: it is not known, and headers are read without it. */
  | { readonly order: 'sheet'; readonly sheet?: string; readonly from: UdpAddress }
  /** Multicast does not reach these nodes from now on. */
  | { readonly order: 'leave'; readonly nodes: readonly NodeId[] }
  /** The manifest came to these. */
  | { readonly order: 'end'; readonly count: number; readonly nodes: readonly NodeId[] }
  /** Asks for `counted`. `sentAt`: when each fragment was sent, `process.hrtime`, ms. */
  | { readonly order: 'count'; readonly sentAt: readonly number[] }
  /** Asks these listeners, who have heard the page, for `reports`. */
  | { readonly order: 'report'; readonly nodes: readonly NodeId[] }
  /** Another page comes. */
  | { readonly order: 'forget' };

export interface EarPlan {
  readonly node: NodeId;
  /** False: its network drops multicast. */
  readonly joins: boolean;
  /** The share of all packets that are lost on the way to it. */
  readonly loss: number;
}

/** The counts of one listener. */
export interface EarCount {
  readonly node: NodeId;
  /** Different fragments. */
  readonly fragments: number;
  readonly byGroup: number;
  /** Unicast packets that it got. */
  readonly own: number;
  /** Lost packets of those that were sent to it. */
  readonly lost: number;
  /** Fragments that could be played later than 60 ms after they were sent, those before its header counted. */
  readonly late: number;
  /** Packets that it sent to the talker. */
  readonly asked: number;
}

export type EarsReport =
  | { readonly report: 'opened'; readonly ears: readonly EarAddress[] }
  | { readonly report: 'ready' }
  /** All listeners that got the manifest have all fragments. */
  | { readonly report: 'complete' }
  | { readonly report: 'counted'; readonly counts: readonly EarCount[] }
  /** Frames of control links, as text: what each listener tells the talker of the page. */
  | { readonly report: 'reports'; readonly frames: readonly string[] };

/** An order to the talker's process. */
export type MouthOrder =
  | {
      readonly order: 'open';
      readonly identity: string;
      readonly ears: string;
      readonly office: string;
      readonly address: string;
      readonly group: UdpAddress;
      readonly listeners: readonly EarAddress[];
    }
  /** Makes a new sender key for the first `listeners`. */
  | { readonly order: 'prepare'; readonly listeners: number }
  /** Speaks for `ms` to the first `listeners`. */
  | { readonly order: 'page'; readonly listeners: number; readonly ms: number; readonly byGroup: boolean }
  /**
   * Says as much to all by the group, in a time of its own, which stands still until this many have confirmed; from fragment `leaveAt`
   * on it says more until this many lack the group.
   */
  | {
      readonly order: 'count-page';
      readonly fragments: number;
      readonly confirm: number;
      readonly leaveAt: number;
      readonly lack: number;
      /** To this many whom the group does not reach the talker sends their own; left out: to all. */
      readonly own?: number;
    }
  /** The listeners' frames come over the talker's link to the switch. */
  | { readonly order: 'hear'; readonly frames: readonly string[] }
  /** Asks how many packets were resent so far. */
  | { readonly order: 'again' };

export interface SpeakingReport {
  readonly count: number;
  readonly sentAt: readonly number[];
  readonly toGroup: number;
  /** Unicast packets to listeners, without resent ones. */
  readonly own: number;
  /** Resent packets. */
  readonly again: number;
  /** Processor time of the talker's process, from key down to the last fragment. */
  readonly cpuMs: number;
}

export type MouthReport =
  | { readonly report: 'opened'; readonly port: number }
  | { readonly report: 'prepared'; readonly sheet: string; readonly cpuMs: number }
  /** The talker's time has come to `leaveAt`. */
  | { readonly report: 'leave' }
  | { readonly report: 'said'; readonly said: SpeakingReport }
  /** `verified`: receipts. */
  | { readonly report: 'heard'; readonly verified: number; readonly cpuMs: number }
  | { readonly report: 'again'; readonly again: number };
