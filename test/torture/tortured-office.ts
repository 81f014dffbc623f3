import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MessageSummary, RecipientStatus } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { createLan, type Lan } from '../support/lan.ts';
import { areOneOffice } from '../support/one-office.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { toneWav } from '../support/tone.ts';
import { wrongClock } from '../support/wrong-clock.ts';

const HOSTS = ['ann', 'bo', 'cy', 'dee', 'eli'] as const;
/** A disk for a profile and its messages, and how little of it is left while it is full. */
const DISK_SIZE = '48m';
/** How long an office may take to be one again, and a message to be whole everywhere. Only what fails takes this long; ms. */
const PATIENCE_MS = 90_000;
/** How far a message has come at a recipient by a signed receipt. It never goes back. */
const PROVEN: Partial<Record<RecipientStatus['state'], number>> = { received: 1, heard: 2, read: 2 };

/** How long after its last word a message is surely on its talker's disk, ms. */
const ENDED_AFTER_MS = 5000;

/** A message that a node has accepted. */
export interface SpokenMessage {
  readonly id: string;
  readonly from: Desk;
  readonly to: readonly Desk[];
  /** When its end is surely on the disk, ms (performance.now). */
  readonly endsAt: number;
  /** Its talker was killed while it was spoken: as much of it remains as had come to a disk, and nobody owes the rest. */
  isCutOff: boolean;
}

/** A computer of the office: it keeps its profile while its node is ended and started again. */
export class Desk {
  readonly host: string;
  readonly extension: string;
  readonly profile: string;
  node: Headless | undefined;
  /** The node's process is stopped, and answers nothing. */
  isStopped = false;

  constructor(host: string, extension: string, profile: string) {
    this.host = host;
    this.extension = extension;
    this.profile = profile;
  }

  get isRunning(): boolean {
    return this.node !== undefined && !this.isStopped;
  }
}

/** Five computers, each a node in a process and a network namespace of its own, whose trouble is made on purpose. */
export class TorturedOffice {
  readonly lan: Lan;
  readonly desks: Desk[];
  readonly said: SpokenMessage[] = [];
  readonly #folder: string;
  readonly #disk: SmallDisk | undefined;
  readonly #proven = new Map<string, number>();
  readonly #complaints: string[] = [];
  #link = 'new';
  #nextExtension = 101 + HOSTS.length;

  private constructor(folder: string, lan: Lan, disk: SmallDisk | undefined) {
    this.#folder = folder;
    this.lan = lan;
    this.#disk = disk;
    this.desks = HOSTS.map((host, n) => {
      // The last one's profile is on a disk that can be filled.
      const isLast = n === HOSTS.length - 1;
      const home = disk && isLast ? disk.path : folder;
      return new Desk(host, String(101 + n), join(home, host));
    });
  }

  static async open(folder: string): Promise<TorturedOffice> {
    const disk = SmallDisk.mount(DISK_SIZE);
    const lan = createLan({ hosts: HOSTS });
    const office = new TorturedOffice(folder, lan, typeof disk === 'string' ? undefined : disk);
    try {
      for (const desk of office.desks) await office.start(desk);
      await office.isOne();
    } catch (error) {
      await office.stop();
      throw error;
    }
    return office;
  }

  get running(): readonly Desk[] {
    return this.desks.filter(({ isRunning }) => isRunning);
  }

  /** The desk whose disk can be filled. */
  get small(): Desk | undefined {
    return this.#disk && this.desks[this.desks.length - 1];
  }

  /** The desk whose node is the switch, as most others see it. */
  async switch(): Promise<Desk> {
    for (const { node } of this.running) {
      const leader = (await node?.api.call('status'))?.switch;
      const desk = this.desks.find(({ host }) => host === leader?.name);
      if (desk?.isRunning) return desk;
    }
    return this.running[0]!;
  }

