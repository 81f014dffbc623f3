import { execFile, execFileSync, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { eventually } from './eventually.ts';

/** How long a stopped host's processes may take to end before they are killed. */
const END_GRACE_MS = 300;

/** The result of a command that has ended. `code` is null where a signal ended it. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface SpawnSettings {
  /** Added to this process's own environment. */
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly stdio?: SpawnOptions['stdio'];
}

/** Why no LAN can be made here, as a sentence for `skip`; undefined where it can. */
export function whyNoLan(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces need Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const probe = `corridor-probe-${process.pid}`;
  try {
    ip('netns', 'add', probe);
    ip('netns', 'delete', probe);
    return undefined;
  } catch (error) {
    return `network namespaces do not work here: ${error instanceof Error ? error.message.trim() : String(error)}`;
  }
}

let made = 0;

/**
 * A LAN of hosts, each a network namespace with `eth0` (10.77.1.x/24) on a bridge that lives in a namespace of its
 * own: the machine's own network is not touched. Multicast works; nothing outside can be reached. Needs root and
 * iproute2: ask `whyNoLan` first. Throws what `ip` says when something cannot be made.
 */
export function createLan(options: { readonly hosts: readonly string[] }): Lan {
  return new Lan(options.hosts);
}

/** See `createLan`. Always `stop()` it, in a `finally` or `after`. */
export class Lan {
  readonly hosts: readonly string[];
  readonly #prefix = `corridor-${process.pid}-${(made += 1)}`;
  readonly #children = new Set<ChildProcess>();

  constructor(hosts: readonly string[]) {
    this.hosts = hosts;
    try {
      this.#make();
    } catch (error) {
      this.#remove();
      throw error;
    }
  }

  /** The IPv4 address of a host's `eth0`. */
  address(host: string): string {
    return `10.77.1.${this.#index(host) + 1}`;
  }

  /** The name of the host's network namespace, for `ip netns exec`. */
  namespace(host: string): string {
    return `${this.#prefix}-${this.#index(host)}`;
  }

