import type { CallView } from '../../main/calls/index.ts';
import type { Addressing } from '../../main/messages/index.ts';
import { CorridorError, type MessageId, type NodeId, type Page } from '../../main/model/index.ts';
import type { BusyOffice, Place } from './busy-office.ts';

const PRESENCES = ['available', 'available', 'available', 'busy', 'dnd', 'away'] as const;
const DEVICE = { state: 'running', device: null, sentence: null, phrase: null } as const;

/** Somebody in front of a computer who talks, listens, clicks, goes and comes, as chance has it. */
export class BusyPerson {
  readonly place: Place;
  /** What they chose to hear themselves, and what they deleted. */
  readonly chosen = new Set<MessageId>();
  readonly deleted = new Set<MessageId>();
  /** They began to play something, or went on, while something else was heard. */
  wantsBoth = false;
  #choseAt: number | undefined;
  readonly #office: BusyOffice;
  readonly #random: () => number;
  #keyUpAt: number | undefined;
  #backAt: number | undefined;

  constructor(office: BusyOffice, place: Place, random: () => number) {
    this.#office = office;
    this.place = place;
    this.#random = random;
  }

  /** They call somebody, are in a call, or page by their microphone: nothing begins by itself but an override. */
  get isEarHeld(): boolean {
    const talk = this.place.desk.messages.outgoing.current;
    return this.place.calls.isCalling || (talk?.page !== undefined && talk.usesMicrophone);
  }

  /** The persons at the other end of the calls that they are in, held ones too. */
  get inCallWith(): readonly NodeId[] {
    return this.place.calls.shown.flatMap(({ state, person }) => (state === 'active' ? person : []));
  }

  /** They chose what to play at this very moment. */
  get isChoosing(): boolean {
    return this.#choseAt === this.#office.time.monotonic();
  }

  /** What they do within a moment. */
  act(): void {
    this.#goOn();
    const { listener } = this.place.desk;
    this.#maybe(listener.isLocked ? 0.05 : 0.01, () => this.#lock(!listener.isLocked));
    this.#maybe(0.012, () => (listener.isIdle = !listener.isIdle));
    this.#maybe(0.004, () => this.#setLoudspeaker(!this.place.worker.hasLoudspeaker));
    this.#maybe(0.004, () => this.place.worker.crash());
    this.#maybe(0.004, () => this.#lose());
    if (!listener.isLocked) this.#click();
  }

