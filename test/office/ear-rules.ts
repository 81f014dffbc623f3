import { isOverride } from '../../main/messages/index.ts';
import { isPassing, type MessageId } from '../../main/model/index.ts';
import type { WorkerCommand } from '../../main/media/index.ts';
import { WHAT_BECOMES_OF_IT, type Circumstance, type Way } from '../support/what-becomes-of-it.ts';
import type { BusyOffice, Place } from './busy-office.ts';
import type { BusyPerson } from './busy-people.ts';

/** Where nothing sounds and nobody holds the ear, whatever waits has its turn within this time, ms. */
const STARVES_AFTER_MS = 1000;
/** The same where what sounded waits for more, or for a loudspeaker. */
const PATIENCE_MS = 11_000;

/** How often it was so: a simulation in which something is never tried finds nothing. */
export type Seen = Record<
  'live' | 'spoken' | 'waited' | 'turns' | 'ducked' | 'calls' | 'heard' | 'notified' | 'passed',
  number
>;

export const nothingSeen = (): Seen => ({
  ...{ live: 0, spoken: 0, waited: 0, turns: 0, ducked: 0, calls: 0, heard: 0, notified: 0, passed: 0 },
});

/** What holds at one person's ear, at each moment. What does not is told as a sentence. */
export class EarRules {
  readonly seen = nothingSeen();
  readonly #office: BusyOffice;
  readonly #person: BusyPerson;
  readonly #broken: string[] = [];
  /** Since when it is so, ms: that something waits, or is believed to sound, and nothing sounds. */
  #since = new Map<string, number>();
  #stillSo = new Map<string, number>();
  readonly #waited = new Set<MessageId>();
  /** The calls that the person was in. */
  readonly #calls = new Set<string>();
  /** What had its turn. */
  readonly #turns = new Set<string>();

  constructor(office: BusyOffice, person: BusyPerson) {
    this.#office = office;
    this.#person = person;
    this.#place.worker.onOrder = (command) => this.#ordered(command);
  }

  /** The first rule that did not hold. */
  get broken(): string | undefined {
    return this.#broken[0];
  }

