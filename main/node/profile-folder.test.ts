import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { SimulatedDisk, type Survival } from '../../test/support/simulated-disk.ts';
import { hear, transcriptsIn } from '../../test/support/used-profile.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import {
  foundOffice,
  Invitations,
  loadOrCreateIdentity,
  readJoinLink,
  saveOffice,
  signCard,
  signRule,
  writeRecoveryCode,
  type Identity,
  type Joined,
  type Ledger,
} from '../identity/index.ts';
import {
  nodePorts,
  toBase64url,
  type CorridorError,
  type MessageId,
  type NodeId,
  type NodeRecord,
  type Ports,
  type Signed,
} from '../model/index.ts';
import { closeProfileFolder, openProfileFolder, type ProfileFolder } from './profile-folder.ts';

const FOLDER = '/home/dana/profile';
const TEARINGS = 3;
/** When the node runs, ms since the epoch. */
const USED_AT = 10_000;

/** What must be there after a power failure. Several offices: one was being saved, and any of them may be there. */
interface Promised {
  node?: NodeId;
  offices: readonly (Ledger | undefined)[];
  /** Of the office that this node founded. */
  recoveryCode?: string;
  name?: string;
  people: readonly NodeId[];
  seen: readonly NodeId[];
  given: readonly string[];
  /** The number of the last start. */
  boot: number;
  /** Links that this node made. */
  links: readonly string[];
  /** Colleagues of whom it is known when they were online. */
  online: readonly NodeId[];
  /** Messages that were kept, each with its transcript. */
  messages: readonly MessageId[];
}

interface Colleague {
  readonly identity: Identity;
  readonly node: NodeId;
  readonly signed: Signed;
}

/**
 * A node's use of its profile folder on a disk: it starts, founds an office, makes a link, is let into another, meets two colleagues, is told
 * something, writes it down, and ends twice.
 */
class Session {
  readonly disk: SimulatedDisk;
  readonly promised: Promised = {
    ...{ offices: [undefined], people: [], seen: [], given: [] },
    ...{ boot: 0, links: [], online: [], messages: [] },
  };
  readonly log: string[] = [];
  readonly #colleagues: readonly Colleague[];
  readonly #ports: Ports;

  constructor(disk: SimulatedDisk, colleagues: readonly Colleague[]) {
    this.disk = disk;
    this.#ports = portsOn(disk);
    this.#colleagues = colleagues;
  }

  async run(): Promise<void> {
    for (const [index, { node, signed }] of this.#colleagues.entries()) {
      const folder = await openProfileFolder(FOLDER, (line) => this.log.push(line), this.#ports);
      this.promised.node = folder.identity.nodeId;
      if (index === 0) await this.#found(folder);
      else await this.#comeIn(folder, letIn(this.#colleagues[index]!.identity, folder.identity));
      const name = `Dana ${index}`;
      delete this.promised.name;
      await folder.profile.change({ name });
      this.promised.name = name;
      const boot = await folder.starts.next();
      // Where the disk refuses it the start goes on all the same.
      if (this.disk.hasPower) this.promised.boot = boot;
      await this.#hear(folder);
      folder.directory.merge([signed]);
      folder.addresses.see({ node, address: '10.0.0.2', beatPort: 5000, seenAt: index });
      folder.addresses.give(`colleague-${index}.local`);
      folder.lastOnline.note([node]);
      await this.#close(folder);
    }
  }

  /** As the node does it: the recovery code first, the office's file, and at last which office it is. */
  async #found(folder: ProfileFolder): Promise<void> {
    const secret = Buffer.alloc(16, 7);
    const { ledger, recoveryCode } = foundOffice(folder.identity, { name: 'Nord', admit: 'members' }, secret);
    this.promised.offices = [...this.promised.offices, ledger];
    await folder.profile.change({ recoveryCode });
    await this.#comeIn(folder, { ledger, invitation: undefined }, true);
    this.promised.recoveryCode = recoveryCode;
  }

  async #hear({ store }: ProfileFolder): Promise<void> {
    const id = await hear(store, transcriptsIn(FOLDER, this.#ports));
    this.promised.messages = [...this.promised.messages, id];
  }

  async #comeIn(
    { keeper }: ProfileFolder,
    { ledger, invitation }: Joined,
    isInviting = false,
  ): Promise<void> {
    this.promised.offices = [...this.promised.offices, ledger];
    const office = await keeper.begin(ledger, invitation);
    await saveOffice(FOLDER, ledger.office, (line) => this.log.push(line), this.#ports);
    this.promised.offices = [ledger];
    if (isInviting) this.promised.links = [await office.invitations.make({})];
    await office.ledger.close();
  }

  async #close(folder: ProfileFolder): Promise<void> {
    await folder.savedOffice?.ledger.close();
    await closeProfileFolder(folder);
    if (!this.disk.hasPower) return;
    this.promised.people = this.#colleagues.flatMap(({ node }) =>
      folder.directory.signed(node) ? [node] : [],
    );
    this.promised.seen = folder.addresses.seen.map(({ node }) => node);
    this.promised.online = this.promised.seen;
    this.promised.given = folder.addresses.given.map(({ host }) => host);
  }
}

