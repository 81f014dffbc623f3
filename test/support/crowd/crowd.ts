import { randomBytes } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { loadOrCreateIdentity } from '../../../main/identity/index.ts';
import { multicastGroupOf, toBase64url, type NodeId } from '../../../main/model/index.ts';
import { createLan, type Lan } from '../lan.ts';
import { tempFolder } from '../temp-folder.ts';
import type {
  EarCount,
  EarPlan,
  EarsOrder,
  EarsReport,
  MouthOrder,
  MouthReport,
  SpeakingReport,
} from './protocol.ts';

/** The number of listeners that share a process, and a host of the LAN. */
const IN_A_PROCESS = 84;
const PATIENCE_MS = 120_000;

/** One process on a host of the LAN, with its reports. */
class Host<Order extends object, Report extends { readonly report: string }> {
  readonly #child: ChildProcess;
  readonly #told: Report[] = [];
  readonly #waiting = new Set<() => void>();

  /** `onFirst`: it runs on the first processor alone. */
  constructor(lan: Lan, host: string, program: string, onFirst = false) {
    const path = new URL(program, import.meta.url).pathname;
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
    const [command, ...args] = [...(onFirst ? ['taskset', '-c', '0'] : []), process.execPath, path];
    this.#child = lan.spawn(host, command, args, { stdio: [...stdio] });
    this.#child.on('message', (report) => {
      this.#told.push(report as Report);
      for (const look of this.#waiting) look();
    });
  }

  tell(order: Order): void {
    this.#child.send(order);
  }

  /** Resolves with the next report of that kind. */
  hear<R extends Report['report']>(kind: R): Promise<Extract<Report, { readonly report: R }>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`a process of the crowd did not report "${kind}"`));
      }, PATIENCE_MS);
      const look = () => {
        const at = this.#told.findIndex(({ report }) => report === kind);
        if (at < 0) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(this.#told.splice(at, 1)[0] as Extract<Report, { readonly report: R }>);
      };
      this.#waiting.add(look);
      look();
    });
  }

  ask<R extends Report['report']>(order: Order, kind: R): Promise<Extract<Report, { readonly report: R }>> {
    this.tell(order);
    return this.hear(kind);
  }

  end(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}

interface CrowdOptions {
  readonly listeners: number;
  /** The share of all packets that are lost on the way to each listener. */
  readonly loss?: number;
  /** The number of listeners, the first ones, whose network drops multicast. */
  readonly deaf?: number;
  /** Packets to the listeners leave the talker's computer, and reach nobody. */
  readonly isNobodyThere?: boolean;
  /** What the listeners' sockets cost is not counted as the talker's. Needs two processors. */
  readonly isCostApart?: boolean;
}

/** A talker and many listeners on a LAN of their own: real sockets, real multicast, everything but sound. Always `stop()` it. */
export class Crowd {
  readonly nodes: readonly NodeId[];
  readonly #folder: string;
  readonly #lan: Lan;
  readonly #mouth: Host<MouthOrder, MouthReport>;
  readonly #ears: readonly Host<EarsOrder, EarsReport>[];
  #from = { address: '', port: 0 };

  private constructor(
    folder: string,
    lan: Lan,
    hosts: readonly string[],
    nodes: readonly NodeId[],
    isCostApart: boolean,
  ) {
    this.#folder = folder;
    this.#lan = lan;
    this.nodes = nodes;
    this.#mouth = new Host(lan, 'talker', 'mouth.ts', isCostApart);
    this.#ears = hosts.map((host) => new Host(lan, host, 'ears.ts'));
  }

  static async start(options: CrowdOptions): Promise<Crowd> {
    const { listeners, loss = 0, deaf = 0, isNobodyThere = false, isCostApart = false } = options;
    const folder = tempFolder('crowd');
    const processes = isNobodyThere ? 0 : Math.ceil(listeners / IN_A_PROCESS);
    const hosts = Array.from({ length: processes }, (_, n) => `ears${n}`);
    const nodes = Array.from({ length: listeners }, (_, n) => {
      const id = Buffer.alloc(16);
      id.writeUInt32BE(n + 1);
      return toBase64url(id) as NodeId;
    });
    const plans = nodes.map((node, n): EarPlan => ({ node, joins: n >= deaf, loss }));
    const lan = createLan({ hosts: ['talker', ...hosts] });
    if (isNobodyThere) lan.openVoid('talker');
    if (isCostApart) lan.deliverElsewhere('talker');
    const crowd = new Crowd(folder, lan, hosts, nodes, isCostApart);
    try {
      await crowd.#open(hosts, plans);
      return crowd;
    } catch (error) {
      await crowd.stop();
      throw error;
    }
  }

