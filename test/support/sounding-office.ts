import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readWav } from '../../native-audio/index.ts';
import type { MessageSummary, NodeEvent } from '../../preload/api.ts';
import { commandLine } from './command-line.ts';
import { eventually } from './eventually.ts';
import { Headless } from './headless.ts';
import { createLan, type Lan } from './lan.ts';
import { statesOf } from './messages.ts';
import type { NamedNode } from './office.ts';
import { startPulse, type Pulse } from './pulse.ts';
import type { Recording } from './recording.ts';
import { wavOf, type Voice } from './rising-voice.ts';

/** How long something is waited for, ms: with a dozen nodes beside other work, far more than it takes. */
const PATIENCE_MS = 90_000;
/** This many nodes start at once: as many as small computers have processors. */
const AT_ONCE = 2;
/** How often a recorder gives what it has, ms: a dozen of them run beside a dozen nodes. */
const RECORDED_EVERY_MS = 100;
/** Longer than the gaps of a voice whose devices wait for a busy processor. */
const SILENCE_MS = 1_000;

/** A computer of somebody in the office. */
export interface Desk extends NamedNode {
  readonly headless: Headless;
  /** `corridor`, at this computer. */
  readonly line: ReturnType<typeof commandLine>;
  /** The first event that passes from now on. Asked for before what it waits for. */
  next<E extends NodeEvent>(passes: (event: NodeEvent) => event is E): Promise<E>;
}

interface SoundingOfficeOptions {
  /** For profiles, recordings and the sound server. */
  readonly folder: string;
  /** Extensions by host. The first host's person founds the office. */
  readonly people: Readonly<Record<string, string>>;
  /** Hosts on which nothing runs yet. */
  readonly others?: readonly string[];
}

/**
 * Nodes on hosts of a LAN, each with a loudspeaker of its own that is heard by what it gives out. People speak recordings.
 * Always `stop()` it.
 */
export class SoundingOffice {
  readonly lan: Lan;
  readonly #folder: string;
  readonly #pulse: Pulse;
  readonly #desks = new Map<string, Desk>();
  #link = 'new';

  static async open({ folder, people, others = [] }: SoundingOfficeOptions): Promise<SoundingOffice> {
    const hosts = [...Object.keys(people), ...others];
    const lan = createLan({ hosts });
    const pulse = await startPulse({ dir: join(folder, 'pulse') }).catch(async (error: unknown) => {
      await lan.stop();
      throw error;
    });
    const office = new SoundingOffice(folder, pulse, lan);
    try {
      for (const host of hosts) await pulse.loadSink(host);
      const [[first, itsExtension] = [], ...rest] = Object.entries(people);
      assert.ok(first !== undefined && itsExtension !== undefined, 'somebody founds it');
      const founder = await office.start(first, itsExtension);
      office.#link = (await founder.node.call('joinLink')).link;
      for (let from = 0; from < rest.length; from += AT_ONCE)
        await Promise.all(
          rest.slice(from, from + AT_ONCE).map(([host, extension]) => office.start(host, extension)),
        );
      await office.settled();
      return office;
    } catch (error) {
      await office.stop();
      throw error;
    }
  }

  private constructor(folder: string, pulse: Pulse, lan: Lan) {
    this.#folder = folder;
    this.#pulse = pulse;
    this.lan = lan;
  }

  get link(): string {
    return this.#link;
  }

  isRunning(host: string): boolean {
    return this.#desks.has(host);
  }

  at(host: string): Desk {
    return this.#desks.get(host) ?? assert.fail(`nothing runs at ${host}`);
  }

