import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { connectLocalSocket, type RemoteNode } from '../../main/transports/index.ts';
import type { NodeEvent } from '../../preload/api.ts';
import { eventually } from './eventually.ts';
import { tempFolder } from './temp-folder.ts';

/** The tested program: this checkout's, or that of another one for a benchmark. */
const build = process.env['CORRIDOR_BUILD'] ?? join(import.meta.dirname, '..', '..');
export const CORRIDOR = join(build, 'dist', 'corridor.cjs');

interface HeadlessOptions {
  readonly interface: string;
  /** Left out together with extension and office, the node is as before first run. */
  readonly name?: string;
  readonly extension?: string;
  readonly office?: string;
  readonly ready?: 'warm' | 'cold';
  readonly profile?: string;
  readonly microphone?: string;
  readonly speaker?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Is put before the command, for example `ip netns exec NAME`. */
  readonly prefix?: readonly string[];
}

/** A node in a process of its own, as `corridor node` starts it, and the API over its local socket. */
export class Headless {
  readonly process: ChildProcess;
  readonly profile: string;
  readonly api: RemoteNode;
  readonly events: { readonly event: NodeEvent; readonly heardAt: number }[] = [];
  readonly output: () => string;
  readonly #looks = new Set<() => void>();

  private constructor(process: ChildProcess, profile: string, api: RemoteNode, output: () => string) {
    this.process = process;
    this.profile = profile;
    this.api = api;
    this.output = output;
    api.onEvent((event) => {
      this.events.push({ event, heardAt: performance.now() });
      for (const look of this.#looks) look();
    });
  }

  static async start(options: HeadlessOptions): Promise<Headless> {
    const profile = options.profile ?? tempFolder('node');
    const args = ['node', '--profile', profile];
    for (const name of [
      'interface',
      'name',
      'extension',
      'office',
      'ready',
      'microphone',
      'speaker',
    ] as const) {
      const value = options[name];
      if (value !== undefined) args.push(`--${name}`, value);
    }
    const [program, ...before] = [...(options.prefix ?? []), process.execPath, CORRIDOR];
    const child = spawn(program ?? process.execPath, [...before, ...args], {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    try {
      const state = options.office === undefined ? 'setup' : 'running';
      const api = await connectWhenUp(profile, child, () => printed, state);
      return new Headless(child, profile, api, () => printed);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Resolves with the first event, also a past one from `from` on, that passes, and when it came (performance.now). */
  until(
    passes: (event: NodeEvent) => boolean,
    withinMs = 20_000,
    from = 0,
  ): Promise<{ readonly event: NodeEvent; readonly heardAt: number }> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#looks.delete(look);
        const seen = this.events.slice(-12).map(({ event }) => event.type);
        reject(
          new Error(
            `not seen within ${withinMs} ms; last events: ${seen.join(' ')}; printed: ${this.output()}`,
          ),
        );
      }, withinMs);
      const look = () => {
        const found = this.events.find(({ event, heardAt }) => heardAt >= from && passes(event));
        if (!found) return;
        this.#looks.delete(look);
        clearTimeout(timer);
        resolve(found);
      };
      this.#looks.add(look);
      look();
    });
  }

  /** Ends the process as SIGTERM does. Its profile stays: another process may have been started with it. */
  async stop({ signal = 'SIGTERM' }: { signal?: NodeJS.Signals } = {}): Promise<void> {
    this.api.close();
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const exited = new Promise((resolve) => this.process.once('exit', resolve));
      this.process.kill(signal);
      const force = setTimeout(() => this.process.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(force);
    }
  }
}

async function connectWhenUp(
  profile: string,
  child: ChildProcess,
  printed: () => string,
  state: 'setup' | 'running',
): Promise<RemoteNode> {
  let api: RemoteNode | undefined;
  await eventually(
    async () => {
      if (child.exitCode !== null) throw new Error(`the node ended with ${child.exitCode}: ${printed()}`);
      // Nobody listens there before the node is up.
      api ??= await connectLocalSocket(profile).catch(() => undefined);
      return (await api?.call('status'))?.state === state;
    },
    () => `the node starts; printed: ${printed()}`,
  );
  return api!;
}

/** Waits until this person says nothing any more: before that, nothing further can be said. */
export function saysNothing({ api }: Pick<Headless, 'api'>): Promise<void> {
  return eventually(async () => (await api.call('status')).talking === null, 'nothing is being said');
}
