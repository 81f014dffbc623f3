import { BUDGETS, Emitter, faults, type MessageId, type NodeId } from '../model/index.ts';

/** What sounds: somebody speaks, or the person chose to play it; and what is heard above that. */
export type Sound = 'voice' | 'chosen' | 'page' | 'override';
const RANK: Readonly<Record<Sound, number>> = { voice: 0, chosen: 0, page: 1, override: 2 };
/** What sounds beside something that comes above it: a factor of the amplitude, 14 dB less. */
const DUCKED = 0.2;
const MAX_WAITING = BUDGETS.voicesWaiting.inAll.atOnce;
const MAX_WAITING_OF_TALKER = BUDGETS.voicesWaiting.perPeer.atOnce;

export interface FloorEvents {
  /** Nothing sounds any more, nobody holds it, and something waits. */
  free: undefined;
  /** What sounds beside a page or an override is softer from now on, or no more. */
  ducked: undefined;
}

/**
 * The person's ear: one voice at a time has it. What comes meanwhile waits for its turn, in the order in which it came. Two sound
 * only where the person plays something while somebody speaks, and where a page or an override comes above it: the other is softer
 * then. Pure.
 */
export class Floor {
  readonly events = new Emitter<FloorEvents>((error) => faults.tell('the floor', error));
  readonly #sounding = new Map<MessageId, Sound>();
  readonly #waiting = new Map<MessageId, NodeId>();
  #isHeld = false;

  /** Nothing sounds, and nobody holds it. */
  get isFree(): boolean {
    return this.#sounding.size === 0 && !this.#isHeld;
  }

  /** Whose the ear is: `own`: the person's, who plays something. */
  get hears(): 'nobody' | 'own' | 'somebody' | 'override' {
    const sounds = [...this.#sounding.values()];
    if (this.isFree) return 'nobody';
    if (sounds.includes('override')) return 'override';
    return !this.#isHeld && sounds.every((sound) => sound === 'chosen') ? 'own' : 'somebody';
  }

  /** How loud a message sounds for what else does: a factor of the amplitude. */
  loudnessOf(id: MessageId): number {
    const highest = Math.max(...[...this.#sounding.values()].map((sound) => RANK[sound]), 0);
    return highest > RANK[this.#sounding.get(id) ?? 'voice'] ? DUCKED : 1;
  }

  /** The same of what holds it. */
  get loudnessOfHolder(): number {
    return [...this.#sounding.values()].some((sound) => RANK[sound] > RANK.voice) ? DUCKED : 1;
  }

  /** In the order of their turns. */
  get waiting(): readonly MessageId[] {
    return [...this.#waiting.keys()];
  }

  /** It sounds from now on. */
  take(id: MessageId, sound: Sound = 'voice'): void {
    this.drop(id);
    const before = this.#sounding.get(id);
    this.#sounding.set(id, sound);
    if (RANK[sound] > RANK[before ?? 'voice']) this.events.emit('ducked', undefined);
  }

  /** It sounds no more. */
  leave(id: MessageId): void {
    const sound = this.#sounding.get(id);
    if (sound === undefined) return;
    this.#sounding.delete(id);
    if (RANK[sound] > RANK.voice) this.events.emit('ducked', undefined);
    this.#tellIfFree();
  }

  /** Until it is released nothing gets its turn, as if somebody spoke. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#tellIfFree();
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

  #tellIfFree(): void {
    if (this.isFree && this.#waiting.size > 0) this.events.emit('free', undefined);
  }
}
