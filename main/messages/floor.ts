import { BUDGETS, Emitter, faults, type MessageId, type NodeId } from '../model/index.ts';

/** What sounds: a live voice, a message that the person chose to play, a page, or an override. */
export type Sound = 'voice' | 'chosen' | 'page' | 'override';
const RANK: Readonly<Record<Sound, number>> = { voice: 0, chosen: 0, page: 1, override: 2 };
/** The volume of a sound beside one that ranks above it: a factor of the amplitude, -14 dB. */
const DUCKED = 0.2;
const MAX_WAITING = BUDGETS.voicesWaiting.inAll.atOnce;
const MAX_WAITING_OF_TALKER = BUDGETS.voicesWaiting.perPeer.atOnce;

interface FloorEvents {
  /** The floor is free, and a message waits for it. */
  free: undefined;
  /** Ducking beside a page or an override has begun or ended. */
  ducked: undefined;
  /** A message begins to sound, or something begins to hold the floor. */
  changed: undefined;
}

/**
 * Who has the person's ear: one voice at a time. Further messages wait for their turn in the order in which they came. Two voices
 * sound at once only where the person plays a message while somebody speaks, and where a page or an override sounds above another
 * voice, which is softer then. Pure.
 */
export class Floor {
  readonly events = new Emitter<FloorEvents>((error) => faults.tell('the floor', error));
  readonly #sounding = new Map<MessageId, Sound>();
  readonly #waiting = new Map<MessageId, NodeId>();
  readonly #holders = new Set<'page' | 'call'>();

  /** Nothing sounds, and nothing holds the floor. */
  get isFree(): boolean {
    return this.#sounding.size === 0 && this.#holders.size === 0;
  }

  /** What the person hears. `own`: a message that they play. */
  get hears(): 'nobody' | 'own' | 'somebody' | 'override' {
    const sounds = [...this.#sounding.values()];
    if (this.isFree) return 'nobody';
    if (sounds.includes('override')) return 'override';
    return this.#holders.size === 0 && sounds.every((sound) => sound === 'chosen') ? 'own' : 'somebody';
  }

  /** The volume of a message beside the other sounds: a factor of the amplitude. */
  loudnessOf(id: MessageId): number {
    return this.#loudnessBelow(this.#sounding.get(id) ?? 'voice');
  }

  /** The same for the page or the call that holds the ear. */
  get loudnessOfHolder(): number {
    return this.#loudnessBelow('voice');
  }

  /** This person speaks a page: nothing may sound. */
  get isHeldByPage(): boolean {
    return this.#holders.has('page');
  }

  /** A call holds the floor, and the person speaks in it. */
  get isInCall(): boolean {
    return this.#holders.has('call');
  }

  /** What the person hears above the rest: of what ranks highest, what began last. Undefined: nothing. */
  get heard(): MessageId | undefined {
    const [first, ...others] = [...this.#sounding].reverse();
    if (!first) return undefined;
    return others.reduce((most, one) => (RANK[one[1]] > RANK[most[1]] ? one : most), first)[0];
  }

  /** In the order of their turns. */
  get waiting(): readonly MessageId[] {
    return [...this.#waiting.keys()];
  }

  /** The message sounds from now on. */
  take(id: MessageId, sound: Sound = 'voice'): void {
    this.drop(id);
    const before = this.#sounding.get(id);
    this.#sounding.set(id, sound);
    if (RANK[sound] > RANK[before ?? 'voice']) this.events.emit('ducked', undefined);
    if (before === undefined) this.events.emit('changed', undefined);
  }

  /** The message does not sound any more. */
  leave(id: MessageId): void {
    const sound = this.#sounding.get(id);
    if (sound === undefined) return;
    this.#sounding.delete(id);
    if (RANK[sound] > RANK.voice) this.events.emit('ducked', undefined);
    this.#tellIfFree();
  }

  /** Until `release` no message gets its turn, as while somebody speaks. */
  hold(by: 'page' | 'call'): void {
    this.#holders.add(by);
    this.events.emit('changed', undefined);
  }

  release(): void {
    this.#holders.clear();
    this.#tellIfFree();
  }

  /** Has the message wait for its turn. False: too many wait already, of this talker or in all. */
  queue(id: MessageId, talker: NodeId): boolean {
    if (this.#waiting.has(id)) return true;
    const ofTalker = [...this.#waiting.values()].filter((one) => one === talker).length;
    if (this.#waiting.size >= MAX_WAITING || ofTalker >= MAX_WAITING_OF_TALKER) return false;
    this.#waiting.set(id, talker);
    return true;
  }

  /** Whether a message of that talker waits. */
  awaits(talker: NodeId): boolean {
    return [...this.#waiting.values()].includes(talker);
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
