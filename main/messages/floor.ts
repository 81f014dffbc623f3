import { BUDGETS, Emitter, faults, type MessageId, type NodeId } from '../model/index.ts';

/** What sounds beside an override: a factor of the amplitude, 14 dB less. */
const DUCKED = 0.2;
const MAX_WAITING = BUDGETS.voicesWaiting.inAll.atOnce;
const MAX_WAITING_OF_TALKER = BUDGETS.voicesWaiting.perPeer.atOnce;

export interface FloorEvents {
  /** Nothing sounds any more, and something waits. */
  free: undefined;
  /** What sounds beside an override is softer from now on, or no more. */
  ducked: undefined;
}

/**
 * The person's ear: one voice at a time has it. What comes meanwhile waits for its turn, in the order in which it came. Two sound
 * only where the person plays something while somebody speaks, and where one overrides do not disturb: the other is softer then. Pure.
 */
export class Floor {
  readonly events = new Emitter<FloorEvents>((error) => faults.tell('the floor', error));
  readonly #sounding = new Set<MessageId>();
  /** Those of them that override do not disturb. */
  readonly #overriding = new Set<MessageId>();
  readonly #waiting = new Map<MessageId, NodeId>();

  get isFree(): boolean {
    return this.#sounding.size === 0;
  }

  /** Whose the ear is. */
  get hears(): 'nobody' | 'somebody' | 'override' {
    if (this.#overriding.size > 0) return 'override';
    return this.isFree ? 'nobody' : 'somebody';
  }

  /** How loud a message sounds for what else does: a factor of the amplitude. */
  loudnessOf(id: MessageId): number {
    return this.#overriding.size > 0 && !this.#overriding.has(id) ? DUCKED : 1;
  }

  /** In the order of their turns. */
  get waiting(): readonly MessageId[] {
    return [...this.#waiting.keys()];
  }

  /** It sounds from now on. */
  take(id: MessageId, isOverride = false): void {
    this.drop(id);
    this.#sounding.add(id);
    if (!isOverride || this.#overriding.has(id)) return;
    this.#overriding.add(id);
    this.events.emit('ducked', undefined);
  }

  /** It sounds no more. */
  leave(id: MessageId): void {
    if (!this.#sounding.delete(id)) return;
    if (this.#overriding.delete(id)) this.events.emit('ducked', undefined);
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