  /** What they do with the keyboard and the mouse. */
  #click(): void {
    const { messages, listener } = this.place.desk;
    const { player, turns } = messages;
    this.#maybe(0.03, () => this.#talk());
    this.#maybe(0.012, () => this.#type());
    this.#maybe(0.012, () => (listener.presence = this.#pick(PRESENCES)));
    this.#maybe(0.005, () => (listener.hearsOverrideAway = !listener.hearsOverrideAway));
    this.#maybe(0.015, () => this.#call());
    for (const call of this.place.calls.shown) this.#maybe(0.12, () => this.#goOnWith(call));
    this.#maybe(0.01, () => this.#asked(turns.skip()));
    this.#maybe(0.008, () => turns.later());
    this.#maybe(0.006, () => this.#stop());
    this.#maybe(0.02, () => this.#play());
    this.#maybe(0.006, () => this.#again());
    this.#maybe(0.01, () => player.control('pause'));
    this.#maybe(0.03, () => this.#resume());
    this.#maybe(0.005, () => player.seek(this.#random() * 3000));
    this.#maybe(0.005, () => player.setSpeed(this.#pick([1, 1.5, 2])));
    this.#maybe(0.004, () => this.#delete());
    this.#maybe(0.004, () => this.#mute());
    this.#maybe(0.02, () => messages.own.input());
  }

  /** They let go of everything, and nobody begins anything more. */
  stop(): void {
    this.#keyUp();
    for (const { id } of this.place.calls.shown) this.place.calls.hangUp(id);
    this.#setLoudspeaker(true);
    this.#office.mend(this.place);
    if (this.place.desk.messages.player.playback?.state === 'paused') this.#stop();
  }

  #maybe(chance: number, what: () => void): void {
    if (this.#random() < chance) what();
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)]!;
  }

  /** Between these, ms from now. */
  #soon(least: number, most: number): number {
    return this.#office.time.monotonic() + least + this.#random() * (most - least);
  }

  #goOn(): void {
    const now = this.#office.time.monotonic();
    if (now >= (this.#keyUpAt ?? Infinity)) this.#keyUp();
    if (now >= (this.#backAt ?? Infinity)) this.#office.mend(this.place);
  }

  #talk(): void {
    if (this.#keyUpAt !== undefined) return;
    const { addressing, isPage } = this.#whom();
    const { outgoing } = this.place.desk.messages;
    this.#keyUpAt = this.#soon(200, 2500);
    // The last page that they recorded may not be on its way yet: then they are asked to wait.
    this.#asked(
      Promise.resolve().then(() =>
        isPage && this.#random() < 0.3 ? outgoing.record(addressing) : outgoing.press(addressing),
      ),
    );
  }

  /** Their computer has no voice for what they type. */
  #type(): void {
    const { addressing } = this.#whom();
    const kept = addressing.page && { page: { ...addressing.page, isKept: true as const } };
    const words = { text: 'The parcel is here', language: 'en' };
    const { typed } = this.place.desk.messages;
    this.#asked(
      typed.send({ ...addressing, ...kept, words }).then((id) => void this.#office.said.set(id, this.place)),
    );
  }

  #whom(): { readonly addressing: Addressing; readonly isPage: boolean } {
    const { desk } = this.place;
    const own = this.#office.placesOf(this.place);
    const others = this.#office.places.filter((one) => !own.includes(one));
    const persons = [...new Set(others.map((one) => this.#office.placesOf(one)))];
    const isPage = this.#random() < 0.3;
    const few = persons.filter(() => this.#random() < 0.4);
    const meant = isPage ? others : (few.length > 0 ? few : [this.#pick(persons)]).flat();
    const page: Page = { isToAll: true, ...(this.#random() < 0.3 && { isKept: true }) };
    const addressing = {
      recipients: [...new Set(meant)].map((one) => one.desk.record),
      ...{ from: desk.record.extension ?? '', to: meant[0]?.desk.record.extension ?? '' },
      ...(isPage && { page }),
      ...(this.#random() < 0.2 && { isOverride: true as const }),
      ...(!isPage && this.#random() < 0.1 && { isQuiet: true as const }),
    };
    return { addressing, isPage };
  }

  #keyUp(): void {
    this.#keyUpAt = undefined;
    this.place.desk.messages.outgoing.release();
  }

  #lock(isLocked: boolean): void {
    const { listener, messages } = this.place.desk;
    listener.isLocked = isLocked;
    messages.turns.look();
  }

  #setLoudspeaker(isThere: boolean): void {
    const { desk, worker } = this.place;
    worker.hasLoudspeaker = isThere;
    desk.listener.canPlay = isThere;
    const speaker = isThere ? DEVICE : ({ ...DEVICE, state: 'missing' } as const);
    worker.report({ type: 'sound-state', microphone: DEVICE, speaker });
  }

  #call(): void {
    const { calls, desk } = this.place;
    const others = this.#persons().filter((person) => person !== desk.office.personOf(desk.node));
    const active = calls.shown.find(({ state }) => state === 'active');
    const isAdded = active !== undefined && this.#random() < 0.3;
    const person = this.#pick(others);
    this.#asked(isAdded ? calls.add(active.id, person) : calls.dial(person));
  }

  /** A call that rings is answered, or declined; one that goes on is held, or transferred, or ends. */
  #goOnWith({ id, isIncoming, state, isHeld }: CallView): void {
    const { calls } = this.place;
    const chance = this.#random();
    if (isIncoming && chance < 0.8) this.#asked(calls.answer(id));
    else if (state !== 'active' || chance < 0.3) calls.hangUp(id);
    else if (chance < 0.6) calls.hold(id, !isHeld);
    else if (chance < 0.7)
      this.#asked(Promise.resolve().then(() => calls.transfer(id, this.#pick(this.#persons()))));
    else if (chance < 0.8) calls.mute(id, this.#random() < 0.5);
  }

  /** The persons of the office, each by their first computer. */
  #persons(): readonly NodeId[] {
    return [...new Set(this.#office.places.flatMap(({ desk }) => desk.office.personOf(desk.node) ?? []))];
  }

  #stop(): void {
    const { turns, player } = this.place.desk.messages;
    turns.later();
    player.control('stop');
  }

  #play(): void {
    const { messages, store } = this.place.desk;
    // What has no voice is read.
    const here = store
      .shown()
      .filter(({ roles, header }) => roles.mine === 'recipient' && !header.facts.words?.isAlone);
    if (here.length === 0) return;
    const message = this.#pick(here);
    this.#hearBoth();
    this.chosen.add(message.id);
    this.#asked(messages.player.play(message, { all: this.#random() < 0.3 }));
  }

  #again(): void {
    this.#hearBoth();
    this.#asked(this.place.desk.messages.player.playLastWords());
  }

  #resume(): void {
    const { player } = this.place.desk.messages;
    if (player.playback?.state !== 'paused') return;
    this.#hearBoth();
    player.control('resume');
  }

  #hearBoth(): void {
    const { inbox, player } = this.place.desk.messages;
    this.#choseAt = this.#office.time.monotonic();
    if (inbox.speaking.length > 0) this.wantsBoth = true;
    // What plays in its turn is theirs to steer.
    if (player.playback) this.chosen.add(player.playback.id);
  }

  #delete(): void {
    const { messages, store } = this.place.desk;
    const here = store.shown();
    if (here.length === 0) return;
    const { id } = this.#pick(here);
    if (messages.outgoing.current?.id === id) return;
    this.deleted.add(id);
    this.#asked(messages.delete(id));
  }

  #mute(): void {
    const { listener, messages, node } = this.place.desk;
    const { desk } = this.#pick(this.#office.places);
    if (desk.node === node) return;
    const isMuted = !listener.isMuted(desk.node);
    const before = listener.isMuted;
    listener.isMuted = (talker) => (talker === desk.node ? isMuted : before(talker));
    if (isMuted) this.#asked(messages.turns.silence((talker) => talker === desk.node));
  }

  #lose(): void {
    this.#office.cut(this.place);
    this.#backAt = this.#soon(300, 5000);
  }

  /** What a person asks for can be refused with a sentence. Anything else is a fault. */
  #asked(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof CorridorError)) throw error;
    });
  }
}
