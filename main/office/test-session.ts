import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { Directory } from '../directory/index.ts';
import { SavedAddresses } from '../discovery/index.ts';
import { Election, type Beat, type ElectionInput, type ElectionOutput } from '../election/index.ts';
import type { Identity, OfficeId } from '../identity/index.ts';
import { nodePorts, type NodeId } from '../model/index.ts';
import {
  OfficeSession,
  type MediaSocketPort,
  type OwnPerson,
  type PersonPort,
  type StartsPort,
} from './index.ts';
import { MemberDatagrams } from './member-datagrams.ts';
import { datagramOfficeOf } from './datagram-office.ts';
import { HandNetwork, newIdentity, recordOf } from './test-network.ts';
import { foundTestOffice, openDesk } from './test-office.ts';

const FROM = { address: '10.0.0.2', port: 47_021 };

/** The media worker's socket: where it was bound, and which addresses it cannot use. */
class HandMediaSocket implements MediaSocketPort {
  /** The office whose group it listens to. */
  joined: string | undefined;
  readonly bound: string[] = [];
  readonly unusable = new Set<string>();
  /** Keeps a change going on until it is resolved. */
  hold: Promise<void> = Promise.resolve();

  async assertUsable(address: string): Promise<void> {
    await this.hold;
    if (this.unusable.has(address)) throw new Error(`${address} cannot be used`);
  }

  async bind(address: string): Promise<number> {
    await this.assertUsable(address);
    this.bound.push(address);
    return 50_000 + this.bound.length;
  }

  join(office: string | undefined): void {
    this.joined = office;
  }
}

export class HandPerson implements PersonPort {
  settings: OwnPerson;

  constructor(settings: Partial<OwnPerson> = {}) {
    const set = { name: 'Ann', revision: 0, presence: 'available', divert: null } as const;
    this.settings = { ...set, ...settings };
  }

  async note(changes: Partial<OwnPerson>): Promise<void> {
    this.settings = { ...this.settings, ...changes };
  }
}

/** What outlasts a start, without a disk. */
class HandStarts implements StartsPort {
  readonly knownTerms = new Map<NodeId, number>();
  #last = 0;

  async next(): Promise<number> {
    return (this.#last += 1);
  }

  noteTerm(node: NodeId, term: number): void {
    this.knownTerms.set(node, term);
  }

  forget(node: NodeId): void {
    this.knownTerms.delete(node);
  }
}

/**
 * A session with real keys, a real ledger and a real election; network, media socket, person and time are in the test's hand. This
 * node founded its office and let in `colleagues`.
 */
export async function openSession(
  t: TestContext,
  {
    person = new HandPerson(),
    colleagues = [],
  }: { readonly person?: HandPerson; readonly colleagues?: readonly Identity[] } = {},
) {
  const identity = await newIdentity(t);
  const { addresses } = await SavedAddresses.load(join(tempFolder('addresses'), 'addresses.json'));
  const [time, network, mediaSocket] = [new HandTime(), new HandNetwork(), new HandMediaSocket()];
  const log: string[] = [];
  const desk = await openDesk(identity, foundTestOffice(identity, colleagues), { time });
  const starts = new HandStarts();
  const savedOffices: OfficeId[] = [];
  const session = new OfficeSession(
    {
      ...{ identity, addresses, person, network, mediaSocket, clock: time, schedule: time.schedule },
      directory: new Directory(),
      random: { ...nodePorts.random, fraction: () => 0.5 },
      ...{ interfaces: [], rank: 100, version: '0.0.0', storeId: 'AAAAAAAAAAA', starts },
      saveOffice: async (office) => void savedOffices.push(office),
      log: (line) => void log.push(line),
    },
    desk,
  );
  const troubles: (string | undefined)[] = [];
  session.events.on('trouble', ({ code, text }) => {
    if (code === 'network') troubles.push(text?.phrase.code);
  });
  return { identity, session, desk, time, network, mediaSocket, person, starts, log, troubles, savedOffices };
}

/** An election that writes down what it hears. */
class HearingElection extends Election {
  readonly heard: Beat[] = [];

  override step(input: ElectionInput, now: number): ElectionOutput[] {
    if (input.type === 'heard') this.heard.push(input.beat);
    return super.step(input, now);
  }
}

/** A session that follows a switch: that one is a real election, whose control port a test opens or blocks. */
export async function openSessionBesideSwitch(t: TestContext, others: readonly Identity[] = []) {
  const identity = await newIdentity(t);
  const { session, network, time, log, ...parts } = await openSession(t, {
    colleagues: [identity, ...others],
  });
  const { nodeId } = identity;
  await session.open();
  await session.resume();
  const endpoints = { address: FROM.address, control: 47_021, beat: FROM.port, media: 3 };
  session.roster.enter(recordOf(identity, { endpoints }).signed);
  const boot = time.now();
  const fraction = () => 0;
  /** What the switch's beats say of its roster; undefined: nothing, as of a version before. */
  const said: { roster: string | undefined } = { roster: undefined };
  const theirs = new HandNetwork();
  const datagrams = await MemberDatagrams.open(FROM, {
    ...{ network: theirs, identity, boot, clock: time, schedule: time.schedule },
    ...{ membership: datagramOfficeOf(session.office!.ledger), random: { ...nodePorts.random, fraction } },
    log: (line) => void log.push(line),
  });
  const other = new HearingElection({
    ...{ self: nodeId, rank: 900, boot, revision: 1, endpoints },
    ...{ now: time.monotonic(), random: fraction, roster: () => said.roster },
  });
  const [socket, otherSocket] = [network.datagrams[0]!, theirs.datagrams[0]!];
  const at = { address: '10.0.0.1', port: socket.at.port };
  const wire = { losesTheirs: false };
  const pass = (ms: number) => {
    for (let end = time.monotonic() + ms; time.monotonic() < end;) {
      time.pass(10);
      for (const { bytes } of socket.sent.splice(0)) otherSocket.received(Buffer.from(bytes), at);
      for (const { bytes } of otherSocket.sent.splice(0))
        if (!wire.losesTheirs) socket.received(Buffer.from(bytes), FROM);
    }
  };
  t.after(async () => {
    let isClosed = false;
    const closed = session.close().then(() => (isClosed = true));
    await until(() => {
      pass(20);
      return isClosed;
    }, 'the end of the session');
    await Promise.all([closed, datagrams.close()]);
  });
  datagrams.run(other, endpoints.control);
  datagrams.addCandidate(at);
  pass(1000);
  assert.equal(session.role?.switch, nodeId);
  return { ...parts, session, network, time, nodeId, heard: other.heard, pass, wire, other, said };
}
