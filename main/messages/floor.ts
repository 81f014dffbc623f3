import { BUDGETS, Emitter, faults, type MessageId, type NodeId } from '../model/index.ts';

const MAX_WAITING = BUDGETS.voicesWaiting.inAll.atOnce;
const MAX_WAITING_OF_TALKER = BUDGETS.voicesWaiting.perPeer.atOnce;

export interface FloorEvents {
  /** Nothing sounds any more, and something waits. */
  free: undefined;
}

/**
 * The person's ear: one voice at a time has it. What comes meanwhile waits for its turn, in the order in which it came. Two sound
 * only where the person plays something while somebody speaks, or while a page does. Pure.
 */
export class Floor {
  readonly events = new Emitter<FloorEvents>((error) => faults.tell('the floor', error));
  /** Whether the person chose to hear it. */
  readonly #sounding = new Map<MessageId, boolean>();
  readonly #waiting = new Map<MessageId, NodeId>();

  get isFree(): boolean {
    return this.#sounding.size === 0;
  }

  /** All that sounds the person chose to hear: nobody speaks to them. */
  get isOwnChoice(): boolean {
    return [...this.#sounding.values()].every(Boolean);
  }

  /** In the order of their turns. */
  get waiting(): readonly MessageId[] {
    return [...this.#waiting.keys()];
  }

  /** It sounds from now on. `isChosen`: because the person plays it. */
  take(id: MessageId, isChosen = false): void {
    this.drop(id);
    this.#sounding.set(id, isChosen);
  }

  /** It sounds no more. */
  leave(id: MessageId): void {
    if (!this.#sounding.delete(id)) return;
    if (this.isFree && this.#waiting.size > 0) this.events.emit('free', undefined);
  }

  /** It gets its turn. False: as many wait as may, of this talker or in all. */
  queue(id: MessageId, talker: NodeId): boolean {
    if (this.#waiting.has(id)) return true;
    const ofTalker = [...this.#waiting.values()].filter((one) => one === talker).length;
    if (this.#waiting.size >= MAX_WAITING || ofTalker >= MAX_WAITING_OF_TALKER) return false;
    this.#waiting.set(id, talker);
    return true;
  }

  /** It gets no turn any more. Returns whether it had one. */
  drop(id: MessageId): boolean {
    return this.#waiting.delete(id);
  }

  /** Whose turn it is: it has the floor from now on. Undefined while something sounds, or nothing waits. */
  next(): MessageId | undefined {
    const [id] = this.#waiting.keys();
    if (id === undefined || !this.isFree) return undefined;
    this.take(id);
    return id;
  }
}