  async #open(hosts: readonly string[], plans: readonly EarPlan[]): Promise<void> {
    const [talker, ears] = [join(this.#folder, 'talker'), join(this.#folder, 'ears')];
    for (const folder of [talker, ears]) await loadOrCreateIdentity(folder);
    const office = toBase64url(randomBytes(16));
    const group = multicastGroupOf(office);
    const common = { office, group };
    const opened = await Promise.all(
      this.#ears.map((host, n) =>
        host.ask(
          {
            ...{ ...common, order: 'open', identity: ears, talker, address: this.#lan.address(hosts[n]!) },
            ears: plans.slice(n * IN_A_PROCESS, (n + 1) * IN_A_PROCESS),
          },
          'opened',
        ),
      ),
    );
    const address = this.#lan.address('talker');
    const nobody = (node: NodeId, n: number) => ({
      ...{ node, address: `10.78.${1 + (n >> 7)}.${1 + (n & 127)}`, media: 5000, beat: 5001 },
    });
    const listeners = opened.length > 0 ? opened.flatMap((one) => one.ears) : this.nodes.map(nobody);
    const { port } = await this.#mouth.ask(
      { ...common, order: 'open', identity: talker, ears, address, listeners },
      'opened',
    );
    this.#from = { address, port };
  }

  /**
   * The talker makes a new sender key for the first `listeners`. `isFirst`: they do not have its sheet, as before the first page. Resolves
   * with the talker's processor time, ms.
   */
  async prepare(listeners = this.nodes.length, isFirst = false): Promise<number> {
    const { sheet, cpuMs } = await this.#mouth.ask({ order: 'prepare', listeners }, 'prepared');
    const from = this.#from;
    const order = { order: 'sheet', from, ...(!isFirst && { sheet }) } as const;
    await Promise.all(this.#ears.map((host) => host.ask(order, 'ready')));
    return cpuMs;
  }

  /**
   * The first `listeners`, who have the whole message, tell the talker what came of it: a frame of progress and two receipts each. Resolves
   * with the processor time in which the talker reads and verifies them, ms.
   */
  async report(listeners: number): Promise<number> {
    const nodes = this.nodes.slice(0, listeners);
    const told = await Promise.all(this.#ears.map((host) => host.ask({ order: 'report', nodes }, 'reports')));
    const frames = told.flatMap((one) => one.frames);
    const { verified, cpuMs } = await this.#mouth.ask({ order: 'hear', frames }, 'heard');
    if (verified !== 2 * listeners) throw new Error(`${verified} receipts of ${listeners} listeners`);
    return cpuMs;
  }

  /** Speaks to the first `listeners` in real time. */
  async page(listeners: number, ms: number, byGroup: boolean): Promise<SpeakingReport> {
    const { said } = await this.#mouth.ask({ order: 'page', listeners, ms, byGroup }, 'said');
    return said;
  }

  /**
   * A page whose fragments are counted at each listener; at fragment `leaveAt` multicast ends for `leaving`. `own`: to this many whom
   * the group does not reach goes their own; left out: to all.
   */
  async countPage(
    fragments: number,
    confirm: number,
    { leaving = [], own }: { readonly leaving?: readonly NodeId[]; readonly own?: number } = {},
  ): Promise<SpeakingReport> {
    const leaveAt = Math.floor(fragments / 2);
    const order = { order: 'count-page', fragments, confirm, leaveAt, lack: leaving.length } as const;
    const saying = this.#mouth.ask({ ...order, ...(own !== undefined && { own }) }, 'said');
    await this.#mouth.hear('leave');
    for (const host of this.#ears) host.tell({ order: 'leave', nodes: leaving });
    return (await saying).said;
  }

  /** Sends the manifest to the first `listeners`. Resolves when they have the whole message. */
  async end(count: number, listeners = this.nodes.length): Promise<void> {
    const nodes = this.nodes.slice(0, listeners);
    await Promise.all(this.#ears.map((host) => host.ask({ order: 'end', count, nodes }, 'complete')));
  }

  /** The number of packets that were resent so far. */
  async again(): Promise<number> {
    return (await this.#mouth.ask({ order: 'again' }, 'again')).again;
  }

  async counts(sentAt: readonly number[] = []): Promise<readonly EarCount[]> {
    const counted = await Promise.all(
      this.#ears.map((host) => host.ask({ order: 'count', sentAt }, 'counted')),
    );
    return counted.flatMap(({ counts }) => counts);
  }

  /** Resets the listeners to their state before the first page. */
  async forget(): Promise<void> {
    await Promise.all(this.#ears.map((host) => host.ask({ order: 'forget' }, 'ready')));
  }

  async stop(): Promise<void> {
    for (const host of [this.#mouth, ...this.#ears]) host.end();
    await this.#lan.stop();
  }
}
