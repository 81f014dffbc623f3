import { signGroup } from '../../main/identity/index.ts';
import { CorridorError, type KnownNode, type MessageId } from '../../main/model/index.ts';
import type { Survival } from '../support/simulated-disk.ts';
import type { Computer, Running } from './computer.ts';
import type { SimulatedOffice } from './office.ts';

const PRESENCES = ['available', 'available', 'available', 'busy', 'dnd', 'away'] as const;
const CLOCKS_MS = [-1000, 1000, -60_000, 60_000, -3_600_000, 3_600_000, 2 * 86_400_000, -86_400_000];
const SURVIVALS: readonly Survival[] = ['kept', 'lost', 'torn', 'torn'];

/** How often each thing is done, compared with the others. */
const WEIGHTS = {
  talk: 30,
  type: 8,
  play: 12,
  delete: 6,
  restore: 2,
  person: 8,
  number: 2,
  group: 3,
  kill: 7,
  killSoon: 9,
  stop: 4,
  sleep: 3,
  freeze: 3,
  worker: 2,
  breakLink: 4,
  cut: 5,
  split: 3,
  weather: 4,
  fill: 3,
  clock: 2,
  rot: 1,
  burn: 1,
};
type Deed = keyof typeof WEIGHTS;
const DEEDS = Object.entries(WEIGHTS).flatMap(([deed, weight]) => Array<Deed>(weight).fill(deed as Deed));

/** What people do in an office, and what happens to their computers, as chance has it. */
export class Story {
  readonly #office: SimulatedOffice;
  readonly #random: () => number;
  #groups = 0;
  #hasBurned = false;
  #isOver = false;

  constructor(office: SimulatedOffice, random: () => number) {
    this.#office = office;
    this.#random = random;
  }

  /** Somebody does something, or something happens. */
  step(): void {
    const deed = this.#pick(DEEDS);
    const computer = this.#pick(this.#office.computers);
    this.#deeds[deed](computer);
  }

  /** Nobody begins anything more. */
  end(): void {
    this.#isOver = true;
  }