function portsOn(disk: SimulatedDisk): Ports {
  return portsAt(disk, new VirtualTime(USED_AT));
}

function portsAt(disk: SimulatedDisk, { clock, schedule }: VirtualTime): Ports {
  return { clock, schedule, random: nodePorts.random, disk };
}

/** What the store says of a message that was being written: nothing of it was promised. */
const OF_A_MESSAGE = /^A message's file was not readable|half-written piece|is fetched again/;

/** Opens what the power failure left: nothing is damaged, and all that was promised is there. */
async function assertPromises(disk: SimulatedDisk, promised: Promised): Promise<void> {
  const ports = portsAt(disk, new VirtualTime(2 * USED_AT));
  const folder = await openProfileFolder(FOLDER, (line) => assert.match(line, OF_A_MESSAGE), ports);
  const { identity, savedOffice, profile, directory, addresses, damaged } = folder;
  assert.deepEqual(
    damaged.map(({ code }: CorridorError) => code),
    [],
  );
  if (promised.node !== undefined) assert.equal(identity.nodeId, promised.node);
  const saved = savedOffice?.ledger;
  const office = promised.offices.find((one) => one?.office === saved?.id);
  assert.ok(saved ? office : promised.offices.includes(undefined), 'another office, or none');
  if (saved && office) {
    assert.deepEqual(saved.ids, office.ids, 'the office is not whole');
    assert.ok(saved.self, 'the node is not in its own office');
    const isFounder = saved.isAdmin(identity.nodeId);
    if (isFounder) assert.equal(profile.settings.recoveryCode, writeRecoveryCode(Buffer.alloc(16, 7)));
  }
  if (promised.name !== undefined) assert.equal(profile.settings.name, promised.name);
  for (const node of promised.people) assert.ok(directory.signed(node), 'a colleague is gone');
  const seen = addresses.seen.map(({ node }) => node);
  for (const node of promised.seen) assert.ok(seen.includes(node), 'an address is gone');
  const given = addresses.given.map(({ host }) => host);
  for (const host of promised.given) assert.ok(given.includes(host), 'an address that a person gave is gone');
  for (const node of promised.online)
    assert.equal(folder.lastOnline.of(node), USED_AT, 'when it was online is gone');
  const links = savedOffice?.invitations.list().map(({ link }) => link) ?? [];
  for (const link of promised.links)
    if (readJoinLink(link).office === saved?.id) assert.ok(links.includes(link), 'a link is gone');
  for (const id of promised.messages) {
    assert.equal(folder.store.get(id)?.state, 'complete');
    assert.equal(await transcriptsIn(FOLDER, ports).read(id), `sealed ${id}`);
  }
  assert.ok((await folder.starts.next()) > promised.boot, 'a start has the number of an earlier one');
  await saved?.close();
  await closeProfileFolder(folder);
}

/** What a newcomer has that was let in by the link of this founder's office. */
function letIn(founder: Identity, newcomer: Identity): Joined {
  const { ledger } = foundOffice(founder, { name: 'Sued', admit: 'members' }, nodePorts.random.bytes(16));
  const { record } = new Invitations(ledger).make(founder, nodePorts.random.bytes(16), 0);
  const fields = { card: signCard(newcomer), person: newcomer.nodeId, extension: '102' };
  ledger.add(signRule(founder, ledger, 'admit', fields));
  return { ledger, invitation: record };
}

/** Two members, with their records as they sign them. */
async function twoColleagues(): Promise<readonly Colleague[]> {
  const ports = { ...nodePorts, disk: new SimulatedDisk() };
  return Promise.all(
    ['102', '103'].map(async (extension) => {
      const identity = await loadOrCreateIdentity(`/${extension}`, () => undefined, ports);
      const record: NodeRecord = {
        ...{ v: 1, node: identity.nodeId, revision: 1, presence: 'available' },
        name: `Person ${extension}`,
        signingKey: toBase64url(identity.signingKeySpki),
        hpkeKey: toBase64url(identity.hpkePublicKey),
        endpoints: { address: '10.0.0.2', control: 1000, beat: 2000, media: 3000 },
      };
      return { identity, node: identity.nodeId, signed: identity.sign(record) };
    }),
  );
}

const SURVIVALS: readonly Survival[] = [
  'lost',
  'kept',
  ...Array.from({ length: TEARINGS }, () => 'torn' as const),
];

