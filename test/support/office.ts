import type { TestContext } from 'node:test';
import { join } from 'node:path';
import { startNode, type CorridorNode, type NodeOptions } from '../../main/node/index.ts';
import type { Ports } from '../../main/model/index.ts';
import { serveLocalSocket } from '../../main/transports/index.ts';
import type { NodeApi, NodeEvent } from '../../preload/api.ts';
import { eventually } from './eventually.ts';
import { tempFolder } from './temp-folder.ts';

/** The bundled media worker, as `npm run build` leaves it. */
export const WORKER = new URL('../../dist/worker.cjs', import.meta.url).pathname;

/** How long an event is awaited, ms: far longer than any computer needs. */
const PATIENCE_MS = 20_000;

/** A node of an office on loopback, with all its events. */
export interface Member {
  readonly node: CorridorNode;
  readonly name: string;
  readonly extension: string;
  readonly profile: string;
  readonly events: NodeEvent[];
  readonly log: string[];
  /** Resolves with the first event, also a past one, that passes. */
  until<E extends NodeEvent>(passes: (event: NodeEvent) => event is E, withinMs?: number): Promise<E>;
  untilSo(passes: (event: NodeEvent) => boolean, withinMs?: number): Promise<NodeEvent>;
  /** The same for later events alone: `from` is `events.length` from before the tested action. */
  untilAfter(from: number, passes: (event: NodeEvent) => boolean): Promise<NodeEvent>;
}

/** A node in this process, or over its socket. */
export interface NamedNode {
  readonly node: Pick<NodeApi, 'call'>;
  readonly name: string;
}

/** An office for one test alone, which ends with it. */
export function officeFor(t: TestContext): LoopbackOffice {
  const office = new LoopbackOffice();
  t.after(() => office.stop());
  return office;
}

/**
 * Several real nodes in one process, on loopback, found by address. Each has a file for a loudspeaker: PortAudio and ALSA
 * serve one thread of a process only.
 */
export class LoopbackOffice {
  readonly members: Member[] = [];
  readonly #sounds = tempFolder('heard');
  readonly #servers: { close(): Promise<void> }[] = [];
  #link = 'new';
  #ports: readonly number[] = [];

  /** Adds a node. @param ports for example with a failing disk; left out: this computer's */
  async add(extension: string, options: Partial<NodeOptions> = {}, ports?: Ports): Promise<Member> {
    const profile = options.profile ?? tempFolder('office');
    const log: string[] = [];
    const name = options.name ?? `Person ${extension}`;
    const started: NodeOptions = {
      profile,
      workerPath: WORKER,
      interfaces: ['127.0.0.1'],
      ready: 'cold',
      speaker: `file:${join(this.#sounds, `${extension}.wav`)}`,
      log: (line) => log.push(line),
      office: this.#link,
      extension,
      addresses: this.#ports.map((port) => `127.0.0.1:${port}`),
      ...options,
      name,
    };
    const node = await startNode(started, ports);
    const member = watch(node, name, extension, profile, log);
    if (this.#link === 'new') {
      this.#link = (await node.call('joinLink')).link;
      const { endpoints } = await node.call('status');
      this.#ports = endpoints ? [endpoints.beat, endpoints.control] : [];
    }
    this.members.push(member);
    return member;
  }

  /** Adds a node that is in no office, and knows these addresses. */
  async addStranger(name: string, addresses: readonly string[]): Promise<Member> {
    const profile = tempFolder('office');
    const log: string[] = [];
    const node = await startNode({
      ...{ profile, workerPath: WORKER, interfaces: ['127.0.0.1'], ready: 'cold', addresses },
      speaker: `file:${join(profile, 'heard.wav')}`,
      log: (line) => log.push(line),
    });
    const member = watch(node, name, '', profile, log);
    this.members.push(member);
    return member;
  }

  /** Adds a person for each extension, and waits until they see each other. */
  async people<E extends readonly string[]>(...extensions: E): Promise<{ [N in keyof E]: Member }> {
    const people: Member[] = [];
    for (const extension of extensions) people.push(await this.add(extension));
    await this.settled();
    return people as { [N in keyof E]: Member };
  }

  /** Waits until every node sees all others online, and all follow one switch. */
  async settled(withinMs?: number): Promise<void> {
    let seen = '';
    await eventually(
      async () => {
        const people = await Promise.all(this.members.map(({ node }) => node.call('people')));
        const statuses = await Promise.all(this.members.map(({ node }) => node.call('status')));
        const others = this.members.length - 1;
        const all = people.every(
          (list) => list.filter(({ presence }) => presence !== 'offline').length >= others,
        );
        const [first] = statuses;
        seen = statuses
          .map(
            ({ node, role, troubles }, n) =>
              `${node?.extension} ${role} sees ${people[n]?.map(({ extension, presence }) => `${extension} ${presence}`).join(', ')} ${JSON.stringify(troubles)}`,
          )
          .join('; ');
        return all && Boolean(first?.switch) && statuses.every((one) => one.switch?.id === first?.switch?.id);
      },
      () => `the office settles; ${seen}`,
      withinMs,
    );
  }

  async close(member: Member): Promise<void> {
    this.members.splice(this.members.indexOf(member), 1);
    await member.node.close();
  }

  /** Lets commands reach these members' nodes until the office stops. */
  async serve(...members: readonly Member[]): Promise<void> {
    for (const { profile, node } of members)
      this.#servers.push(await serveLocalSocket({ profile, api: node }));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
    await Promise.all(this.members.map(({ node }) => node.close()));
  }
}

function watch(node: CorridorNode, name: string, extension: string, profile: string, log: string[]): Member {
  const events: NodeEvent[] = [];
  const waiting = new Set<() => void>();
  node.onEvent((event) => {
    events.push(event);
    for (const look of waiting) look();
  });
  const wait = (passes: (event: NodeEvent) => boolean, withinMs: number, from: number): Promise<NodeEvent> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(look);
        const seen = events.map(({ type }) => type).join(' ');
        reject(
          new Error(
            `${name} did not see it within ${withinMs} ms; saw ${seen.slice(-600)}; log ${log.join(' | ')}`,
          ),
        );
      }, withinMs);
      const look = () => {
        const found = events.slice(from).find(passes);
        if (!found) return;
        waiting.delete(look);
        clearTimeout(timer);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const untilSo = (passes: (event: NodeEvent) => boolean, withinMs = PATIENCE_MS) =>
    wait(passes, withinMs, 0);
  const untilAfter = (from: number, passes: (event: NodeEvent) => boolean) => wait(passes, PATIENCE_MS, from);
  const until = async <E extends NodeEvent>(passes: (event: NodeEvent) => event is E, withinMs?: number) =>
    (await untilSo(passes, withinMs)) as E;
  return { node, name, extension, profile, events, log, until, untilSo, untilAfter };
}

/** Waits until a member sees both computers of the person with this extension online. */
export async function untilBothOnline({ node, name }: NamedNode, extension: string): Promise<void> {
  await eventually(async () => {
    const { people } = await node.call('members');
    const computers = people.find((one) => one.extension === extension)?.computers ?? [];
    return computers.filter(({ online }) => online).length === 2;
  }, `${name} sees both computers of ${extension}`);
}
