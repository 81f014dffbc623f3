import type { BudgetName, NodeId } from '../model/index.ts';
import type { RecordingEnd } from './recording-end.ts';

/** How a call is dialled. */
export interface DialOptions {
  /** Sent instead of the microphone: 48 kHz mono. */
  readonly pcm?: Int16Array | undefined;
  /** The person who was dialled, where their divert led to another one. */
  readonly meant?: NodeId | undefined;
}

export interface CallEvents {
  changed: undefined;
  /** That person called, and was not answered. */
  missed: NodeId;
  /** A recording has ended. `person`: whose computer does not confirm it. */
  recorded: { readonly reason: RecordingEnd; readonly person?: NodeId };
  /** A colleague's computer has exceeded a budget. */
  over: { readonly node: NodeId; readonly budget: BudgetName };
}
