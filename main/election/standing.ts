import type { Endpoints, NodeId } from '../model/index.ts';
import type { Beat } from './beat.ts';
import { OwnBeat, type BeatExtra } from './own-beat.ts';
import { patienceOf } from './patience.ts';
import { Peers, type Peer } from './peers.ts';
import { roleOf, type Phase } from './phase.ts';
import type { Audience, ElectionOptions, ElectionOutput, RoleState } from './protocol.ts';
import { Rival } from './rival.ts';
import { Strangers } from './strangers.ts';
import { Succession } from './succession.ts';
import { compareClaims, type Claim } from './term.ts';
import { DEFAULT_TIMINGS, type ElectionTimings } from './timings.ts';
import { Trust } from './trust.ts';

/** One in this many beats of a member asks for an answer, by which the round trip is measured. */
export const ASK_EVERY = 5;
/** The least time between two corrections to a node that follows a lesser switch. */
const CORRECT_EVERY_MS = 300;

/**
 * Where one node stands in the election: its phase, what it knows of others, and how it becomes something else or says
 * something. What is heard and what is due change it.
 */
export class Standing {
  readonly self: NodeId;
  readonly random: () => number;
  readonly timings: ElectionTimings;
  readonly peers = new Peers();
  readonly own: OwnBeat;
  readonly succession: Succession;
  readonly trust: Trust;
  readonly strangers = new Strangers();
  readonly rival = new Rival();
  readonly isMember: (node: NodeId) => boolean;
  phase: Phase;
  leaving = false;
  period = 0;
  nextBeatAt: number;
  nextEveryoneAt: number;
  /** When the switch may next hand over because another node suits better: one that is pinned, or has room. */
  betterAgainAt = 0;
  claimRepeats = 0;
  /** The time of the present step, ms. */
  now: number;
  out: ElectionOutput[] = [];

  constructor(options: ElectionOptions) {
    this.self = options.self;
    this.own = new OwnBeat(options);
    this.trust = new Trust(options);
    this.isMember = options.isMember ?? (() => true);
    this.succession = new Succession({
      ...{ self: options.self, peers: this.peers },
      isOut: (node) => this.trust.isOut(node, this.now),
      isFull: ({ fullAt }) => this.now - fullAt < this.timings.roomAfterMs,
    });
    this.random = options.random;
    this.timings = { ...DEFAULT_TIMINGS, ...options.timings };
    this.phase = {
      kind: 'listening',
      until: options.now + this.timings.listenMs + this.random() * this.timings.listenSpreadMs,
      patient: true,
    };
    this.nextBeatAt = options.now;
    this.nextEveryoneAt = options.now;
    this.now = options.now;
  }

  /** The last output of type `role`. */
  state(): RoleState {
    return roleOf(this.phase, this.self, this.trust.terms.highest);
  }

  /** The switch that this node follows and cannot link to. */
  get accused(): NodeId | undefined {
    return this.phase.kind === 'member' ? this.trust.accusations.own : undefined;
  }

  isOther(node: NodeId): boolean {
    return node !== this.self && this.isMember(node);
  }

  follow(leader: Claim, leaderAt: Endpoints | undefined, standby: NodeId | undefined, now: number): void {
    this.#judgeSilence(leader.node, now);
    this.take(leader);
    this.trust.accusations.follow(leader.node);
    this.phase = {
      kind: 'member',
      leader,
      leaderAt,
      since: now,
      heardAt: now,
      droppedAt: undefined,
      standby,
      patienceMs: patienceOf(this.own.rank, this.random(), this.timings),
    };
    this.period -= this.period % ASK_EVERY;
    this.nextBeatAt = now;
    this.peers.resetLossCount();
  }

  claim(isStandby: boolean, now: number): void {
    this.#judgeSilence(this.self, now);
    const claim = this.nextClaim(isStandby, 0, now);
    for (const peer of this.peers.all()) if (peer.alive) peer.heardAt = now;
    this.peers.resetLossCount();
    this.phase = {
      kind: 'switch',
      claim,
      since: now,
      standby: undefined,
      handOver: undefined,
    };
    this.rival.forget();
    this.betterAgainAt = now;
    this.sayClaim(now);
  }

