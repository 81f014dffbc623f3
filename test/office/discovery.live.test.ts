import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Discovery } from '../../main/discovery/index.ts';
import { nodePorts } from '../../main/model/index.ts';
import { eventually } from '../support/eventually.ts';
import { createLan, whyNoLan, type Lan } from '../support/lan.ts';
import { tempFolder } from '../support/temp-folder.ts';

const HOST = fileURLToPath(new URL('discovery-host.ts', import.meta.url));
/** A node asks once a minute: with loss, it may take that long, ms. */
const IN_SPITE_OF_LOSS_MS = 180_000;

interface Line {
  readonly type: string;
  readonly kind?: string;
  readonly controlPort?: number;
  readonly addresses?: readonly string[];
}

/** Lines of JSON that a child says. */
class ChildLines {
  readonly lines: Line[] = [];
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    assert.ok(child.stdout);
    createInterface(child.stdout).on('line', (line) => this.lines.push(JSON.parse(line) as Line));
    child.stderr?.on('data', (text: Buffer) => console.log(String(text)));
  }

  end(): void {
    this.#child.stdin?.end();
  }

  /** The first line, also a past one, that is wanted. */
  async line(wanted: (line: Line) => boolean, withinMs?: number): Promise<Line> {
    await eventually(
      () => this.lines.some(wanted),
      () => `the line that is waited for; told: ${JSON.stringify(this.lines)}`,
      withinMs,
    );
    return this.lines.find(wanted) as Line;
  }

  found(port: number, withinMs?: number): Promise<Line> {
    return this.line(({ type, controlPort }) => type === 'found' && controlPort === port, withinMs);
  }

  gone(port: number): Promise<Line> {
    return this.line(({ type, controlPort }) => type === 'gone' && controlPort === port);
  }

  /** The ports of all nodes that were found so far. */
  get foundPorts(): number[] {
    const ports = this.lines
      .filter(({ type }) => type === 'found')
      .map(({ controlPort }) => controlPort ?? 0);
    return [...new Set(ports)].sort();
  }
}

describe('discovery on loopback', () => {
  it('three nodes on one computer find each other, survive garbage, and hear goodbyes', async () => {
    const ports = [41_001, 41_003, 41_005];
    const nodeAt = (port: number): Discovery =>
      new Discovery(
        {
          interfaces: ['127.0.0.1'],
          shown: { controlPort: port, beatPort: port + 1, officeTag: 'feed0001' },
        },
        { found: () => undefined },
        nodePorts,
      );
    const nodes = ports.map(nodeAt);
    const late = nodeAt(41_007);
    const of = (node: Discovery) =>
      node.found
        .filter((found) => found.officeTag === 'feed0001')
        .map((found) => found.controlPort)
        .sort();
    try {
      const from = performance.now();
      for (const node of nodes) node.start();
      await eventually(() => nodes.every((node) => of(node).length === 2), 'each has found the two others');
      console.log(`three on loopback found each other in ${(performance.now() - from).toFixed(0)} ms`);
      nodes.forEach((node, index) =>
        assert.deepEqual(
          of(node),
          ports.filter((_, other) => other !== index),
        ),
      );
      const [found] = nodes[0]?.found ?? [];
      assert.deepEqual(found?.addresses, ['127.0.0.1']);

      await garbage();
      // Datagrams keep their order. Who has found this one has read all garbage, which no longer crowds out a goodbye.
      late.start();
      await eventually(() => nodes.every((node) => of(node).includes(41_007)), 'who came after the garbage');
      await nodes[1]?.refresh();
      await eventually(() => nodes.every((node) => of(node).length === 3), 'the others again');
      await nodes[2]?.stop();
      await eventually(
        () => nodes.slice(0, 2).every((node) => !of(node).includes(ports[2] ?? 0)),
        'the goodbye of the third',
      );
      assert.deepEqual(
        nodes.slice(0, 2).map((node) => node.state.kind),
        ['searching', 'searching'],
      );
    } finally {
      await Promise.all([...nodes, late].map((node) => node.stop()));
    }
  });

  it('says in words that a chosen interface is missing, and goes on', async (t) => {
    const node = new Discovery(
      { interfaces: ['203.0.113.9'], shown: { controlPort: 1, beatPort: 2, officeTag: 'feed0002' } },
      { found: () => undefined },
      nodePorts,
    );
    t.after(() => node.stop());
    node.start();
    assert.ok(
      node.state.kind === 'trouble' && /no network interface 203\.0\.113\.9/.test(node.state.error.message),
    );
    await node.refresh();
    assert.equal(node.state.kind, 'trouble');
    await node.stop();
    assert.equal(node.state.kind, 'stopped');
  });

  it('works when bundled as CommonJS', async (t) => {
    const folder = tempFolder('discovery');
    const outfile = join(folder, 'host.cjs');
    await build({
      entryPoints: [HOST],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20.18',
    });
    const children = [41_011, 41_013].map((port) =>
      spawn(process.execPath, [outfile, '127.0.0.1', String(port)]),
    );
    t.after(() => children.forEach((child) => child.kill('SIGKILL')));
    const exits = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
    const [one, two] = children.map((child) => new ChildLines(child));
    await one?.found(41_013);
    await two?.found(41_011);
    one?.end();
    await two?.gone(41_011);
    two?.end();
    await Promise.all(exits);
  });
});