  /** Starts a program on a host. It is killed with the LAN, at the latest; its pid is the program's own. */
  spawn(
    host: string,
    command: string,
    args: readonly string[] = [],
    settings: SpawnSettings = {},
  ): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.namespace(host), command, ...args], {
      env: { ...process.env, ...settings.env },
      ...(settings.cwd === undefined ? {} : { cwd: settings.cwd }),
      stdio: settings.stdio ?? 'pipe',
    });
    this.#children.add(child);
    const forget = () => this.#children.delete(child);
    child.once('exit', forget);
    child.once('error', forget);
    return child;
  }

  /** Runs a program on a host to its end. Resolves also with a failing exit code. */
  run(
    host: string,
    command: string,
    args: readonly string[] = [],
    settings: SpawnSettings & { readonly timeoutMs?: number } = {},
  ): Promise<Ran> {
    return new Promise((resolve) => {
      const options = {
        env: { ...process.env, ...settings.env },
        timeout: settings.timeoutMs ?? 30_000,
        maxBuffer: 64 * 1024 * 1024,
        ...(settings.cwd === undefined ? {} : { cwd: settings.cwd }),
      };
      const all = ['netns', 'exec', this.namespace(host), command, ...args];
      const child = execFile('ip', all, options, (error, stdout, stderr) => {
        resolve({ code: error ? child.exitCode : 0, stdout, stderr });
      });
    });
  }

  /**
   * Writes every packet of every cable to a file (pcapng), as somebody sees it who is at the switch. Resolves with what ends that, once a
   * packet was seen. Needs tshark.
   */
  async capture(file: string): Promise<() => Promise<void>> {
    const cables = this.hosts.flatMap((_, index) => ['-i', `port${index}`]);
    const shark = spawn('ip', ['netns', 'exec', this.#bridge(), 'tshark', '-q', ...cables, '-w', file], {
      stdio: 'ignore',
    });
    await this.#marked(file, 'the capture begins');
    return async () => {
      await this.#marked(file, 'what came before the end of the capture is in the file');
      const exited = once(shark, 'exit');
      shark.kill('SIGTERM');
      await exited;
    };
  }

  /** Sends a packet of its own until it is in the file. */
  #marked(file: string, what: string): Promise<void> {
    const [from, to] = this.hosts as readonly [string, string];
    const mark = randomUUID();
    const send = `printf ${mark} > /dev/udp/${this.address(to)}/9`;
    return eventually(async () => {
      await this.run(from, 'bash', ['-c', send]);
      return existsSync(file) && readFileSync(file).includes(mark);
    }, what);
  }

  /** Drops this percentage of the UDP packets to the host; 0 ends it. */
  lose(host: string, percent: number): void {
    const rule = `iifname "eth0" meta l4proto udp numgen random mod 1000 < ${Math.round(percent * 10)} drop`;
    this.#filter(host, 'loss', percent > 0 ? [rule] : []);
  }

  /** Packets of the host to 10.78.0.0/16 leave it, and reach nobody. */
  openVoid(host: string): void {
    const namespace = this.namespace(host);
    const bridge = this.#bridge();
    ip('-n', namespace, 'link', 'add', 'void', 'type', 'veth', 'peer', 'name', 'void', 'netns', bridge);
    ip('-n', bridge, 'link', 'set', 'void', 'up');
    ip('-n', namespace, 'address', 'add', '10.78.0.1/16', 'dev', 'void');
    ip('-n', namespace, 'link', 'set', 'void', 'arp', 'off', 'up');
  }

  /**
   * The system hands on what the host sends by the last of its processors. By itself it does that within the sender's own call, so
   * that the sender pays for what every listener's socket costs. Whatever sends belongs on another processor, as by `taskset`.
   */
  deliverElsewhere(host: string): void {
    const last = availableParallelism() - 1;
    const steering = `/sys/class/net/port${this.#index(host)}/queues/rx-0/rps_cpus`;
    const write = `echo ${(1n << BigInt(last)).toString(16)} > ${steering}`;
    execFileSync('ip', ['netns', 'exec', this.#bridge(), 'sh', '-c', write]);
  }

  /** Pulls the host's cable: its `eth0` has no carrier, its addresses and routes stay. */
  cut(host: string): void {
    ip('-n', this.#bridge(), 'link', 'set', `port${this.#index(host)}`, 'down');
  }

  /** Plugs it in again. */
  heal(host: string): void {
    ip('-n', this.#bridge(), 'link', 'set', `port${this.#index(host)}`, 'up');
  }

  /** Cuts these hosts off from all others, until `join`. */
  split(half: readonly string[]): void {
    for (const host of this.hosts) {
      const others = this.hosts.filter((other) => half.includes(other) !== half.includes(host));
      const addresses = others.map((other) => this.address(other)).join(', ');
      this.#filter(host, 'split', [`ip saddr { ${addresses} } drop`]);
    }
  }

  join(): void {
    for (const host of this.hosts) this.#filter(host, 'split', []);
  }

  /** New connections to that TCP port of the host get no answer; existing ones go on. */
  blockNewLinks(host: string, port: number): void {
    this.#filter(host, 'door', [`tcp dport ${port} tcp flags & (syn | ack) == syn drop`]);
  }

  /** Gives the host another address, as after a change of network or of the DHCP lease. */
  readdress(host: string, address: string): void {
    const namespace = this.namespace(host);
    ip('-n', namespace, 'address', 'flush', 'dev', 'eth0', 'scope', 'global');
    ip('-n', namespace, 'address', 'add', `${address}/24`, 'brd', '+', 'dev', 'eth0');
    ip('-n', namespace, 'route', 'replace', '224.0.0.0/4', 'dev', 'eth0');
  }

  /** Ends every process that runs on a host, and removes the LAN. */
  async stop(): Promise<void> {
    for (const pid of this.#pids()) signal(pid, 'SIGTERM');
    const haveEnded = () => this.#pids().length === 0;
    await eventually(haveEnded, 'its processes end', END_GRACE_MS).catch(() => {
      for (const pid of this.#pids()) signal(pid, 'SIGKILL');
    });
    this.#children.clear();
    this.#remove();
  }

  #make(): void {
    const bridge = this.#bridge();
    ip('netns', 'add', bridge);
    // Without snooping the bridge floods multicast, as an office's plain switch does.
    ip('-n', bridge, 'link', 'add', 'lan', 'type', 'bridge', 'mcast_snooping', '0');
    ip('-n', bridge, 'link', 'set', 'lan', 'up');
    for (const [index, host] of this.hosts.entries()) {
      const namespace = this.namespace(host);
      const port = `port${index}`;
      ip('netns', 'add', namespace);
      ip('-n', bridge, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
      ip('-n', bridge, 'link', 'set', port, 'master', 'lan', 'up');
      ip('-n', namespace, 'link', 'set', 'lo', 'up');
      ip('-n', namespace, 'address', 'add', `${this.address(host)}/24`, 'brd', '+', 'dev', 'eth0');
      ip('-n', namespace, 'link', 'set', 'eth0', 'up');
      ip('-n', namespace, 'route', 'add', '224.0.0.0/4', 'dev', 'eth0');
    }
  }

  /** Removing the namespaces removes what is in them. */
  #remove(): void {
    for (const name of [...this.hosts.map((host) => this.namespace(host)), this.#bridge()]) {
      try {
        ip('netns', 'delete', name);
      } catch {
        // It was never made.
      }
    }
  }

  /** Replaces the rules of this table for packets that reach the host. */
  #filter(host: string, table: string, rules: readonly string[]): void {
    const lines = [`table inet ${table}`, `delete table inet ${table}`];
    if (rules.length > 0) {
      lines.push(
        `add table inet ${table}`,
        `add chain inet ${table} input { type filter hook input priority 0; }`,
        ...rules.map((rule) => `add rule inet ${table} input ${rule}`),
      );
    }
    execFileSync('ip', ['netns', 'exec', this.namespace(host), 'nft', '-f', '-'], {
      input: lines.join('\n') + '\n',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  #pids(): number[] {
    return this.hosts.flatMap((host) => {
      try {
        return ip('netns', 'pids', this.namespace(host)).split(/\s+/).filter(Boolean).map(Number);
      } catch {
        return [];
      }
    });
  }

  #index(host: string): number {
    const index = this.hosts.indexOf(host);
    if (index < 0) throw new Error(`the LAN has no host ${host}`);
    return index;
  }

  #bridge(): string {
    return `${this.#prefix}-lan`;
  }
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}
