import type { MessageId, Ports } from '../model/index.ts';
import type { StreamEnd } from './fragment-stream.ts';
import type { RetentionLimits } from './retention.ts';
import type { Trouble } from './trouble.ts';

export interface StoreOptions extends RetentionLimits {
  /** Clock, timers, chance and disk: the store uses no others. */
  readonly ports: Ports;
  /** Takes a sentence about something found or done that nobody asked for. */
  readonly log: (sentence: string) => void;
  /** What may wait in memory while the disk takes nothing, bytes. */
  readonly maxWaitingBytes?: number;
}

/**
 * Why fragments are not held. `forged`: their talker signed others. `unsigned`: the talker has vouched for none of the last ten
 * seconds; `ahead`: these are not even here, so that nobody heard up to there.
 */
export type Refusal = 'forged' | 'unsigned' | 'ahead';

export interface StoreEvents {
  /** Anything about this message, its removal too, but that more of it was written. */
  changed: MessageId;
  /** More of a message that is not whole was written, and nothing else is new: every 100 ms while it arrives. */
  grown: MessageId;
  complete: MessageId;
  /** What was held of it is not what was spoken: fetch what `missing` names. */
  damaged: MessageId;
  /** These fragments of a message are not held. */
  refused: { readonly id: MessageId; readonly numbers: readonly number[]; readonly why: Refusal };
  /** Writing fails, for this reason, until 'recovered'. */
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

/** How much is kept; messages that are hidden take room, and are not counted. */
export interface Totals {
  readonly messages: number;
  readonly bytes: number;
  /** Of the messages, those that this node cannot open. */
  readonly keptForOthers: number;
}