  readonly #deeds: Readonly<Record<Deed, (computer: Computer) => void>> = {
    talk: (computer) => this.#with(computer, (running) => this.#talk(computer, running)),
    type: (computer) => this.#with(computer, (running) => this.#type(computer, running)),
    play: (computer) => this.#with(computer, (running) => this.#play(computer, running)),
    delete: (computer) => this.#with(computer, (running) => this.#delete(computer, running)),
    restore: (computer) => this.#with(computer, (running) => this.#restore(computer, running)),
    person: ({ listener, index }) => {
      listener.presence = this.#pick(PRESENCES);
      listener.isLocked = this.#random() < 0.2;
      listener.isIdle = this.#random() < 0.2;
      this.#tell(
        `${index} is ${listener.presence}${listener.isLocked ? ', locked' : ''}${listener.isIdle ? ', idle' : ''}`,
      );
    },
    number: (computer) => this.#with(computer, (running) => this.#number(computer, running)),
    group: (computer) => this.#with(computer, (running) => this.#group(computer, running)),
    kill: (computer) => this.#kill(computer, this.#pick(SURVIVALS)),
    killSoon: (computer) => {
      const what = this.#pick(['a receipt', 'a manifest', 'an operation of its disk'] as const);
      const count = what === 'an operation of its disk' ? 1 + Math.floor(60 * this.#random()) : 1;
      const survival = this.#pick(SURVIVALS);
      this.#tell(`${computer.index} will die (${survival}) at ${what}, ${count}`);
      this.#office.arm(computer, { what, count, die: () => this.#kill(computer, survival) });
    },
    stop: (computer) => {
      if (!computer.running) return;
      this.#tell(`${computer.index} is switched off`);
      const { life } = computer;
      this.#office.oracle.dies(computer);
      this.#asked(
        computer.stop().finally(() => {
          if (computer.life === undefined || computer.life === life)
            this.#startLater(computer, this.#ms(500, 20_000));
        }),
      );
    },
    sleep: (computer) =>
      this.#with(computer, ({ session, life }) => {
        const forMs = this.#ms(1000, 15_000);
        this.#tell(`${computer.index} sleeps for ${forMs} ms`);
        this.#asked(session.sleep());
        life.after(forMs, () => this.#asked(session.reconnect()));
      }),
    freeze: ({ life, index }) => {
      if (!life) return;
      const forMs = this.#ms(500, 12_000);
      this.#tell(`${index} stands still for ${forMs} ms`);
      life.frozenUntil = this.#office.time.now + forMs;
    },
    worker: (computer) =>
      this.#with(computer, ({ worker }) => {
        this.#tell(`the media worker of ${computer.index} crashes`);
        worker.crash();
      }),
    breakLink: () => {
      if (this.#office.network.breakOne()) this.#tell('a link breaks');
    },
    cut: (computer) => {
      const other = this.#pick(this.#office.computers);
      if (other === computer) return;
      const isBoth = this.#random() < 0.5;
      this.#tell(`nothing comes from ${computer.index} to ${other.index}${isBoth ? ', nor back' : ''}`);
      this.#office.network.cut(computer.index, other.index);
      if (isBoth) this.#office.network.cut(other.index, computer.index);
      this.#mendLater(this.#ms(500, 12_000));
    },
    split: () => {
      const sides = this.#office.computers.map(() => this.#random() < 0.5);
      this.#tell(`the network is split: ${sides.map(Number).join('')}`);
      this.#office.network.side = (index) => Number(sides[index]);
      this.#mendLater(this.#ms(1000, 20_000));
    },
    weather: () => {
      const { network } = this.#office;
      network.loss = this.#pick([0.05, 0.2, 0.45]);
      network.duplicates = this.#pick([0, 0.1, 0.5]);
      network.delayMs = this.#pick([
        [0.2, 3],
        [0.2, 40],
        [1, 250],
      ] as const);
      this.#tell(
        `${network.loss} is lost, ${network.duplicates} comes twice, it takes ${network.delayMs.join(' to ')} ms`,
      );
      this.#mendLater(this.#ms(1000, 15_000));
    },
    fill: (computer) => {
      this.#tell(`the disk of ${computer.index} is full`);
      this.#office.oracle.refused.add(computer.index);
      computer.disk.capacityBytes = 0;
      this.#office.time.after(this.#ms(1000, 20_000), () => (computer.disk.capacityBytes = Infinity));
    },
    clock: (computer) => {
      const ms = this.#pick(CLOCKS_MS);
      this.#tell(`the clock of ${computer.index} is set by ${ms} ms`);
      computer.wall.aheadMs += ms;
    },
    rot: (computer) => this.#rot(computer),
    burn: (computer) => this.#burn(computer),
  };

  #with(computer: Computer, act: (running: Running) => void): void {
    if (computer.running && !computer.running.life.isFrozen) act(computer.running);
  }

  #talk(computer: Computer, { messages, life, session }: Running): void {
    const recipients = this.#recipients(computer);
    if (messages.outgoing.current || recipients.length === 0 || !session.office) return;
    const forMs = this.#ms(200, 3500);
    const [from, to] = [this.#numberOf(computer), recipients[0]?.extension ?? ''];
    const id = this.#press(messages, { recipients, from, to });
    if (!id) return this.#tell(`${computer.index} cannot speak while its media worker starts again`);
    this.#tell(`${computer.index} says ${id} for ${forMs} ms to ${this.#namesOf(recipients)}`);
    life.after(forMs, () => messages.outgoing.release());
  }

  /** Undefined: it was refused, since the sound is down for a moment. */
  #press(
    messages: Running['messages'],
    addressing: Parameters<typeof messages.outgoing.press>[0],
  ): MessageId | undefined {
    try {
      return messages.outgoing.press(addressing).id;
    } catch (error) {
      if (error instanceof CorridorError && error.code === 'sound-down') return undefined;
      throw error;
    }
  }

  #type(computer: Computer, { messages }: Running): void {
    const recipients = this.#recipients(computer);
    if (recipients.length === 0) return;
    const words = { text: 'The parcel is here', language: 'en' };
    this.#asked(
      messages.typed
        .send({ recipients, from: this.#numberOf(computer), to: recipients[0]?.extension ?? '', words })
        .then((id) => this.#tell(`${computer.index} typed ${id} to ${this.#namesOf(recipients)}`)),
    );
  }

  #play({ index }: Computer, { messages }: Running): void {
    const message = this.#pick(messages.kept.unheard());
    if (!message) return;
    this.#tell(`${index} plays ${message.id}`);
    if (message.header.facts.words?.isAlone) messages.inbox.heard(message.id);
    else this.#asked(messages.player.play(message));
  }

  #delete(computer: Computer, { messages, life }: Running): void {
    const { index } = computer;
    const message = this.#pick(messages.kept.shown());
    if (!message) return;
    const key = `${index} ${message.id}`;
    const { deleted } = this.#office.oracle;
    const known = deleted.get(key) ?? { told: false };
    const wish = { told: false };
    deleted.set(key, wish);
    this.#tell(`${index} deletes ${message.id}`);
    this.#asked(
      messages.delete(message.id).then((isDeleted) => {
        if (life.isOver) return;
        // They may have wanted it back before the disk had its deletion.
        if (deleted.get(key) === wish) deleted.set(key, { told: isDeleted || known.told });
        this.#tell(`${index} has deleted ${message.id}: ${isDeleted}`);
        // A person who reads that it is deleted may pull the plug.
        if (isDeleted && this.#random() < 0.2) this.#kill(computer, this.#pick(SURVIVALS));
      }),
    );
  }

  #restore({ index }: Computer, { messages }: Running): void {
    const hidden = messages.kept.list().filter(({ local }) => local.deletedAt !== undefined);
    const message = this.#pick(hidden);
    if (!message) return;
    this.#office.oracle.deleted.set(`${index} ${message.id}`, { told: false, isRestored: true });
    this.#tell(`${index} wants ${message.id} back`);
    this.#asked(messages.retention.restore(message.id));
  }

  #number({ index }: Computer, { session }: Running): void {
    const ledger = session.office?.ledger;
    const person = ledger?.self?.person;
    if (!ledger || person === undefined) return;
    const extension = String(200 + Math.floor(5 * this.#random()));
    this.#tell(`${index} wants the number ${extension}`);
    this.#asked(ledger.sign('number', { person, extension }));
  }

  #group({ index }: Computer, { session, folder }: Running): void {
    const ledger = session.office?.ledger;
    if (!ledger) return;
    this.#groups += 1;
    const name = `Group ${this.#groups}`;
    const people = [...ledger.standing.members.values()]
      .map(({ person }) => person)
      .filter(() => this.#random() < 0.7);
    const extension = String(700 + Math.floor(4 * this.#random()));
    this.#tell(`${index} makes ${name} with the number ${extension}`);
    const founding = {
      type: 'group',
      name,
      extension,
      talk: 'everybody',
      change: 'members',
      people,
    } as const;
    this.#asked(
      ledger.carryOut(function* (plain) {
        yield signGroup(folder.identity, plain, founding);
      }),
    );
  }

  #kill(computer: Computer, survival: Survival): void {
    if (!computer.isOn) return;
    this.#tell(`${computer.index} dies: ${survival}`);
    this.#office.kill(computer, survival);
    this.#startLater(computer, this.#ms(50, 15_000));
  }

  /** A byte of a message's file turns. */
  #rot(computer: Computer): void {
    const { disk, index } = computer;
    const path = this.#pick(disk.paths.filter((name) => name.includes('/store/messages/')));
    if (path === undefined) return;
    this.#tell(`a byte of ${path} turns at ${index}`);
    this.#office.oracle.rots(computer, path);
    disk.spoil(path, (content) => {
      if (content.length > 0)
        content[Math.floor(this.#random() * content.length)]! ^= 1 << Math.floor(8 * this.#random());
      return content;
    });
  }

  #burn(computer: Computer): void {
    const { computers, oracle } = this.#office;
    if (this.#hasBurned || computers.length < 4 || computers.some(({ running }) => !running)) return;
    this.#hasBurned = true;
    this.#tell(`${computer.index} burns down`);
    oracle.burns(computer);
    this.#office.kill(computer, 'lost');
    computer.isLost = true;
  }

  #startLater(computer: Computer, ms: number): void {
    this.#office.time.after(ms, () => {
      if (this.#isOver || computer.isOn || computer.isLost) return;
      this.#tell(`${computer.index} starts`);
      computer.start();
    });
  }

  #mendLater(ms: number): void {
    this.#office.time.after(ms, () => {
      if (this.#isOver) return;
      this.#tell('the network is well');
      this.#office.network.mend();
    });
  }

  /** The computers of some other people. */
  #recipients({ running }: Computer): readonly KnownNode[] {
    const directory = running?.session.roster.directory;
    const ledger = running?.session.office?.ledger;
    const own = ledger?.self?.person;
    if (!directory || !ledger || own === undefined) return [];
    const others = [...new Set([...ledger.standing.members.values()].map(({ person }) => person))].filter(
      (person) => person !== own,
    );
    const some = others.filter(() => this.#random() < 0.4);
    const meant = some.length > 0 ? some : [this.#pick(others)];
    return meant.flatMap((person) => directory.nodesOf(person));
  }

  #numberOf({ running }: Computer): string {
    const ledger = running?.session.office?.ledger;
    return (ledger?.self && ledger.extensionOf(ledger.self.person)) ?? '';
  }

  #namesOf(recipients: readonly KnownNode[]): string {
    const { computers } = this.#office;
    return recipients.map(({ node }) => computers.find((one) => one.node === node)?.index).join(', ');
  }

  /** What a person asked for may be refused, with a sentence; anything else is a defect. */
  #asked(done: Promise<unknown>): void {
    done.catch((error: unknown) => {
      if (error instanceof CorridorError) this.#tell(`refused: ${error.code}`);
      else
        this.#office.oracle.break(
          `what a person asked for failed: ${error instanceof Error ? (error.stack ?? '') : String(error)}`,
        );
    });
  }

  #tell(line: string): void {
    this.#office.log(line);
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)]!;
  }

  #ms(least: number, most: number): number {
    return Math.round(least + this.#random() * this.#random() * (most - least));
  }
}