  /** @param skewMs how wrong the node's clock is */
  async start(desk: Desk, skewMs = 0): Promise<void> {
    const node = await Headless.start({
      ...{ name: desk.host, extension: desk.extension, office: this.#link },
      ...{ interface: 'eth0', ready: 'cold', profile: desk.profile },
      prefix: ['ip', 'netns', 'exec', this.lan.namespace(desk.host)],
      speaker: `file:${join(this.#folder, `${desk.host}.wav`)}`,
      env: skewMs === 0 ? {} : wrongClock(skewMs),
    });
    desk.node = node;
    desk.isStopped = false;
    this.#watch(desk, node);
    if (this.#link === 'new') this.#link = (await node.api.call('joinLink')).link;
  }

  async kill(desk: Desk): Promise<void> {
    const { node } = desk;
    if (!node) return;
    desk.node = undefined;
    for (const said of this.said)
      if (said.from === desk && performance.now() < said.endsAt) said.isCutOff = true;
    await node.stop({ signal: 'SIGKILL' });
  }

  /** The computer is lost for ever, with all that is on it. Resolves with the one that is bought instead, which is not started. */
  async replace(desk: Desk): Promise<Desk> {
    await this.kill(desk);
    rmSync(desk.profile, { recursive: true });
    const extension = String(this.#nextExtension++);
    const bought = new Desk(desk.host, extension, join(dirname(desk.profile), `${desk.host}-${extension}`));
    this.desks[this.desks.indexOf(desk)] = bought;
    return bought;
  }

  /** Waits until the talker shows that this many other computers have all of a message. */
  async isStored({ id, from }: SpokenMessage, copies: number): Promise<void> {
    let seen: MessageSummary | undefined;
    await this.#eventually(
      async () => {
        seen = (await messagesOf(from)).find((message) => message.id === id);
        return (seen?.storedOn ?? 0) >= copies;
      },
      () => `what ${from.host} said is stored on ${copies}: ${id} ${JSON.stringify(seen)}`,
    );
  }

  /** Stops the process, as a computer that is too busy does, or goes on with it. */
  stall(desk: Desk, isStopped: boolean): void {
    desk.isStopped = isStopped;
    desk.node?.process.kill(isStopped ? 'SIGSTOP' : 'SIGCONT');
  }

  fillDisk(): void {
    this.#disk?.fill();
  }

  makeRoom(): void {
    this.#disk?.makeRoom();
  }

  /** Somebody says something to others. Undefined: the node refuses, because that person is talking already. */
  async say(from: Desk, to: readonly Desk[], durationMs: number): Promise<SpokenMessage | undefined> {
    const { node } = from;
    if (!node) return undefined;
    try {
      const { id } = await node.api.call('talkRecording', {
        dial: to.map(({ extension }) => extension).join(','),
        wavBase64: toneWav(durationMs, { hz: 200 + 37 * (this.said.length % 40) }),
      });
      const endsAt = performance.now() + durationMs + ENDED_AFTER_MS;
      const said = { id, from, to, endsAt, isCutOff: false };
      this.said.push(said);
      return said;
    } catch {
      // It talks already, or was ended before it answered: nothing was accepted.
      return undefined;
    }
  }

  /** Waits until every running node follows one switch and sees all others that run, and them alone, online. Returns how long that took. */
  async isOne(): Promise<number> {
    const began = performance.now();
    const desks = this.running;
    let seen = '';
    await this.#eventually(
      async () => {
        const { areOne, seen: all } = await areOneOffice(
          desks.map(({ extension, node }) => ({ extension, api: node!.api })),
        );
        seen = all;
        return areOne;
      },
      () => `they are one office: ${seen}`,
    );
    return performance.now() - began;
  }

  /**
   * Waits until each message that was not cut off is whole at all its recipients and its talker knows, and checks that it is there once,
   * and the same everywhere. Returns how long that took.
   */
  async hasArrived(messages: readonly SpokenMessage[]): Promise<number> {
    const began = performance.now();
    const whole = messages.filter(({ isCutOff }) => !isCutOff);
    for (const said of whole) {
      for (const desk of said.to) if (desk.isRunning) await this.#isWhole(said, desk);
      if (said.from.isRunning) await this.#isKnown(said);
    }
    const took = performance.now() - began;
    for (const said of whole) await this.#isTheSame(said);
    return took;
  }

  /** What was noticed on the way. */
  complain(): void {
    for (const { node, host } of this.desks) {
      const { exitCode, signalCode } = node?.process ?? { exitCode: null, signalCode: null };
      if (node && (exitCode !== null || signalCode !== null))
        this.#complaints.push(`${host}’s node ended by itself: ${exitCode ?? signalCode}; ${node.output()}`);
    }
    if (this.#complaints.length > 0) throw new Error(this.#complaints.join('\n'));
  }

  /** What each node printed, for a report. */
  printed(): string {
    return this.desks.map(({ host, node }) => `--- ${host}\n${node?.output() ?? 'does not run'}`).join('\n');
  }

  async stop(): Promise<void> {
    for (const desk of this.desks) if (desk.isStopped) this.stall(desk, false);
    await Promise.all(this.desks.flatMap(({ node }) => (node ? [node.stop()] : [])));
    await this.lan.stop();
    this.#disk?.unmount();
  }

  /** Notes how far each receipt came: it never goes back. */
  #watch(desk: Desk, node: Headless): void {
    node.api.onEvent((event) => {
      if (event.type !== 'message' || event.message.direction !== 'out') return;
      for (const { name, state } of event.message.recipients) {
        const key = `${event.message.id} ${name}`;
        const [before, now] = [this.#proven.get(key) ?? 0, PROVEN[state] ?? 0];
        if (before > now)
          this.#complaints.push(`${desk.host} saw ${name} at ${state} after a receipt said more (${key})`);
        this.#proven.set(key, Math.max(before, now));
      }
    });
  }

  async #isWhole({ id, from }: SpokenMessage, desk: Desk): Promise<void> {
    let seen: readonly MessageSummary[] = [];
    await this.#eventually(
      async () => {
        seen = (await messagesOf(desk)).filter((message) => message.id === id);
        return seen.length === 1 && seen[0]!.complete && !seen[0]!.live;
      },
      () => `${desk.host} has what ${from.host} said whole, and once: ${id} ${JSON.stringify(seen)}`,
    );
  }

