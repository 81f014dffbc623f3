import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadOrCreateIdentity } from '../../main/identity/index.ts';
import { delay, eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';
import { FAULT } from './faults.ts';
import type { OfficeNow, Target } from './hostile-member.ts';
import { FIRST_EXTENSION, type NodeId } from '../../main/model/index.ts';

const LOADED = ['./own-mdns.ts', './probe.ts'].map(
  (name) => `--import=${new URL(name, import.meta.url).href}`,
);
const SPEECH = toneWav(200);
/** A message has this long to reach its recipient: a computer may be slow, what is lost never comes. */
const ARRIVES_WITHIN_MS = 30_000;
/** How long a node may believe what is not so: an election, or a person who seems to be gone, settles in less. */
const BELIEF_WITHIN_MS = 20_000;
const KEPT_MESSAGES = 20;
/** The extensions of the dishonest members. People talk to them too, since nobody knows that they are. */
const HOSTILE_EXTENSIONS = ['901', '902', '903', '904'];
/** One in this many talks is to them, and after one in this many somebody looks at what they sent. */
const HOSTILE_EVERY = 5;
/** In one look of this many, a person declines; that computer and its address are not heard again for an hour. */
const DECLINED_EVERY = 10;
/** The office is looked at this often while talks are under way; and while a node believes what nobody said. */
const LOOK_EVERY_MS = 50;
const BELIEF_LOOK_EVERY_MS = 200;
/** Something that must not be, however nonsensical the input. */
export interface Problem {
  readonly kind: 'exit' | 'restart' | 'fault' | 'lost' | 'slow' | 'memory' | 'belief';
  readonly sentence: string;
  /** What the node at fault had handled last, the latest last: names that the probe gives. */
  readonly marks: readonly string[];
}

interface Member {
  readonly name: string;
  readonly extension: string;
  readonly node: Headless;
  /** Messages that came whole. */
  readonly whole: Set<string>;
  /** How many characters of what its node printed were looked at. */
  looked: number;
}

interface Underway {
  readonly id: string;
  readonly from: Member;
  readonly to: Member;
  readonly since: number;
}

/** What the probe in a node has noted of one input, or of one turn of the event loop. */
interface Slow {
  readonly at: number;
  readonly thread: 'main' | 'media';
  readonly what: 'input' | 'turn';
  readonly ms: number;
  readonly marks: readonly string[];
}

/** Bytes of a node. */
export interface Memory {
  /** What the main thread's JavaScript holds, in V8's heap and outside it. */
  readonly held: number;
  /** V8's heaps of the other threads, with garbage that was not collected yet. */
  readonly workers: number;
  /** What is resident and not set aside for a heap of V8: the C library's memory, programs, stacks. */
  readonly outside: number;
}

/** Honest nodes in processes of their own, on loopback, each watched by a probe, who talk to each other all the time. */
export class FuzzedOffice {
  readonly members: readonly Member[];
  readonly link: string;
  readonly targets: readonly Target[];
  /** At which its nodes speak mDNS: nobody else on this computer hears it. */
  readonly mdnsPort: number;
  /** Keys that are no members', whatever they ask. */
  strangers: readonly NodeId[] = [];
  /** How often a person saw that a stranger asks, and digits to compare. */
  readonly seen = { requests: 0, digits: 0 };
  readonly #folder: string;
  readonly #underway: Underway[] = [];
  readonly #misbelieved = new Map<string, number>();
  /** What the probes noted, and how many bytes of each of their files were read. */
  readonly #noted: Slow[] = [];
  readonly #notesRead = new Map<string, number>();
  #now: OfficeNow = { switchId: '', term: 0, messages: [] };
  #talks = 0;
  #arrived = 0;
  #talking: Promise<void> | undefined;
  #isTalking = false;
  #refused = 0;
  #looks = 0;

  static async start(size: number): Promise<FuzzedOffice> {
    const folder = tempFolder('fuzzed');
    await mkdir(join(folder, 'probe'));
    const mdnsPort = await freePort();
    const members: Member[] = [];
    let link = 'new';
    let address: string | undefined;
    try {
      for (let n = 0; n < size; n += 1) {
        const extension = String(FIRST_EXTENSION + n);
        const name = `Honest ${extension}`;
        const node = await Headless.start({
          ...{ interface: '127.0.0.1', name, extension, office: link, ready: 'cold' },
          ...{ profile: join(folder, extension), speaker: `file:${join(folder, `${extension}.wav`)}` },
          env: {
            ...{ NODE_OPTIONS: LOADED.join(' '), CORRIDOR_FUZZ_FOLDER: join(folder, 'probe') },
            CORRIDOR_FUZZ_MDNS_PORT: String(mdnsPort),
          },
        });
        const whole = new Set<string>();
        node.api.onEvent((event) => {
          if (event.type === 'message' && event.message.complete) whole.add(event.message.id);
        });
        members.push({ name, extension, node, whole, looked: 0 });
        if (address === undefined) {
          link = (await node.api.call('joinLink')).link;
          const { endpoints } = await node.api.call('status');
          address = `127.0.0.1:${endpoints?.beat}`;
        } else {
          await node.api.call('addAddress', { address });
        }
      }
      const targets = await Promise.all(members.map(targetOf));
      const office = new FuzzedOffice(folder, members, link, targets, mdnsPort);
      await eventually(
        async () => (await office.wrongBeliefs()).length === 0,
        () => `the office settles: ${office.describe()}`,
      );
      const problem = await office.look();
      if (problem) throw new Error(problem.sentence);
      return office;
    } catch (error) {
      await Promise.all(members.map(({ node }) => node.stop()));
      throw error;
    }
  }

  private constructor(
    folder: string,
    members: readonly Member[],
    link: string,
    targets: readonly Target[],
    mdnsPort: number,
  ) {
    this.#folder = folder;
    this.mdnsPort = mdnsPort;
    this.members = members;
    this.link = link;
    this.targets = targets;
  }

  /** What the hostile member may know of the office, as of the last `look`. */
  get now(): OfficeNow {
    return this.#now;
  }

  /** Messages of honest people to each other; `refused`: nobody could be talked to at that moment. */
  get messages(): { readonly sent: number; readonly arrived: number; readonly refused: number } {
    return { sent: this.#talks, arrived: this.#arrived, refused: this.#refused };
  }

  /** People talk to each other in turn, one message after the other, until `stopTalking`. */
  startTalking(everyMs: number): void {
    this.#isTalking = true;
    this.#talking = (async () => {
      while (this.#isTalking) {
        const began = performance.now();
        await this.#talk();
        if (this.#talks % HOSTILE_EVERY === 0) await this.#meetTheHostile();
        await delay(Math.max(0, began + everyMs - performance.now()));
      }
    })();
  }

  async stopTalking(): Promise<void> {
    this.#isTalking = false;
    await this.#talking;
  }

  /** One problem that there is now; undefined: none. */
  async look(): Promise<Problem | undefined> {
    const ended = await this.#ended();
    if (ended) return ended;
    this.#settle();
    const late = this.#underway.find(({ since }) => performance.now() - since > ARRIVES_WITHIN_MS);
    if (late) {
      const sentence = `the message ${late.id} of ${late.from.name} did not reach ${late.to.name} within ${ARRIVES_WITHIN_MS} ms`;
      return { kind: 'lost', sentence, marks: [] };
    }
    const wrong = await this.wrongBeliefs().catch((error: Error) => [
      `a node does not answer (${error.message})`,
    ]);
    for (const belief of this.#misbelieved.keys())
      if (!wrong.includes(belief)) this.#misbelieved.delete(belief);
    for (const belief of wrong) {
      const since = this.#misbelieved.get(belief) ?? performance.now();
      this.#misbelieved.set(belief, since);
      if (performance.now() - since > BELIEF_WITHIN_MS)
        return { kind: 'belief', sentence: `${belief}, for ${BELIEF_WITHIN_MS} ms`, marks: [] };
    }
    for (const { node } of this.members) node.events.length = 0;
    await this.#meetStrangers();
    return this.#ended();
  }

  /** Everybody is talked to once more, and everything that was said arrives. */
  async stillWorks(): Promise<Problem | undefined> {
    for (const to of this.members.keys()) await this.#talk(to);
    for (;;) {
      const problem = await this.look();
      if (problem) return problem;
      if (this.#underway.length === 0) break;
      await delay(LOOK_EVERY_MS);
    }
    for (;;) {
      const problem = await this.look();
      if (problem || this.#misbelieved.size === 0) return problem;
      await delay(BELIEF_LOOK_EVERY_MS);
    }
  }

  /** What took 2 ms of processor time or more since that time (ms since the epoch), the longest first. */
  async slow(since: number): Promise<Slow[]> {
    const files = (await readdir(join(this.#folder, 'probe'))).filter((name) => name.endsWith('slow.jsonl'));
    await Promise.all(files.map((name) => this.#readNotes(join(this.#folder, 'probe', name))));
    return this.#noted.filter(({ at }) => at >= since).sort((a, b) => b.ms - a.ms);
  }

  /** Bytes of each node's memory, after a collection of garbage in its main thread. */
  async memory(): Promise<Memory[]> {
    return Promise.all(
      this.members.map(async ({ node }) => {
        const path = join(this.#folder, 'probe', `${node.process.pid}-0-memory.json`);
        await rm(path, { force: true });
        node.process.kill('SIGUSR2');
        let usage: Record<string, number> | undefined;
        await eventually(() => (usage = readJson(path)) !== undefined, 'the node tells its memory');
        return {
          held: usage!['heapUsed']! + usage!['external']!,
          workers: usage!['usedByWorkers']!,
          outside: usage!['rss']! - usage!['committed']!,
        };
      }),
    );
  }

  /** What honest nodes believe of each other that is not so. */
  async wrongBeliefs(): Promise<string[]> {
    const ids = new Set<string>(this.targets.map(({ id }) => id));
    const found = await Promise.all(
      this.members.map(async ({ name, node }) => {
        const [people, status] = [await node.api.call('people'), await node.api.call('status')];
        const wrong = this.members
          .filter((other) => other.name !== name)
          .flatMap((other, _n) => {
            const id = this.targets[this.members.indexOf(other)]?.id;
            const seen = people.find((person) => person.id === id);
            const is = seen && `${seen.name}, ${seen.extension}, ${seen.presence}`;
            const should = `${other.name}, ${other.extension}, available`;
            return is === should ? [] : [`${name} takes ${should} for ${is ?? 'nobody'}`];
          });
        const strangers = people.filter(({ id }) => this.strangers.includes(id as NodeId));
        wrong.push(...strangers.map(({ id }) => `${name} takes the stranger ${id} for a colleague`));
        const { switch: leader } = status;
        if (leader && ids.has(leader.id)) {
          this.#now = { ...this.#now, switchId: leader.id, term: status.term };
          return wrong;
        }
        return [...wrong, `${name} follows ${leader?.name ?? 'nobody'}`];
      }),
    );
    return found.flat();
  }

  describe(): string {
    return [...this.#misbelieved.keys()].join('; ');
  }

  async stop(): Promise<void> {
    await this.stopTalking();
    await Promise.all(this.members.map(({ node }) => node.stop()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #talk(to = (this.#talks + 1 + Math.floor(this.#talks / this.members.length)) % this.members.length) {
    const from = this.members[(to + 1) % this.members.length]!;
    const recipient = this.members[to]!;
    try {
      const { id } = await from.node.api.call('talkRecording', {
        ...{ dial: recipient.extension, wavBase64: SPEECH },
      });
      this.#talks += 1;
      this.#underway.push({ id, from, to: recipient, since: performance.now() });
      this.#now = { ...this.#now, messages: [id, ...this.#now.messages].slice(0, KEPT_MESSAGES) };
    } catch {
      // Somebody who cannot be reached just now is a wrong belief, and a node that ended a problem: both are looked for.
      this.#refused += 1;
    }
  }

  /** Talks to them, and does with what they sent whatever a person can. What is refused is refused. */
  async #meetTheHostile(): Promise<void> {
    const n = this.#talks / HOSTILE_EVERY;
    const { node } = this.members[n % this.members.length]!;
    const dial = HOSTILE_EXTENSIONS[n % HOSTILE_EXTENSIONS.length]!;
    await refusable(node.api.call('talkRecording', { dial, wavBase64: SPEECH }));
    const theirs = (await refusable(node.api.call('messages')))?.find(
      ({ direction, extension }) => direction === 'in' && HOSTILE_EXTENSIONS.includes(extension),
    );
    if (!theirs) return;
    const { id } = theirs;
    await refusable(node.api.call('play', { which: id }));
    await refusable(node.api.call('waveform', { id }));
    await refusable(node.api.call('exportMessage', { which: id, format: 'ogg' }));
    await refusable(node.api.call('forwardMessage', { id, dial: this.members[0]!.extension }));
    await refusable(node.api.call('health'));
    await refusable(node.api.call('diagnostics'));
    await refusable(node.api.call('deleteMessage', { id }));
  }

  /** Everybody looks at who asks, and compares; nobody is let in. A node that ended is another problem, and found as that. */
  async #meetStrangers(): Promise<void> {
    this.#looks += 1;
    await Promise.all(this.members.map((member) => this.#meetStrangersAt(member).catch(() => undefined)));
  }

  async #meetStrangersAt({ node: { api } }: Member): Promise<void> {
    const asking = await refusable(api.call('letSomebodyIn', { isOpen: true }));
    for (const { id, state, digits } of asking?.requests ?? []) {
      this.seen.requests += 1;
      if (digits !== null) this.seen.digits += 1;
      if (state === 'waiting') await refusable(api.call('compareRequest', { id }));
      else if (this.#looks % DECLINED_EVERY === 0) await refusable(api.call('declineRequest', { id }));
    }
  }

  #settle(): void {
    for (const one of [...this.#underway]) {
      if (!one.to.whole.delete(one.id)) continue;
      this.#underway.splice(this.#underway.indexOf(one), 1);
      this.#arrived += 1;
    }
  }

  async #ended(): Promise<Problem | undefined> {
    for (const member of this.members) {
      const { name, node } = member;
      const { exitCode, signalCode, pid } = node.process;
      if (exitCode !== null || signalCode !== null) {
        const lines = node.output().split('\n');
        const why = lines.filter((line) => line.trim() !== '').slice(-12);
        return {
          kind: 'exit',
          sentence: `${name} ended (${exitCode ?? signalCode}): ${why.join('\n')}`,
          marks: await this.#lastOf(pid),
        };
      }
      const printed = newLinesOf(member);
      const fault = printed.find((line) => FAULT.test(line));
      if (fault !== undefined)
        return { kind: 'fault', sentence: `${name}: ${fault}`, marks: await this.#lastOf(pid) };
      const restart = printed.find((line) => line.includes('ended by itself'));
      if (restart !== undefined)
        return { kind: 'restart', sentence: `${name}: ${restart}`, marks: await this.#lastOf(pid) };
    }
    return undefined;
  }

  /** A probe adds to its file, and nothing more than that is read each time. */
  async #readNotes(path: string): Promise<void> {
    const from = this.#notesRead.get(path) ?? 0;
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const { buffer } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
      const whole = buffer.subarray(0, buffer.lastIndexOf('\n') + 1);
      this.#notesRead.set(path, from + whole.length);
      for (const line of whole.toString().split('\n')) if (line) this.#noted.push(JSON.parse(line) as Slow);
    } finally {
      await file.close();
    }
  }

  async #lastOf(pid: number | undefined): Promise<string[]> {
    const files = (await readdir(join(this.#folder, 'probe'))).filter(
      (name) => name.startsWith(`${pid}-`) && name.endsWith('last.json'),
    );
    return files.flatMap(
      (name) => (readJson(join(this.#folder, 'probe', name)) as { remembered?: string[] })?.remembered ?? [],
    );
  }
}

/** A UDP port that nobody has now. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0);
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** What its node has printed since this was asked last, whole lines alone. */
function newLinesOf(member: Member): string[] {
  const printed = member.node.output();
  const lines = printed.slice(member.looked, printed.lastIndexOf('\n') + 1);
  member.looked += lines.length;
  return lines.split('\n');
}

/** What a node answers; undefined where it refuses in good order. */
async function refusable<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: Error) => {
    if ((error as Error & { code?: string }).code === undefined) throw error;
    return undefined;
  });
}

function readJson(path: string): Record<string, number> | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>;
  } catch {
    return undefined;
  }
}

async function targetOf({ node, extension }: Member): Promise<Target> {
  const { endpoints, node: self } = await node.api.call('status');
  const { hpkePublicKey } = await loadOrCreateIdentity(node.profile);
  if (!endpoints || !self) throw new Error('a node that runs is somewhere, and somebody');
  return { id: self.id as NodeId, extension, endpoints, hpkeKey: hpkePublicKey };
}
