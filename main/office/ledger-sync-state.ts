import type { NodeId, StatementId } from '../model/index.ts';
import { WaitingFrames } from './waiting-frames.ts';

/** How far the ledger is synchronised on one link. */
export interface LedgerSyncState {
  readonly peer: NodeId;
  /** Ids that the other side has listed so far. */
  ids: Set<StatementId>;
  /** What the other side holds, while this ledger does not have it as a member. It gets the rest once it has become one. */
  owed: ReadonlySet<StatementId> | undefined;
  isIdsSent: boolean;
  /** This side's statements are sent. Once the other side's have come as well, both hold the same. */
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
  /** The missing ids that were asked for last, joined, so that nothing is asked for twice in vain. */
  asked: string;
  /** The work on the latest statements, which are on their way to the disk. Never rejects. */
  taking: Promise<void> | undefined;
}

/** The state of a link that has just come up. */
export function newLedgerSyncState(peer: NodeId, number: number): LedgerSyncState {
  return {
    ...{ peer, number, ids: new Set(), owed: undefined, characters: 0, asked: '' },
    ...{ isIdsSent: false, isSent: false, isReceived: false, isWelcome: false },
    ...{ held: new WaitingFrames(), behind: new WaitingFrames(), cancelGuest: undefined, taking: undefined },
  };
}
