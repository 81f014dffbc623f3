import type { NodeId, StatementId } from '../model/index.ts';
import { WaitingFrames } from './waiting-frames.ts';

/** What is known of the exchange on one link. */
export interface Exchange {
  readonly peer: NodeId;
  /** Ids that the other side has told so far. */
  ids: Set<StatementId>;
  /** What the other side holds, where it is no member as far as this one knows: it gets the rest once it has shown otherwise. */
  owed: ReadonlySet<StatementId> | undefined;
  isIdsSent: boolean;
  /** This side's statements are sent, and the other side's have come: both hold the same. */
  isSent: boolean;
  isReceived: boolean;
  number: number;
  characters: number;
  isWelcome: boolean;
  /** Frames kept until their sender is known as a member. */
  readonly held: WaitingFrames;
  /** Frames kept while statements before them are on their way to the disk. */
  readonly behind: WaitingFrames;
  cancelGuest: (() => void) | undefined;
  /** What lies in the past of statements that came, and was asked for without success. */
  asked: string;
  /** The statements that came last are on their way to the disk. Never rejects. */
  taking: Promise<void> | undefined;
}

/** A link has come up, and nothing was said on it yet. */
export function newExchange(peer: NodeId, number: number): Exchange {
  return {
    ...{ peer, number, ids: new Set(), owed: undefined, characters: 0, asked: '' },
    ...{ isIdsSent: false, isSent: false, isReceived: false, isWelcome: false },
    ...{ held: new WaitingFrames(), behind: new WaitingFrames(), cancelGuest: undefined, taking: undefined },
  };
}