  async #isKnown({ id, from, to }: SpokenMessage): Promise<void> {
    let seen: MessageSummary | undefined;
    const running = to.filter(({ isRunning }) => isRunning).map(({ host }) => host);
    await this.#eventually(
      async () => {
        seen = (await messagesOf(from)).find((message) => message.id === id);
        // A disk that was full when it was said has not kept it for its own person.
        if (!seen) return from === this.small;
        const states = new Map(seen.recipients.map(({ name, state }) => [name, state]));
        return running.every((host) => (PROVEN[states.get(host) ?? 'waiting'] ?? 0) > 0);
      },
      () => `${from.host} knows that ${running.join(', ')} have it: ${id} ${JSON.stringify(seen)}`,
    );
  }

  async #isTheSame({ id, from, to }: SpokenMessage): Promise<void> {
    const sounds = new Map<string, string>();
    for (const desk of [from, ...to]) {
      const has = desk.isRunning && (await messagesOf(desk)).some((message) => message.id === id);
      if (!has) continue;
      const { base64 } = await desk.node!.api.call('exportMessage', { which: id, format: 'wav' });
      sounds.set(base64, [...(sounds.get(base64)?.split(' ') ?? []), desk.host].join(' '));
    }
    if (sounds.size > 1)
      throw new Error(`What ${from.host} said differs: ${id} ${[...sounds.values()].join(' | ')}`);
  }

  async #eventually(passes: () => Promise<boolean>, what: () => string): Promise<void> {
    await eventually(
      () => {
        this.complain();
        return passes();
      },
      what,
      PATIENCE_MS,
    );
  }
}

async function messagesOf({ node }: Desk): Promise<readonly MessageSummary[]> {
  return (await node?.api.call('messages')) ?? [];
}
