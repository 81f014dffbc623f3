import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { Responder } from './responder.ts';

const NODES = 100;
/** This many of them ask: what one packet costs does not depend on how many there are. */
const ASKING = 10;
const SECONDS_BETWEEN = { before: 60, now: 15 * 60 };
/** A responder waits half a second for further known answers. */
const ANSWERED_MS = 500;

/** A LAN in memory: what one socket sends all of them receive, its own included. */
class Medium {
  readonly #sockets: MediumSocket[] = [];
  #queue: { readonly bytes: Buffer; readonly address: string }[] = [];
  /** What is sent is lost. */
  isCut = false;
  packets = 0;

  open(address: string): MediumSocket {
    const socket = new MediumSocket((bytes) => {
      this.packets += 1;
      if (!this.isCut) this.#queue.push({ bytes: Buffer.from(bytes), address });
    });
    this.#sockets.push(socket);
    return socket;
  }

  /** Delivers what was sent; false: nothing was. */
  deliver(): boolean {
    const queue = this.#queue;
    this.#queue = [];
    for (const { bytes, address } of queue)
      for (const socket of this.#sockets) socket.emit('message', bytes, { address, port: 5353 });
    return queue.length > 0;
  }
}

/** What multicast-dns needs of a socket. */
class MediumSocket extends EventEmitter {
  readonly #send: (bytes: Buffer) => void;

  constructor(send: (bytes: Buffer) => void) {
    super();
    this.#send = send;
  }

  bind(_port: number, _address: string, bound: () => void): void {
    bound();
  }

  send(...[bytes, , , , , sent]: [Buffer, number, number, number, string, (error: null) => void]): void {
    this.#send(bytes);
    sent(null);
  }

  close(closed: () => void): void {
    closed();
  }
}

function open(t: TestContext) {
  // bonjour-service announces again at its own times.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const [medium, time] = [new Medium(), new HandTime()];
  const found = new Map<string, Set<string>>();
  const add = (n: number): Responder => {
    const instance = n.toString(16).padStart(16, '0');
    const address = `10.0.0.${n + 1}`;
    const known = new Set<string>();
    found.set(instance, known);
    return new Responder(
      { name: 'sim', address, netmask: '255.255.255.0', loopback: false, virtual: false },
      { instance, shown: { controlPort: 47_021, beatPort: 47_021, officeTag: 'feed0003' } },
      {
        found: (one) => known.add(one.instance),
        gone: (gone) => known.delete(gone),
        trouble: (error) => assert.equal(error, undefined),
      },
      time.schedule,
      { socket: medium.open(address) },
    );
  };
  /** Lets all be delivered and answered; how many packets that took. */
  const settle = async (): Promise<number> => {
    const before = medium.packets;
    let quiet = 0;
    await until(() => {
      quiet = medium.deliver() ? 0 : quiet + 1;
      if (quiet === 5) time.pass(ANSWERED_MS);
      return quiet === 10;
    }, 'silence on the LAN');
    return medium.packets - before;
  };
  return { medium, found, add, settle };
}

describe('a hundred nodes on one LAN', () => {
  it('do not answer a node that knows them: packets a second are bounded, and a new node is found', async (t) => {
    const { medium, found, add, settle } = open(t);
    medium.isCut = true;
    const responders = Array.from({ length: NODES }, (_, n) => add(n));
    await settle();
    medium.isCut = false;
    const isKnown = (): boolean => true;
    responders[0]?.query(isKnown, Date.now());
    const unknown = await settle();
    assert.equal(unknown, 1 + NODES, 'all answer a node that knows nobody');
    for (const known of found.values()) assert.equal(known.size, NODES - 1);

    for (const responder of responders.slice(0, ASKING)) responder.query(isKnown, Date.now());
    const asked = (await settle()) / ASKING;
    const before = (NODES * unknown) / SECONDS_BETWEEN.before;
    const now = (NODES * asked) / SECONDS_BETWEEN.now;
    console.log(
      `mDNS packets of ${NODES} nodes at rest: ${before.toFixed(0)} a second before, ${now.toFixed(1)} now (${asked} a question)`,
    );
    assert.ok(asked <= 8, `${asked} packets a question`);
    assert.ok(now <= 1);

    medium.isCut = true;
    add(NODES);
    await settle();
    medium.isCut = false;
    responders[0]?.query(isKnown, Date.now());
    assert.equal(await settle(), asked + 1, 'only the new node answers');
    for (const [instance, known] of found)
      if (instance !== NODES.toString(16).padStart(16, '0')) assert.equal(known.size, NODES);

    responders[1]?.query(() => false, Date.now());
    assert.equal(await settle(), 1 + NODES, 'who needs to hear of all again asks without known answers');

    const left = responders.pop();
    const stopped = left?.stop();
    await settle();
    await stopped;
    assert.equal(found.get('0'.repeat(16))?.size, NODES - 1, 'a goodbye of a node that was known is heard');
  });
});