  get #place(): Place {
    return this.#person.place;
  }

  /** After something may have sounded: what was ordered is being done. */
  look(): void {
    const { desk, worker } = this.#place;
    const { inbox, player } = desk.messages;
    const own = player.playback;
    this.#oneVoice();
    for (const { id } of worker.sounds)
      if (desk.listener.isLocked && !this.#mayBegin(id)) this.#breaks(`${id} sounds behind a locked screen`);
    for (const { id, isLive } of worker.sounds)
      if (this.#isInCall && (isLive || this.#isTurn(id)) && !this.#maySoundInCall(id))
        this.#breaks(`${id} sounds in a call`);
    const believed = [
      ...inbox.speaking.map(({ id }) => id),
      ...(own && own.state !== 'paused' ? [own.id] : []),
    ];
    for (const id of believed)
      this.#lasts(`${id} is believed to sound`, worker.isUp && !worker.playing.includes(id));
    for (const id of worker.playing)
      if (!believed.includes(id as MessageId) && own?.id !== id)
        this.#breaks(`${id} plays, and nobody knows`);
    this.#nobodyStarves();
    for (const { id, state } of this.#place.calls.shown) if (state === 'active') this.#calls.add(id);
    this.seen.calls = this.#calls.size;
    this.#since = this.#stillSo;
    this.#stillSo = new Map();
  }

  /** When all is over: what became of that message here. Undefined: nothing that may become of it. */
  becameOf(id: MessageId): 'heard' | 'notified' | 'passed' | 'deleted' | undefined {
    const { desk, worker } = this.#place;
    if (this.#person.deleted.has(id)) return 'deleted';
    const message = desk.store.get(id);
    if (message?.roles.mine !== 'recipient') {
      const header = this.#office.said.get(id)?.desk.store.get(id)?.header.facts;
      return header && isPassing(header) ? 'passed' : undefined;
    }
    const isWaiting = desk.messages.turns.waiting.some((one) => one.id === id);
    if (isWaiting || worker.playing.includes(id)) return undefined;
    const { heard, notifiedAt } = message.local;
    if (heard !== undefined) {
      const isPlayed = this.#office.placesOf(this.#place).some((one) => one.worker.ended.has(id));
      return isPlayed ? 'heard' : undefined;
    }
    return notifiedAt === undefined ? undefined : 'notified';
  }

  count(id: MessageId): void {
    const became = this.becameOf(id);
    if (became === 'heard' || became === 'notified' || became === 'passed') this.seen[became] += 1;
  }

  /** Of what sounds by itself one is at full level, and something is, whatever is softer beside it. */
  #oneVoice(): void {
    const { sounds } = this.#place.worker;
    const full = sounds.filter(({ gain }) => gain === 1);
    const { inbox, player } = this.#place.desk.messages;
    if (inbox.speaking.length === 0 || !player.playback) this.#person.wantsBoth = false;
    if (full.length > 0 && full.length < sounds.length) this.seen.ducked += 1;
    const all = sounds
      .map(({ id, isLive, gain }) => `${id} ${isLive ? 'live' : 'played'} at ${gain}`)
      .join(', ');
    // What is above it may wait for its fragments.
    const isAlone = inbox.speaking.every((header) => sounds.some(({ id }) => id === header.id));
    if (sounds.length > 0 && full.length === 0 && isAlone) this.#breaks(`nothing is at full level: ${all}`);
    const byItself = full.filter(({ id, isLive }) => isLive || this.#isTurn(id));
    const isInCall = this.#isInCall && this.#place.desk.messages.ear.loudness === 1;
    const besideCall = isInCall ? byItself.filter(({ id }) => !this.#isHeardOut(id)) : [];
    if (byItself.length > 1 || besideCall.length > 0 || (full.length > 1 && !this.#person.wantsBoth))
      this.#breaks(`two voices at full level: ${all}`);
  }

  get #isInCall(): boolean {
    return this.#person.inCallWith.length > 0;
  }

  #maySoundInCall(id: string): boolean {
    return this.#wayOf(id) === 'override' || this.#isHeardOut(id);
  }

  /** Whoever says it is at the other end of a call. What they said before the call, and to others besides, goes on to its end. */
  #isHeardOut(id: string): boolean {
    const { desk } = this.#place;
    const header = desk.store.get(id as MessageId)?.header.facts;
    const person = header && desk.office.personOf(header.talker);
    return person !== undefined && !header?.page && this.#person.inCallWith.includes(person);
  }

  #nobodyStarves(): void {
    const { desk, worker } = this.#place;
    const { waiting } = desk.messages.turns;
    const isFree = worker.isUp && worker.sounds.length === 0 && !this.#person.isEarHeld;
    const isIdle = waiting.length > 0 && isFree;
    const isStalled = isIdle && (worker.playing.length > 0 || !worker.hasLoudspeaker);
    this.#lasts('somebody waits, and nothing plays', isIdle && !isStalled);
    this.#lasts('somebody waits, and what plays is not heard', isStalled, PATIENCE_MS);
    for (const { id } of waiting) {
      this.#waited.add(id);
      const { heard, notifiedAt } = desk.store.get(id)?.local ?? {};
      if (heard !== undefined || notifiedAt !== undefined)
        this.#breaks(`${id} waits, and was heard or notified`);
    }
    this.seen.waited = this.#waited.size;
  }

  #ordered(command: WorkerCommand): void {
    if (command.type === 'receive' && command.play) {
      this.seen.live += 1;
      this.#begins(command.id as MessageId);
    }
    if (command.type === 'speak') {
      this.seen.spoken += 1;
      this.#begins(command.id as MessageId);
    }
    if (command.type !== 'play') return;
    const id = command.id as MessageId;
    // What waited has its turn, unless it is what the person chose at this moment, or goes on with.
    const isTurn =
      this.#waited.has(id) && !this.#person.isChoosing && !this.#place.desk.messages.player.playback;
    this.#turns.delete(id);
    if (!isTurn) return;
    this.#turns.add(id);
    this.seen.turns += 1;
    this.#begins(id);
  }

  /** It has its turn, and the person did not take it up by hand. */
  #isTurn(id: string): boolean {
    return this.#turns.has(id) && !this.#person.chosen.has(id as MessageId);
  }

  /** It begins to sound, and nobody chose it. */
  #begins(id: MessageId): void {
    if (this.#mayBegin(id)) return;
    const { presence, isLocked, canPlay } = this.#place.desk.listener;
    const facts = JSON.stringify({ presence, isLocked, canPlay, isEarHeld: this.#person.isEarHeld });
    this.#breaks(`${id}, a ${this.#wayOf(id)}, begins to sound: ${facts}`);
  }

  #mayBegin(id: string): boolean {
    const { desk } = this.#place;
    const { listener } = desk;
    const header = desk.store.get(id as MessageId)?.header.facts;
    const way = this.#wayOf(id);
    if (!header || !way || !listener.canPlay || header.isQuiet || !mayPlay(way, listener)) return false;
    return way === 'override' || !(listener.isMuted(header.talker) || this.#person.isEarHeld);
  }

  #wayOf(id: string): Exclude<Way, 'call'> | undefined {
    const header = this.#place.desk.store.get(id as MessageId)?.header.facts;
    if (!header) return undefined;
    if (isOverride(this.#place.desk.office, header)) return 'override';
    if (!header.page) return 'message';
    return header.page.isKept ? 'kept page' : 'page';
  }

  #breaks(sentence: string): void {
    this.#broken.push(`computer ${this.#place.index}, ${this.#office.time.monotonic()} ms: ${sentence}`);
  }

  /** Something that may be so for a moment, and no longer. */
  #lasts(sentence: string, isSo: boolean, patienceMs = STARVES_AFTER_MS): void {
    if (!isSo) return;
    const now = this.#office.time.monotonic();
    const since = this.#since.get(sentence) ?? now;
    this.#stillSo.set(sentence, since);
    if (now - since > patienceMs) this.#breaks(sentence);
  }
}

type Facts = Pick<Place['desk']['listener'], 'presence' | 'isLocked' | 'isIdle' | 'hearsOverrideAway'>;

/** Whether all lines of the table that are about these facts let it sound: of two lines the more exact one counts. */
function mayPlay(way: Way, { presence, isLocked, isIdle, hearsOverrideAway }: Facts): boolean {
  const is: Circumstance = {
    presence,
    ...(isLocked && { isLocked }),
    ...(isIdle && { isIdle }),
    ...(hearsOverrideAway && { allowsOverrides: true }),
  };
  const about = WHAT_BECOMES_OF_IT.filter((row) => !row.is.hears && isPartOf(row.is, is));
  const exact = about.filter((row) => !about.some((other) => other !== row && isPartOf(row.is, other.is)));
  return exact.every(({ becomes }) => becomes[way].startsWith('plays'));
}

function isPartOf(one: Circumstance, other: Circumstance): boolean {
  return Object.entries(one).every(([fact, value]) => other[fact as keyof Circumstance] === value);
}