  /**
   * Starts the node of a host, again too. `extension`: its person's, in the office; left out: it is in no office. Resolves when its
   * sound has a thread, which has found the loudspeaker: what is said first is not late by that.
   */
  async start(host: string, extension?: string): Promise<Desk> {
    const name = host.replace(/^./, (letter) => letter.toUpperCase());
    const headless = await Headless.start({
      ...(extension === undefined ? {} : { name, extension, office: this.#link }),
      ...{ interface: 'eth0', ready: 'cold' },
      prefix: ['ip', 'netns', 'exec', this.lan.namespace(host)],
      profile: join(this.#folder, host),
      env: this.#soundOf(host),
    });
    const desk: Desk = {
      ...{ name, headless, node: headless.api },
      line: commandLine(() => headless.profile),
      next: async <E extends NodeEvent>(passes: (event: NodeEvent) => event is E) =>
        (await headless.until(passes, PATIENCE_MS, performance.now())).event as E,
    };
    this.#desks.set(host, desk);
    const hasSpeaker = async (): Promise<boolean> => (await desk.node.call('devices')).speakers.length > 0;
    await eventually(hasSpeaker, `${host} has a loudspeaker`, PATIENCE_MS);
    return desk;
  }

  /** The environment of a node whose only sound device is the host's loudspeaker: where it fails, no other one stands in. */
  #soundOf(host: string): Readonly<Record<string, string>> {
    const path = join(this.#folder, `asound-${host}.conf`);
    writeFileSync(path, `pcm.default { type pulse device ${host} }\nctl.default { type pulse }\n`);
    return { ...this.#pulse.env, ALSA_CONFIG_PATH: path };
  }

  /** Ends the node of a host in good order, and keeps its profile. */
  async end(host: string): Promise<void> {
    const { headless } = this.at(host);
    this.#desks.delete(host);
    await headless.stop();
  }

  /** Waits until each node sees all others online, and all follow one switch. */
  async settled(): Promise<void> {
    const desks = [...this.#desks.values()];
    for (const { node, name } of desks) {
      let seen = '';
      const seesAll = async (): Promise<boolean> => {
        const people = await node.call('people');
        seen = people.map(({ extension, presence }) => `${extension} ${presence}`).join(', ');
        return people.filter(({ presence }) => presence !== 'offline').length >= desks.length - 1;
      };
      await eventually(seesAll, () => `${name} sees the others: ${seen}`, PATIENCE_MS);
    }
    const leads = async () =>
      Promise.all(desks.map(async ({ node }) => (await node.call('status')).switch?.id));
    await eventually(
      async () => {
        const [first, ...others] = await leads();
        return first !== undefined && others.every((other) => other === first);
      },
      'all follow one switch',
      PATIENCE_MS,
    );
  }

  /** Writes a WAV file in which somebody speaks with that voice for that many milliseconds. Returns its path. */
  recording(voice: Voice, durationMs: number): string {
    const path = join(this.#folder, `voice-${voice}-${durationMs}.wav`);
    writeFileSync(path, wavOf(voice, durationMs));
    return path;
  }

  /** Begins to record what the loudspeakers of these hosts give out. */
  async listen(...hosts: readonly string[]): Promise<Ears> {
    const recordings = hosts.map((host) => this.#pulse.record(`${host}.monitor`, RECORDED_EVERY_MS));
    return new Ears(new Map((await Promise.all(recordings)).map((one, n) => [hosts[n]!, one])));
  }

  /** Waits until the talker's computer knows these states of the recipients, by extension. Asserts that the command line shows them. */
  async shows({ node, line }: Desk, id: string, states: Readonly<Record<string, string>>): Promise<void> {
    let found = {};
    const isSo = async (): Promise<boolean> => {
      found = statesOf((await node.call('messages')).find((message) => message.id === id));
      return isDeepStrictEqual(found, states);
    };
    await eventually(isSo, () => `${JSON.stringify(states)}; it is ${JSON.stringify(found)}`, PATIENCE_MS);
    const shown = await line.json<MessageSummary[]>('messages');
    assert.deepEqual(statesOf(shown.find((message) => message.id === id)), states);
  }

  /** Exports a message by `corridor export` at that computer. Returns its samples, 48 kHz mono. */
  async exported({ name, line }: Desk, id: string): Promise<Int16Array> {
    const path = join(this.#folder, `${name}-${id}.wav`);
    await line.says(/\d s$/m, 'export', id, path);
    return readWav(await readFile(path));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#desks.values()].map(({ headless }) => headless.stop()));
    await this.#pulse.stop();
    await this.lan.stop();
  }
}

/** What loudspeakers give out, by host. */
export class Ears {
  readonly #recordings: ReadonlyMap<string, Recording>;

  constructor(recordings: ReadonlyMap<string, Recording>) {
    this.#recordings = recordings;
  }

  /** Waits until it has sounded at that host for that many milliseconds, gaps included. */
  hasSoundedFor(ms: number, host: string): Promise<void> {
    return this.#at(host).hasSoundedFor(ms, PATIENCE_MS);
  }

  /** Waits until something has sounded at each of these hosts, and silence has followed. */
  async areSilentAgain(...hosts: readonly string[]): Promise<void> {
    for (const host of hosts)
      await this.#at(host)
        .endsInSilence(SILENCE_MS, PATIENCE_MS)
        .catch((cause: unknown) => assert.fail(`at ${host} ${String(cause)}`));
  }

  /** Ends the recordings. Returns what was heard at each host, 48 kHz mono. */
  async stop(): Promise<(host: string) => Int16Array> {
    const stopped = [...this.#recordings].map(async ([host, one]) => [host, await one.stop()] as const);
    const all = new Map(await Promise.all(stopped));
    return (host) => all.get(host) ?? assert.fail(`nobody listened at ${host}`);
  }

  #at(host: string): Recording {
    return this.#recordings.get(host) ?? assert.fail(`nobody listens at ${host}`);
  }
}
