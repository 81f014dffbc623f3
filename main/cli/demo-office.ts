import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { NodeEvent } from '../../preload/api.ts';
import { connectLocalSocket, type RemoteNode } from '../transports/index.ts';
import { CorridorError } from '../model/index.ts';

const START_TIMEOUT_MS = 15_000;
const END_TIMEOUT_MS = 6000;

/** One colleague of the demo: a node in a process of its own, and every event it has sent so far. */
export interface Colleague {
  readonly name: string;
  readonly extension: string;
  readonly node: RemoteNode;
  readonly link: string | null;
  readonly events: NodeEvent[];
  /** Where the node writes what it plays; null where it plays on the default device. */
  readonly sink: string | null;
}

/** The processes and the folder of a demo. `close` removes all of them in any case. */
export class DemoOffice {
  readonly #folder: string;
  readonly #children = new Set<ChildProcess>();
  readonly #nodes: RemoteNode[] = [];
  readonly #killAll = (): void => {
    for (const child of this.#children) child.kill('SIGKILL');
  };

  private constructor(folder: string) {
    this.#folder = folder;
    process.on('exit', this.#killAll);
  }

  static async open(): Promise<DemoOffice> {
    return new DemoOffice(await mkdtemp(join(tmpdir(), 'corridor-demo-')));
  }

  /** Starts a node on loopback; `office` is 'new' or a join link. */
  async start(name: string, extension: string, office: string): Promise<Colleague> {
    const profile = join(this.#folder, extension);
    const program = join(dirname(fileURLToPath(import.meta.url)), 'corridor.cjs');
    const who = ['--name', name, '--extension', extension, '--office', office];
    const child = spawn(
      process.execPath,
      [program, 'node', '--json', '--profile', profile, '--interface', '127.0.0.1', ...who],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#children.add(child);
    child.on('exit', () => this.#children.delete(child));
    const link = await readyLine(child, name);
    const node = await connectLocalSocket(profile);
    this.#nodes.push(node);
    const events: NodeEvent[] = [];
    node.onEvent((event) => {
      if (event.type !== 'level') events.push(event);
    });
    const sink = await chooseSink(node, join(this.#folder, `${extension}.wav`));
    return { name, extension, node, link, events, sink };
  }

  async close(): Promise<void> {
    for (const node of this.#nodes) node.close();
    await Promise.all([...this.#children].map((child) => ended(child)));
    process.off('exit', this.#killAll);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Waits for the node's first line, which carries the join link. */
function readyLine(child: ChildProcess, name: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    let errorText = '';
    const fail = (why: string): void =>
      reject(new CorridorError('demo', `The node of ${name} ${why}. ${errorText.trim()}`.trim()));
    const timer = setTimeout(() => fail('did not start in time'), START_TIMEOUT_MS);
    child.once('exit', () => fail('ended'));
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.stderr?.on('data', (chunk: Buffer) => (errorText = (errorText + chunk.toString()).slice(-2000)));
    if (!child.stdout) return fail('has no output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const value = JSON.parse(line) as { type?: string; link?: string | null; error?: string };
      if (value.error !== undefined) errorText = value.error;
      if (value.type !== 'ready') return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(value.link ?? null);
    });
  });
}

/** The default loudspeaker if there is one; otherwise a file that the node plays into. */
async function chooseSink(node: RemoteNode, path: string): Promise<string | null> {
  for (let tries = 0; tries < 30; tries++) {
    const { speaker } = await node.call('status');
    if (speaker.state === 'running' || speaker.state === 'idle') return null;
    if (speaker.state !== 'opening') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await node.call('setSettings', { speaker: `file:${path}` });
  return path;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
