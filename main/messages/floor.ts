import { BUDGETS, Emitter, faults, type MessageId, type NodeId } from '../model/index.ts';

/** What sounds: somebody speaks, the person plays something, or one of the two that sound above these. */
export type Sound = 'voice' | 'chosen' | 'page' | 'override';
const RANK: Readonly<Record<Sound, number>> = { voice: 0, chosen: 0, page: 1, override: 2 };
/** How loud a sound is beside one that ranks above it: a factor of the amplitude, 14 dB less. */
const DUCKED = 0.2;
const MAX_WAITING = BUDGETS.voicesWaiting.inAll.atOnce;
const MAX_WAITING_OF_TALKER = BUDGETS.voicesWaiting.perPeer.atOnce;

export interface FloorEvents {
  /** Nothing sounds any more, nobody holds it, and something waits. */
  free: undefined;
  /** What sounds beside a page or an override becomes softer from now on, or is no longer softer. */
  ducked: undefined;
}

/**
 * The person's ear: one voice at a time has it. What comes meanwhile waits for its turn, in the order in which it came. Two sound
 * at once only where the person plays something while somebody speaks, and where a page or an override sounds above another
 * voice, which is softer then. Pure.
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

  /** Who has the ear. `own`: the person, who plays something. */
  get hears(): 'nobody' | 'own' | 'somebody' | 'override' {
    const sounds = [...this.#sounding.values()];
    if (this.isFree) return 'nobody';
    if (sounds.includes('override')) return 'override';
    return !this.#isHeld && sounds.every((sound) => sound === 'chosen') ? 'own' : 'somebody';
  }

  /** How loud a message is beside what else sounds: a factor of the amplitude. */
  loudnessOf(id: MessageId): number {
    return this.#loudnessBelow(this.#sounding.get(id) ?? 'voice');
  }

  /** The same for the page or the call that holds the ear. */
  get loudnessOfHolder(): number {
    return this.#loudnessBelow('voice');
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

  /** It has ended. */
  leave(id: MessageId): void {
    const sound = this.#sounding.get(id);
    if (sound === undefined) return;
    this.#sounding.delete(id);
    if (RANK[sound] > RANK.voice) this.events.emit('ducked', undefined);
    this.#tellIfFree();
  }

  /** Until it is released nothing gets its turn, just as while somebody speaks. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#tellIfFree();
  }

  /** The message waits for its turn. False: as many wait as may, of this talker or in all. */
  queue(id: MessageId, talker: NodeId): boolean {
    if (this.#waiting.has(id)) return true;
    const ofTalker = [...this.#waiting.values()].filter((one) => one === talker).length;
    if (this.#waiting.size >= MAX_WAITING || ofTalker >= MAX_WAITING_OF_TALKER) return false;
    this.#waiting.set(id, talker);
    return true;
  }

  /** The message waits no longer. Returns whether it did. */
  drop(id: MessageId): boolean {
    return this.#waiting.delete(id);
  }

  /** The message whose turn it is: it has the floor from now on. Undefined while something sounds, or nothing waits. */
  next(): MessageId | undefined {
    const [id] = this.#waiting.keys();
    if (id === undefined || !this.isFree) return undefined;
    this.take(id);
    return id;
  }

  #loudnessBelow(sound: Sound): number {
    return [...this.#sounding.values()].some((one) => RANK[one] > RANK[sound]) ? DUCKED : 1;
  }

  #tellIfFree(): void {
    if (this.isFree && this.#waiting.size > 0) this.events.emit('free', undefined);
  }
}
