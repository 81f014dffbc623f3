import type { Flash } from '../../preload/api.ts';
import type { Calls, CallView } from '../calls/index.ts';
import type { Messages } from '../messages/index.ts';
import { Emitter, faults, type Clock, type NodeId, type Schedule } from '../model/index.ts';
import type { OfficeSession } from '../office/index.ts';
import type { Attention } from './attention.ts';
import { flashOf, newsIn, ringingIn, type Calling, type FlashFacts } from './flash-rules.ts';
import { FlashTurns } from './flash-turns.ts';
import type { PersonSound } from './person-sound.ts';
import type { Profile } from './profile.ts';

interface FlashesParts {
  readonly profile: Pick<Profile, 'settings'>;
  readonly attention: Pick<Attention, 'isLocked'>;
  readonly calls: Pick<Calls, 'events' | 'shown'>;
  readonly messages: Pick<Messages, 'events' | 'kept' | 'turns'>;
  readonly session: Pick<OfficeSession, 'events' | 'roster'>;
  readonly personSound: Pick<PersonSound, 'isMuted'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly schedule: Schedule;
}

/** Calls the person by light, where they chose that, for all that would sound to call them. `null`: a flash that lasts is over. */
export class Flashes {
  readonly events = new Emitter<{ flash: Flash | null }>((error) => faults.tell('flashes', error));
  readonly #parts: FlashesParts;
  readonly #turns = new FlashTurns();
  readonly #stops: readonly (() => void)[];
  #calls: readonly CallView[] = [];
  #cancel: () => void = () => undefined;

  constructor(parts: FlashesParts) {
    const { calls, messages, session, personSound } = parts;
    this.#parts = parts;
    this.#stops = [
      calls.events.on('changed', () => this.look()),
      messages.events.on('sounding', ({ id, live }) => {
        const facts = messages.kept.get(id)?.header.facts;
        if (!facts) return;
        const isChosen = !live && messages.turns.current?.id !== id;
        const name = this.#nameOf(facts.talker);
        this.#once({ type: 'sounding', name, isPage: facts.page !== undefined, isChosen });
      }),
      messages.events.on('notification', ({ header: { facts } }) => {
        if (personSound.isMuted(facts.talker)) return;
        this.#once({ type: 'notification', name: this.#nameOf(facts.talker) });
      }),
      messages.events.on('waits', (id) => {
        const facts = messages.kept.get(id)?.header.facts;
        if (facts) this.#once({ type: 'waits', name: this.#nameOf(facts.talker) });
      }),
      session.events.on('join-request', () => this.asked('request')),
    ];
  }

  /** Somebody asks this person something. */
  asked(by: 'request' | 'move'): void {
    this.#once({ type: 'asked', by });
  }

  /** Looks at the calls again: one may ring, or the person may have locked the screen. */
  look(): void {
    const { calls, clock } = this.#parts;
    const now = clock.monotonic();
    const before = this.#calls;
    this.#calls = calls.shown;
    const ringing = ringingIn(this.#calls, this.#facts);
    const flash = ringing && {
      cause: 'calls' as const,
      name: this.#nameOfPerson(ringing.person),
      lasts: true,
    };
    this.#put(this.#turns.last(flash ?? null, now));
    const news = newsIn(before, this.#calls, this.#facts);
    if (!news) return;
    const { cause, call } = news;
    this.#put(this.#turns.once({ cause, name: this.#nameOfPerson(call.person), lasts: false }, now));
  }

  /** The person tries how it looks, whatever they have chosen. */
  try(): void {
    const { profile, clock } = this.#parts;
    const flash = { cause: 'try', name: profile.settings.name ?? '', lasts: false } as const;
    this.#put(this.#turns.once(flash, clock.monotonic()));
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#cancel();
  }

  get #facts(): FlashFacts {
    const { profile, attention } = this.#parts;
    const { signals, notifications, presence } = profile.settings;
    return { signals, isLocked: attention.isLocked, isQuiet: !notifications || presence === 'dnd' };
  }

  #once(calling: Calling): void {
    const flash = flashOf(calling, this.#facts);
    if (flash) this.#put(this.#turns.once(flash, this.#parts.clock.monotonic()));
  }

  #put(shown: readonly (Flash | null)[]): void {
    const { clock, schedule } = this.#parts;
    for (const flash of shown) this.events.emit('flash', flash);
    this.#cancel();
    this.#cancel = () => undefined;
    const { nextAt } = this.#turns;
    if (nextAt === null) return;
    const waitMs = Math.max(1, nextAt - clock.monotonic());
    this.#cancel = schedule(() => this.#put(this.#turns.tick(clock.monotonic())), waitMs);
  }

  #nameOf(node: NodeId): string {
    return this.#parts.session.roster.directory.get(node)?.name ?? '';
  }

  #nameOfPerson(person: NodeId): string {
    return this.#parts.session.roster.directory.nameOfPerson(person) ?? '';
  }
}
