import { BUDGETS, type BudgetName } from '../model/index.ts';
import type { ControlMessage, ControlMessageType } from '../signalling/index.ts';

/** What a node may say before its peer knows it as a member: what shows that it is one, and a redemption. */
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

/** Frames of one link, kept in order until they may be handled. A peer that is not known as a member fills little memory. */
export class WaitingFrames {
  #frames: WaitingFrame[] = [];
  #characters = 0;

  get isEmpty(): boolean {
    return this.#frames.length === 0;
  }

  /** Keeps the frame. Returns the budget that the frame exceeds, where it is not kept. */
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

  /** The first one, which is kept no more. */
  next(): WaitingFrame | undefined {
    const frame = this.#frames.shift();
    if (this.#frames.length === 0) this.#characters = 0;
    return frame;
  }

  /** All of them; none is kept any more. */
  takeAll(): readonly WaitingFrame[] {
    this.#characters = 0;
    return this.#frames.splice(0);
  }
}