  /** Notes that the switch which is followed no more was silent. */
  #judgeSilence(next: NodeId, now: number): void {
    if (this.phase.kind !== 'member' || this.phase.leader.node === next) return;
    const { leader, since, heardAt } = this.phase;
    if (now - heardAt >= this.timings.claimMs) this.trust.fellSilent(leader.node, since, now);
  }

  /** The switch claims a higher term than that of a rival that is not to be followed. */
  outbid(phase: Phase & { kind: 'switch' }, rival: Claim, now: number): void {
    const isHigher = compareClaims(rival, phase.claim) > 0;
    if (!isHigher || !this.trust.terms.isCredible(rival.node, rival.term, now)) return;
    if (!this.trust.mayOutbid(now)) return;
    this.rival.forget();
    phase.claim = this.nextClaim(false, rival.term, now);
    this.sayClaim(now);
  }

  nextClaim(isStandby: boolean, rival: number, now: number): Claim {
    const term = this.trust.terms.next(this.self, isStandby, rival, now);
    const claim = { term, rank: this.own.rank, node: this.self };
    this.take(claim);
    return claim;
  }

  sayClaim(now: number): void {
    this.claimRepeats = 0;
    this.nextBeatAt = this.nextEveryoneAt = now;
  }

  /** Notes the claim of a node that is followed, or the own. */
  take({ node, term }: Claim): void {
    if (this.trust.terms.take(node, term)) this.out.push({ type: 'term', node, term });
  }

  /** The switch yields to a better one, and sends this to the nodes that followed it. */
  yieldTo(claim: Claim, beat: Beat, now: number): void {
    this.follow(claim, beat.endpoints, beat.standby, now);
    const others = this.peers
      .alive()
      .map((peer) => peer.node)
      .filter((node) => node !== claim.node);
    if (this.leaving) return this.goodbye([...others, claim.node], now);
    if (others.length > 0) this.send(others, this.beat(now, {}));
  }

  /** Sends the last beat, twice, since nobody answers it. */
  goodbye(to: Audience, now: number): void {
    for (let copy = 0; copy < 2; copy += 1) this.send(to, this.beat(now, { role: 'leaving' }));
    this.phase = { kind: 'left' };
    this.out.push({ type: 'left' });
  }

  /** Names a successor that was not tried yet; `roomy`: only one that has room. Returns false if there is none. */
  handOver(
    phase: Phase & { kind: 'switch' },
    tried: Set<NodeId>,
    now: number,
    { roomy } = { roomy: false },
  ): boolean {
    const next = this.succession.successor(phase.standby, tried, { roomy });
    if (next === undefined) return false;
    tried.add(next);
    phase.handOver = { to: next, startedAt: now, resendAt: now, tried };
    return true;
  }

  lose(peer: Peer): void {
    if (peer.alive) this.out.push({ type: 'lost', node: peer.node });
    peer.alive = false;
  }

  /** Tells a node that follows a lesser switch, or is one, of the better one, to which it yields. */
  correct(peer: Peer, now: number): void {
    if (now - peer.correctedAt < CORRECT_EVERY_MS) return;
    peer.correctedAt = now;
    this.answer(peer, now);
  }

  answer(peer: Peer, now: number): void {
    this.send([peer.node], this.beat(now, { echoTo: peer }));
  }

  hint(node: NodeId, endpoints: Endpoints | undefined, now: number): void {
    const isHeard = this.peers.get(node)?.endpoints !== undefined;
    if (!endpoints || (!isHeard && !this.strangers.name(node, now))) return;
    this.out.push({ type: 'hint', node, endpoints });
  }

  send(to: Audience, beat: Beat): void {
    this.out.push({ type: 'send', to, beat });
  }

  beat(now: number, extra: BeatExtra): Beat {
    const others = this.peers.alive().length;
    return this.own.make(
      {
        ...{ phase: this.phase, state: this.state(), period: this.period, others, now },
        accuses: this.accused,
      },
      extra,
    );
  }
}
