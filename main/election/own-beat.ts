import type { Endpoints, NodeId } from '../model/index.ts';
import type { Beat, BeatRole } from './beat.ts';
import type { Peer } from './peers.ts';
import type { Phase } from './phase.ts';
import type { ElectionOptions, RoleState } from './protocol.ts';

/** What the election knows at the moment in which a beat is made. */
export interface Moment {
  readonly phase: Phase;
  readonly state: RoleState;
  readonly period: number;
  /** The switch that beats and that this node cannot link to. */
  readonly accuses: NodeId | undefined;
  /** The number of online nodes of this office besides this one. */
  readonly others: number;
  /** ms, monotonic. */
  readonly now: number;
}

export interface BeatExtra {
  readonly ask?: boolean;
  readonly role?: BeatRole;
  /** The node whose last beat is answered, so that it can measure the round trip. */
  readonly echoTo?: Peer | undefined;
}

/** Makes this node's beats, and counts them. */
export class OwnBeat {
  readonly #self: NodeId;
  readonly #boot: number;
  readonly #roster: () => string | undefined;
  readonly #wall: (() => number) | undefined;
  #rank: number;
  #revision: number;
  #endpoints: Endpoints;
  #fullSince: number | undefined;
  #seq = 0;

  constructor({ self, boot, rank, revision, endpoints, roster, wall, isFull, now }: ElectionOptions) {
    this.#self = self;
    this.#boot = boot;
    this.#roster = roster ?? (() => undefined);
    this.#wall = wall;
    this.#rank = rank;
    this.#revision = revision;
    this.#endpoints = endpoints;
    this.#fullSince = isFull === true ? now : undefined;
  }

  /** A node without room suits least of all. */
  get rank(): number {
    return this.#fullSince === undefined ? this.#rank : 0;
  }

  /** Since when this node has no room to keep messages, ms; undefined: it has. */
  get fullSince(): number | undefined {
    return this.#fullSince;
  }

  /** Changes what beats say of this node. Omitted fields stay as they are. */
  describe(
    of: {
      readonly rank?: number | undefined;
      readonly revision?: number | undefined;
      readonly endpoints?: Endpoints | undefined;
      readonly isFull?: boolean | undefined;
    },
    now: number,
  ): void {
    if (of.isFull !== undefined) this.#fullSince = of.isFull ? (this.#fullSince ?? now) : undefined;
    this.#rank = of.rank ?? this.#rank;
    this.#revision = of.revision ?? this.#revision;
    this.#endpoints = of.endpoints ?? this.#endpoints;
  }

  /** Makes the next beat. */
  make({ phase, state, period, accuses, others, now }: Moment, extra: BeatExtra): Beat {
    const { role, switch: leader, standby, term } = state;
    const at = phase.kind === 'member' ? phase.leaderAt : undefined;
    const successor = phase.kind === 'switch' ? phase.handOver?.to : undefined;
    const echo = extra.echoTo?.echo;
    const roster = role === 'switch' ? this.#roster() : undefined;
    this.#seq += 1;
    return {
      v: 1,
      node: this.#self,
      boot: this.#boot,
      seq: this.#seq,
      period,
      term,
      rank: this.rank,
      role: extra.role ?? (role === 'alone' ? 'listening' : role),
      ...(leader === undefined ? {} : { switch: leader }),
      ...(at === undefined ? {} : { switchAt: at }),
      ...(standby === undefined || role !== 'switch' ? {} : { standby }),
      ...(successor === undefined ? {} : { successor }),
      members: 1 + others,
      ...(extra.ask ? { ask: true } : {}),
      sentAt: now,
      ...(echo ? { echo: { sentAt: echo.sentAt, heldMs: Math.max(0, now - echo.heardAt) } } : {}),
      revision: this.#revision,
      endpoints: this.#endpoints,
      ...(accuses === undefined ? {} : { accuses }),
      ...(roster === undefined ? {} : { roster }),
      ...(this.#wall ? { wall: Math.max(0, Math.round(this.#wall())) } : {}),
      ...(this.#fullSince === undefined ? {} : { full: true }),
    };
  }
}
