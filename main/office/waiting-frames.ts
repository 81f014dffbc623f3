import { BUDGETS, type BudgetName } from '../model/index.ts';
import type { ControlMessage, ControlMessageType } from '../signalling/index.ts';

/** The frames that a node may send before its peer knows it as a member: those that show that it is one, and a redemption. */
export const FRAMES_BEFORE_MEMBERSHIP: ReadonlySet<ControlMessageType> = new Set([
  'ledger',
  'have',
  'statements',
  'redeem',
]);

/** A frame that came too early. */
export interface WaitingFrame {
  readonly message: ControlMessage;
  readonly handle: () => void;
}

/** Frames of one link, kept in order until they may be handled. An outsider's frames have a small limit. */
export class WaitingFrames {
  #frames: WaitingFrame[] = [];
  #characters = 0;

  get isEmpty(): boolean {
    return this.#frames.length === 0;
  }

  /** Keeps the frame. Returns the budget that it exceeds if it is not kept. */
  keep(frame: WaitingFrame, isMember: boolean): BudgetName | undefined {
    this.#characters += JSON.stringify(frame.message).length;
    if (isMember) {
      if (this.#characters > BUDGETS.behindStatements.perPeer.atOnce) return 'behindStatements';
    } else {
      if (this.#characters > BUDGETS.heldBytes.perPeer.atOnce) return 'heldBytes';
      if (this.#frames.length >= BUDGETS.heldFrames.perPeer.atOnce) return 'heldFrames';
    }
    this.#frames.push(frame);
    return undefined;
  }

  /** Removes and returns the first one. */
  next(): WaitingFrame | undefined {
    const frame = this.#frames.shift();
    if (this.#frames.length === 0) this.#characters = 0;
    return frame;
  }

  /** Removes and returns all of them. */
  takeAll(): readonly WaitingFrame[] {
    this.#characters = 0;
    return this.#frames.splice(0);
  }
}