/** @param prepare what another part of the program has done on the disk before the node starts */
async function failEverywhere(
  prepare: (disk: SimulatedDisk) => Promise<unknown>,
  survivals: readonly Survival[] = SURVIVALS,
): Promise<void> {
  const colleagues = await twoColleagues();
  const start = async (): Promise<Session> => {
    const disk = new SimulatedDisk();
    await prepare(disk);
    return new Session(disk, colleagues);
  };
  const whole = await start();
  const from = whole.disk.operations + 1;
  await whole.run();
  assert.deepEqual(whole.log, []);
  assert.deepEqual([whole.promised.people.length, whole.promised.given.length], [2, 2]);
  const { operations } = whole.disk;
  assert.ok(operations > 40, String(operations));
  for (let at = from; at <= operations + 1; at += 1) {
    const session = await start();
    session.disk.failPowerAt(at);
    await session.run().catch((error: Error & { code?: string }) => {
      if (session.disk.hasPower) throw error;
    });
    for (const [index, survival] of survivals.entries()) {
      const left = session.disk.afterPowerFailure(survival, seededRandom(at * 97 + index));
      await assertPromises(left, session.promised).catch((cause: Error) => {
        throw new Error(`power failed at operation ${at} of ${operations}, ${survival}, ${index}`, { cause });
      });
    }
  }
}

describe('what is learnt of colleagues', () => {
  const seen = (node: NodeId) => ({ node, address: '10.0.0.2', beatPort: 5000, seenAt: 1 });
  /** What a node finds that starts on what a kill left. */
  const after = async (disk: SimulatedDisk) => {
    const again = await openProfileFolder(
      FOLDER,
      (line) => assert.fail(line),
      portsOn(disk.afterPowerFailure('lost')),
    );
    const { directory, addresses } = again;
    return { people: [...directory.nodes()], seen: addresses.seen.map(({ node }) => node) };
  };

  it('is on the disk a minute later, and is written once a minute at most', async () => {
    const [disk, time] = [new SimulatedDisk(), new VirtualTime()];
    const [bob, cleo] = await twoColleagues();
    assert.ok(bob && cleo);
    const folder = await openProfileFolder(FOLDER, (line) => assert.fail(line), portsAt(disk, time));
    const { directory, addresses } = folder;
    await time.advance(3_600_000);
    const { operations } = disk;
    directory.add(bob.signed);
    addresses.see(seen(bob.node));
    await time.advance(59_000);
    assert.equal(disk.operations, operations, 'more may come');
    directory.add(cleo.signed);
    addresses.see(seen(cleo.node));
    await time.advance(1000);
    const both = [bob.node, cleo.node];
    assert.deepEqual(await after(disk), { people: both, seen: both });
    const written = disk.operations;
    await time.advance(3_600_000);
    assert.equal(disk.operations, written, 'nothing is new');
    addresses.give('colleague.local');
    await time.advance(59_000);
    assert.equal(disk.operations, written);
    await closeProfileFolder(folder);
    const closed = disk.operations;
    await time.advance(3_600_000);
    assert.equal(disk.operations, closed, 'a folder that is closed is written no more');
  });

  it('is written a minute later where the disk was full', async () => {
    const [disk, time] = [new SimulatedDisk(), new VirtualTime()];
    const [bob] = await twoColleagues();
    assert.ok(bob);
    const log: string[] = [];
    const folder = await openProfileFolder(FOLDER, (line) => log.push(line), portsAt(disk, time));
    folder.directory.add(bob.signed);
    disk.refuseAt(disk.operations + 1, 'ENOSPC');
    await time.advance(60_000);
    assert.match(log.join(), /list of people could not be saved: ENOSPC/);
    assert.deepEqual((await after(disk)).people, []);
    await time.advance(60_000);
    assert.deepEqual((await after(disk)).people, [bob.node]);
    assert.equal(log.length, 1);
    await closeProfileFolder(folder);
  });
});

describe('a profile folder', () => {
  it('keeps all that it promised in every file, whenever the power fails', () =>
    failEverywhere(async () => undefined));

  it('keeps them in a folder that another part of the program has made', () =>
    failEverywhere((disk) => disk.makeFolder(FOLDER), ['lost', 'kept']));

  it('opens without an office where nothing of its ledger can be read, and has the rest', async () => {
    const disk = new SimulatedDisk();
    const log: string[] = [];
    const open = () => openProfileFolder(FOLDER, (line) => log.push(line), portsOn(disk));
    const first = await open();
    const { ledger } = letIn(first.identity, first.identity);
    await (await first.keeper.begin(ledger)).ledger.close();
    await saveOffice(FOLDER, ledger.office, () => undefined, portsOn(disk));
    await first.profile.change({ name: 'Dana' });
    await closeProfileFolder(first);
    disk.spoil(`${FOLDER}/ledger-${ledger.office}.jsonl`, () => Buffer.from('\0'.repeat(400)));
    const again = await open();
    assert.equal(again.savedOffice, undefined);
    assert.deepEqual(
      again.damaged.map(({ code }) => code),
      ['ledger-damaged'],
    );
    assert.equal(again.profile.settings.name, 'Dana');
    await closeProfileFolder(again);
  });
});