describe('discovery on a LAN', { skip: whyNoLan() ?? false }, () => {
  const withLan = async (use: (lan: Lan) => Promise<void>) => {
    const lan = createLan({ hosts: ['a', 'b', 'c'] });
    try {
      await use(lan);
    } finally {
      await lan.stop();
    }
  };
  const host = (lan: Lan, name: string, chosen: string, port: number) =>
    new ChildLines(lan.spawn(name, process.execPath, [HOST, chosen, String(port)]));

  it('two hosts find each other by default, at their LAN addresses; a third that chose loopback is not seen', () =>
    withLan(async (lan) => {
      const a = host(lan, 'a', '', 4000);
      const c = host(lan, 'c', '127.0.0.1', 4004);
      // Once its neighbour on loopback has found it, it has advertised itself.
      const neighbour = host(lan, 'c', '127.0.0.1', 4006);
      await Promise.all([neighbour.found(4004), c.found(4006)]);
      const b = host(lan, 'b', lan.address('b'), 4002);
      assert.deepEqual((await a.found(4002)).addresses, [lan.address('b')]);
      assert.deepEqual((await b.found(4000)).addresses, [lan.address('a')]);
      // Another node on the same computer asks the LAN: now the one on loopback hears a question from there.
      const late = host(lan, 'c', lan.address('c'), 4008);
      await Promise.all([a.found(4008), b.found(4008), late.found(4000), late.found(4002)]);
      // Datagrams keep their order. When it has heard this goodbye, it has answered all that it would answer.
      neighbour.end();
      await c.gone(4006);
      // And when they have heard this one, they have got all that its computer sent before.
      late.end();
      await Promise.all([a.gone(4008), b.gone(4008)]);
      assert.deepEqual(a.foundPorts, [4002, 4008]);
      assert.deepEqual(b.foundPorts, [4000, 4008]);
      assert.deepEqual(late.foundPorts, [4000, 4002]);
      assert.deepEqual(c.foundPorts, [4006]);
    }));

  it('finds again after the cable was out, and in spite of loss', () =>
    withLan(async (lan) => {
      for (const name of lan.hosts) lan.lose(name, 20);
      const a = host(lan, 'a', 'eth0', 4000);
      lan.cut('b');
      const b = host(lan, 'b', 'eth0', 4002);
      await b.line((line) => line.type === 'state');
      lan.heal('b');
      await a.found(4002, IN_SPITE_OF_LOSS_MS);
      await b.found(4000, IN_SPITE_OF_LOSS_MS);
    }));
});

/** Bytes and near-answers on the multicast group, from a stranger on this computer. */
async function garbage(): Promise<void> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  socket.setMulticastInterface('127.0.0.1');
  const send = (bytes: Uint8Array) =>
    new Promise((resolve) => socket.send(bytes, 5353, '224.0.0.251', resolve));
  const name = Buffer.from('\x09_corridor\x04_tcp\x05local\0', 'latin1');
  const head = Buffer.from([0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
  for (let round = 0; round < 300; round += 1) {
    await send(randomBytes(1 + (round % 200)));
    const record = Buffer.concat([Buffer.from([0, 12, 0, 1, 0, 0, 0, 9, 0, 20]), randomBytes(20)]);
    await send(Buffer.concat([head, name, record, randomBytes(round % 30)]));
  }
  socket.close();
}
