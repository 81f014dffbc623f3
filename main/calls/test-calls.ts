import { HandTime } from '../../test/support/hand-time.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { loadOrCreateIdentity, type Identity } from '../identity/index.ts';
import type { MediaAddress, MediaEvents, WorkerCommand } from '../media/index.ts';
import {
  Emitter,
  nodePorts,
  toBase64url,
  type BudgetName,
  type KnownNode,
  type NodeId,
} from '../model/index.ts';
import { Calls } from './calls.ts';

const FLIGHT_MS = 2;

/** Calls of one computer as a node has them, with keys of its own; the test is its network, its clock and its media worker. */
export class Desk {
  readonly node: NodeId;
  readonly name: string;
  readonly calls: Calls;
  readonly record: KnownNode;
  /** What the media worker was told. */
  readonly posted: WorkerCommand[] = [];
  readonly media = new Emitter<MediaEvents>(rethrow);
  readonly missed: NodeId[] = [];
  /** Which of its budgets whose computer went beyond. */
  readonly over: { readonly node: NodeId; readonly budget: BudgetName }[] = [];
  readonly muted = new Set<NodeId>();
  volume = 1;
  /** Where the office knows the others to be. */
  whereabouts: MediaAddress = { address: '10.0.0.9', port: 3000 };
  /** It sends nothing, and nothing comes to it. */
  isOff = false;

  constructor(office: DeskOffice, identity: Identity, name: string) {
    const { nodeId: node } = identity;
    const { time } = office;
    this.node = node;
    this.name = name;
    this.record = {
      v: 1,
      ...{ node, person: node, revision: 1, name, extension: '' },
      presence: 'available',
      calls: true,
      refers: true,
      parties: true,
      signingKey: toBase64url(identity.signingKeySpki),
      hpkeKey: toBase64url(identity.hpkePublicKey),
      endpoints: { address: '10.0.0.9', control: 1000, beat: 2000, media: 3000 },
    };
    this.calls = new Calls({
      ...{ identity, clock: time, schedule: time.schedule, random: nodePorts.random, log: () => undefined },
      media: {
        post: (command) => void this.posted.push(command),
        on: (name, listener) => this.media.on(name, listener),
      },
      office: {
        self: node,
        get online() {
          return office.desks.map((desk) => desk.node);
        },
        personOf: (one) => office.deskOf(one)?.node,
        knownNodesOf: (person) =>
          office.desks.flatMap(({ record }) => (record.person === person ? record : [])),
        groupColleagues: () => [],
        isGroupColleague: () => false,
        isInPlaceOf: () => false,
        isMember: (one) => office.deskOf(one) !== undefined,
        mediaAddressOf: (one) => office.deskOf(one) && this.whereabouts,
        sendCall: (to, word) => {
          const other = office.deskOf(to);
          if (this.isOff || !('side' in word)) return;
          time.schedule(() => !other?.isOff && other?.calls.signal(word, node), FLIGHT_MS);
        },
      },
      listener: {
        presence: 'available',
        ...{ isLocked: false, isIdle: false, isHere: true, canPlay: true, isEngaged: false },
        isChosen: () => false,
        gainOf: () => this.volume,
        isMuted: (one) => this.muted.has(one),
      },
      ear: { hold: () => undefined, release: () => undefined, loudness: 1 },
    });
    this.calls.events.on('missed', (person) => this.missed.push(person));
    this.calls.events.on('over', (over) => this.over.push(over));
  }

  get states(): readonly string[] {
    return this.calls.shown.map(({ state, reason }) => (reason === null ? state : `${state}: ${reason}`));
  }

  /** The orders of that type, in order. */
  told<T extends WorkerCommand['type']>(type: T): readonly Extract<WorkerCommand, { type: T }>[] {
    return this.posted.filter((one): one is Extract<WorkerCommand, { type: T }> => one.type === type);
  }
}

/** Desks in time that passes where a test says so. */
export class DeskOffice {
  readonly time = new HandTime();
  readonly desks: Desk[] = [];

  async add(name: string): Promise<Desk> {
    const ports = { ...nodePorts, disk: new SimulatedDisk() };
    const desk = new Desk(this, await loadOrCreateIdentity(`/${name}`, () => undefined, ports), name);
    this.desks.push(desk);
    return desk;
  }

  deskOf(node: NodeId): Desk | undefined {
    return this.desks.find((desk) => desk.node === node);
  }
}

function rethrow(error: unknown): never {
  throw error;
}
