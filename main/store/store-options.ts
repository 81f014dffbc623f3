import type { MessageId, Ports } from '../model/index.ts';
import type { StreamEnd } from './fragment-stream.ts';
import type { RetentionLimits } from './retention.ts';
import type { Trouble } from './trouble.ts';

export interface StoreOptions extends RetentionLimits {
  /** The only clock, timers, randomness and disk that the store uses. */
  readonly ports: Ports;
  /** Logs a sentence about a finding or a repair. */
  readonly log: (sentence: string) => void;
  /** The most that may wait in memory while the disk fails, bytes. */
  readonly maxWaitingBytes?: number;
}

/**
 * Why fragments are refused. `forged`: the talker signed other ones. `unsigned`: the talker has vouched for none of the last ten seconds.
 * `ahead`: they are more than ten seconds ahead of the vouched ones, but the fragments between are not here, so nobody heard them.
 */
export type Refusal = 'forged' | 'unsigned' | 'ahead';

export interface StoreEvents {
  /** This message changed or was removed. That it has grown is another event. */
  changed: MessageId;
  /** More fragments of an incomplete message were written: every 250 ms while it arrives. */
  grown: MessageId;
  complete: MessageId;
  /** Fragments of this message were found wrong and dropped: fetch those that `missing` names. */
  damaged: MessageId;
  /** These fragments of a message were refused. */
  refused: { readonly id: MessageId; readonly numbers: readonly number[]; readonly why: Refusal };
  /** Writing fails for this reason, until 'recovered'. */
  trouble: Trouble;
  recovered: undefined;
}

/** `unsaved`: all of it is held, but the disk has not taken it yet; 'complete' follows once it has. */
export type Completion = 'complete' | 'missing' | 'damaged' | 'unsaved';

/** A stream of fragments that is open. */
export interface Streaming {
  readonly stop: () => void;
  readonly done: Promise<StreamEnd>;
}

/** How much is kept. Hidden messages take room, but are not counted as messages. */
export interface Totals {
  readonly messages: number;
  readonly bytes: number;
  /** The number of messages that this node cannot open. */
  readonly keptForOthers: number;
}
