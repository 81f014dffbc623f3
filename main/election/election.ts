import { assertNever, type Endpoints, type NodeId } from '../model/index.ts';
import { PINNED_RANK, type Beat } from './beat.ts';
import { OwnBeat, type BeatExtra } from './own-beat.ts';
import { patienceOf, silenceOf } from './patience.ts';
import { Peers, type Peer, type PeerHealth } from './peers.ts';
import { absorb, roleOf, type Phase } from './phase.ts';
import type { Audience, ElectionInput, ElectionOptions, ElectionOutput, RoleState } from './protocol.ts';
import { Rival } from './rival.ts';
import { Strangers } from './strangers.ts';
import { Succession } from './succession.ts';
import { compareClaims, roundOf, type Claim } from './term.ts';
import { DEFAULT_TIMINGS, type ElectionTimings } from './timings.ts';
import { Trust } from './trust.ts';
import { roundOfMost, switchOfMost } from './voices.ts';

/** A fresh claim is sent again after these times, ms: a lost datagram must not cost a second. */
const CLAIM_REPEATS_MS = [40, 60];
/** One in this many beats of a member asks for an answer, by which the round trip is measured. */
const ASK_EVERY = 5;
/** The least time between two corrections to a node that follows a lesser switch. */
const CORRECT_EVERY_MS = 300;
/** How often a node that cannot link to the switch says so to everybody. */
const ACCUSE_EVERY_MS = 2000;
/** Beats of the last time, ms, tell whom most nodes follow. */
const MOST_WITHIN_MS = 2000;

/**
 * Who is the switch, as one node sees it. Pure: inputs and the time go in, outputs come out, nothing else happens.
 * Call `step` for every input, and with `tick` when `nextWakeAt` has come.
 */
export class Election {
  readonly #self: NodeId;
  readonly #random: () => number;
  readonly #isMember: (node: NodeId) => boolean;
  readonly #timings: ElectionTimings;
  readonly #peers = new Peers();
  readonly #own: OwnBeat;
  readonly #succession: Succession;
  readonly #trust: Trust;
  readonly #strangers = new Strangers();
  readonly #rival = new Rival();
  #phase: Phase;
  #leaving = false;
  #period = 0;
  #nextBeatAt: number;
  #nextEveryoneAt: number;
  #nextProbeAt = 0;
  #nextAccusationAt = 0;
  #pinnedAgainAt = 0;
  #claimRepeats = 0;
  #told = '';
  #wakeAt: number;
  #now: number;
  #out: ElectionOutput[] = [];

  constructor(options: ElectionOptions) {
    this.#self = options.self;
    this.#own = new OwnBeat(options);
    this.#trust = new Trust(options);
    this.#isMember = options.isMember ?? (() => true);
    this.#succession = new Succession(options.self, this.#peers, (node) =>
      this.#trust.isOut(node, this.#now),
    );
    this.#random = options.random;
    this.#timings = { ...DEFAULT_TIMINGS, ...options.timings };
    this.#phase = {
      kind: 'listening',
      until: options.now + this.#timings.listenMs + this.#random() * this.#timings.listenSpreadMs,
      patient: true,
    };
    this.#nextBeatAt = options.now;
    this.#nextEveryoneAt = options.now;
    this.#wakeAt = options.now;
    this.#now = options.now;
  }

  /** Takes one input at `now` (ms, monotonic), and tells what is to be done. */
  step(input: ElectionInput, now: number): ElectionOutput[] {
    this.#out = [];
    this.#now = now;
    if (this.#phase.kind === 'left') return this.#out;
    this.#absorbStall(now);
    this.#receive(input, now);
    this.#act(now);
    for (const node of this.#strangers.givenUp(now)) this.#out.push({ type: 'forget', node });
    this.#tellRole();
    this.#wakeAt = this.#nextWake();
    return this.#out;
  }

  /** When `tick` is due, on the clock of `now`; Infinity after `left`. */
  nextWakeAt(): number {
    return this.#wakeAt;
  }

  /** What was last put out as `role`. */
  state(): RoleState {
    return roleOf(this.#phase, this.#self, this.#trust.terms.highest);
  }

  /** Round trip and loss of every node that beats to this one. */
  health(): PeerHealth[] {
    return this.#peers.health();
  }

  /** Whether a beat is another member's, and neither a replay nor too late: only such a one shows where that node is. */
  isNews(beat: Beat, now: number): boolean {
    return this.#isOther(beat.node) && this.#peers.isNews(beat, now);
  }

  #receive(input: ElectionInput, now: number): void {
    switch (input.type) {
      case 'tick':
        return;
      case 'heard':
        return this.#hear(input.beat, now);
      case 'found':
        if (!this.#strangers.mayAsk(`${input.address} ${input.beat}`, now)) return;
        return this.#send({ address: input.address, beat: input.beat }, this.#beat(now, { ask: true }));
      case 'peer':
        return this.#hearsay(input.node, input.online, now);
      case 'dropped':
        return this.#drop(input.node, now);
      case 'unreachable':
        return this.#accuse(input.node, now);
      case 'reached':
        return this.#trust.reached(input.node);
      case 'removed':
        return this.#remove(input.node, now);
      case 'describe':
        this.#own.describe(input);
        this.#nextBeatAt = now;
        return;
      case 'leave':
        return this.#leave(now);
      default:
        return assertNever(input);
    }
  }

  // ---- what is heard -------------------------------------------------------------------------------------------

  #isOther(node: NodeId): boolean {
    return node !== this.#self && this.#isMember(node);
  }

  #hear(beat: Beat, now: number): void {
    if (!this.#isOther(beat.node)) return;
    const peer = this.#peers.hear(beat, now);
    if (!peer) return;
    this.#strangers.forget(beat.node);
    this.#trust.accusations.hear(beat.node, beat.accuses, now);
    if (beat.role === 'leaving') {
      this.#lose(peer);
    } else if (!peer.alive) {
      peer.alive = true;
      peer.aliveSince = now;
      this.#out.push({ type: 'alive', node: peer.node });
    }
    if (beat.role === 'switch') this.#hearSwitch(beat, peer, now);
    else this.#hearOther(beat, now);
    this.#judge(now);
    // Two that listen call each other anyway; answers on top would grow with the square of the newcomers.
    const silent =
      this.#phase.kind === 'left' || (this.#phase.kind === 'listening' && beat.role === 'listening');
    if (beat.ask && !silent) this.#answer(peer, now);
  }

  #hearSwitch(beat: Beat, peer: Peer, now: number): void {
    const phase = this.#phase;
    const claim: Claim = { term: beat.term, rank: beat.rank, node: beat.node };
    const standby = beat.standby !== undefined && this.#isMember(beat.standby) ? beat.standby : undefined;
    if (!this.#trust.believes(claim, now)) return this.#refuse(claim, peer, now);
    if (phase.kind === 'member' && phase.leader.node === beat.node) {
      if (claim.term > phase.leader.term && !this.#trust.raises(claim.node, now)) return;
      this.#take(claim);
      phase.leader = claim;
      phase.leaderAt = beat.endpoints;
      phase.heardAt = now;
      phase.droppedAt = undefined;
      phase.standby = standby;
    } else if (phase.kind === 'listening') {
      this.#follow(claim, beat.endpoints, standby, now);
    } else if (phase.kind === 'member') {
      if (compareClaims(claim, phase.leader) <= 0) return this.#correct(peer, now);
      const beats = now - phase.heardAt < this.#timings.suspectMs;
      if (beats && !this.#trust.takesOver(claim.node, phase, now)) return this.#correct(peer, now);
      this.#follow(claim, beat.endpoints, standby, now);
    } else if (phase.kind === 'switch') {
      if (compareClaims(claim, phase.claim) <= 0) return this.#correct(peer, now);
      if (!this.#trust.takesOver(claim.node, phase, now)) return this.#refuse(claim, peer, now);
      this.#yieldTo(claim, beat, now);
    }
    if (beat.successor === this.#self && !this.#leaving) this.#claim(true, now);
  }

  /** A switch whose claim is not believed. Where others might believe it, the one that they had claims anew. */
  #refuse(claim: Claim, peer: Peer, now: number): void {
    const phase = this.#phase;
    if (phase.kind === 'member' && phase.leader.node === claim.node) phase.droppedAt ??= now;
    if (phase.kind === 'switch' && this.#trust.isOut(claim.node, now)) this.#outbid(phase, claim, now);
    // Alone it learns from this that the others follow another one.
    this.#correct(peer, now);
  }

  /** A beat of a node that is not the switch, or is it no longer. */
  #hearOther(beat: Beat, now: number): void {
    const phase = this.#phase;
    const other =
      beat.switch !== undefined && beat.switch !== beat.node && this.#isOther(beat.switch)
        ? { term: beat.term, rank: 0, node: beat.switch }
        : undefined;
    if (phase.kind === 'member' && phase.leader.node === beat.node) {
      if (other && other.term > phase.leader.term && this.#trust.believes(other, now)) {
        // It yielded: whom it follows is heard next, or is found silent in the usual time.
        this.#hint(other.node, beat.switchAt, now);
        this.#follow(other, beat.switchAt, undefined, now);
      } else if (phase.standby === this.#self) {
        this.#claim(true, now);
      } else {
        phase.droppedAt ??= now;
      }
      return;
    }
    if (!other) return;
    const isRival = phase.kind === 'switch' && other.term > phase.claim.term;
    if (isRival && this.#rival.isTold(other.node, now)) this.#outbid(phase, other, now);
    if (this.#peers.get(other.node)?.alive || !(isRival || phase.kind === 'listening')) return;
    this.#hint(other.node, beat.switchAt, now);
    if (this.#strangers.mayAsk(other.node, now)) this.#send([other.node], this.#beat(now, { ask: true }));
    if (phase.kind === 'listening' && phase.patient) {
      phase.patient = false;
      phase.until += this.#timings.listenMs;
    }
  }

  /** A lesser switch hears of the better one, and yields to it. */
  #correct(peer: Peer, now: number): void {
    if (now - peer.correctedAt < CORRECT_EVERY_MS) return;
    peer.correctedAt = now;
    this.#answer(peer, now);
  }

  #answer(peer: Peer, now: number): void {
    this.#send([peer.node], this.#beat(now, { echoTo: peer }));
  }

  #hint(node: NodeId, endpoints: Endpoints | undefined, now: number): void {
    const isHeard = this.#peers.get(node)?.endpoints !== undefined;
    if (!endpoints || (!isHeard && !this.#strangers.name(node, now))) return;
    this.#out.push({ type: 'hint', node, endpoints });
  }

  #hearsay(node: NodeId, online: boolean, now: number): void {
    if (!this.#isOther(node) || this.#phase.kind === 'switch') return;
    const peer = this.#peers.know(node, now);
    if (online && !peer.alive) peer.heardAt = peer.aliveSince = now;
    peer.alive = online;
  }

  #drop(node: NodeId, now: number): void {
    const phase = this.#phase;
    if (phase.kind === 'member' && phase.leader.node === node) phase.droppedAt ??= now;
    const peer = this.#peers.get(node);
    // The switch asks at its next beat, and waits no longer than for any other silent member.
    if (phase.kind === 'switch' && peer?.alive) {
      peer.heardAt = Math.min(peer.heardAt, now - this.#timings.memberAskMs);
    }
  }

  #lose(peer: Peer): void {
    if (peer.alive) this.#out.push({ type: 'lost', node: peer.node });
    peer.alive = false;
  }

  /** Links to the switch fail. While it beats, that is no silence: the others are told, and judge. */
  #accuse(node: NodeId, now: number): void {
    const phase = this.#phase;
    if (phase.kind !== 'member' || phase.leader.node !== node) return;
    if (now - phase.heardAt >= this.#timings.suspectMs) return;
    this.#trust.accusations.accuse(node);
    this.#judge(now);
  }

  /** A switch that more than half of the others cannot link to hands over, or is given up by all. */
  #judge(now: number): void {
    const phase = this.#phase;
    const { accusations } = this.#trust;
    if (accusations.isQuiet || (phase.kind !== 'member' && phase.kind !== 'switch')) return;
    const accused = phase.kind === 'member' ? phase.leader.node : this.#self;
    // The members beat to the standby: those that are silent there are gone, whatever the switch says.
    const isStandby = phase.kind === 'member' && phase.standby === this.#self;
    const since = isStandby ? now - this.#timings.memberLostMs : -Infinity;
    const others = this.#peers.alive().filter(({ node, heardAt }) => node !== accused && heardAt >= since);
    const isOwn = accusations.own === accused;
    if (!accusations.deposes(accused, others, now, phase.kind === 'member' ? isOwn : undefined)) return;
    if (phase.kind === 'switch') {
      accusations.forget(accused);
      if (!phase.handOver) this.#handOver(phase, new Set(), now);
    } else {
      this.#trust.depose(accused, now);
      phase.droppedAt ??= now;
    }
  }

  #remove(node: NodeId, now: number): void {
    const phase = this.#phase;
    this.#peers.remove(node);
    this.#strangers.forget(node);
    this.#trust.forget(node, now);
    if (phase.kind === 'member' && phase.standby === node) phase.standby = undefined;
    if (phase.kind === 'member' && phase.leader.node === node) phase.droppedAt ??= now;
    if (phase.kind !== 'switch') return;
    if (phase.standby === node) phase.standby = undefined;
    if (phase.handOver?.to === node) phase.handOver = undefined;
  }

  // ---- becoming -----------------------------------------------------------------------------------------------

  #follow(leader: Claim, leaderAt: Endpoints | undefined, standby: NodeId | undefined, now: number): void {
    this.#take(leader);
    this.#trust.accusations.follow(leader.node);
    this.#phase = {
      kind: 'member',
      leader,
      leaderAt,
      since: now,
      heardAt: now,
      droppedAt: undefined,
      standby,
      patienceMs: patienceOf(this.#own.rank, this.#random(), this.#timings),
    };
    this.#period -= this.#period % ASK_EVERY;
    this.#nextBeatAt = now;
    this.#peers.resetLossCount();
  }

  #claim(isStandby: boolean, now: number): void {
    const claim = this.#nextClaim(isStandby, 0, now);
    for (const peer of this.#peers.all()) if (peer.alive) peer.heardAt = now;
    this.#peers.resetLossCount();
    this.#phase = {
      kind: 'switch',
      claim,
      since: now,
      standby: undefined,
      handOver: undefined,
    };
    this.#rival.forget();
    this.#pinnedAgainAt = now;
    this.#sayClaim(now);
  }

  /** The switch claims anew, above one that is not to be followed. */
  #outbid(phase: Phase & { kind: 'switch' }, rival: Claim, now: number): void {
    const isHigher = compareClaims(rival, phase.claim) > 0;
    if (!isHigher || !this.#trust.terms.isCredible(rival.node, rival.term, now)) return;
    if (!this.#trust.mayOutbid(now)) return;
    this.#rival.forget();
    phase.claim = this.#nextClaim(false, rival.term, now);
    this.#sayClaim(now);
  }

  #nextClaim(isStandby: boolean, rival: number, now: number): Claim {
    const term = this.#trust.terms.next(this.#self, isStandby, rival, now);
    const claim = { term, rank: this.#own.rank, node: this.#self };
    this.#take(claim);
    return claim;
  }

  #sayClaim(now: number): void {
    this.#claimRepeats = 0;
    this.#nextBeatAt = this.#nextEveryoneAt = now;
  }

  /** The claim of a node that is followed, or the own. */
  #take({ node, term }: Claim): void {
    if (this.#trust.terms.take(node, term)) this.#out.push({ type: 'term', node, term });
  }

  /** Follows nobody yet: the terms of others that are out of reach are taken over where most agree. True: they were. */
  #joinOthers(now: number): boolean {
    const { terms } = this.#trust;
    const round = roundOfMost(this.#peers.all(), this.#self, roundOf(terms.highest), now);
    if (round === undefined || !terms.isFarFrom(round)) return false;
    terms.join(round, now);
    return true;
  }

  /** The switch yields to a better one, and sends this to the nodes that followed it. */
  #yieldTo(claim: Claim, beat: Beat, now: number): void {
    this.#follow(claim, beat.endpoints, beat.standby, now);
    const others = this.#peers
      .alive()
      .map((peer) => peer.node)
      .filter((node) => node !== claim.node);
    if (this.#leaving) return this.#goodbye([...others, claim.node], now);
    if (others.length > 0) this.#send(others, this.#beat(now, {}));
  }

  #leave(now: number): void {
    if (this.#leaving) return;
    this.#leaving = true;
    const phase = this.#phase;
    if (phase.kind === 'switch') {
      if (!phase.handOver && !this.#handOver(phase, new Set(), now)) this.#goodbye('everyone', now);
    } else if (phase.kind === 'member') {
      this.#goodbye([phase.leader.node, ...(phase.standby ? [phase.standby] : [])], now);
    } else {
      this.#goodbye('everyone', now);
    }
  }

  /** The last word, twice, since nobody answers it. */
  #goodbye(to: Audience, now: number): void {
    for (let copy = 0; copy < 2; copy += 1) this.#send(to, this.#beat(now, { role: 'leaving' }));
    this.#phase = { kind: 'left' };
    this.#out.push({ type: 'left' });
  }

  /** Names a successor that was not tried yet; false where there is none. */
  #handOver(phase: Phase & { kind: 'switch' }, tried: Set<NodeId>, now: number): boolean {
    const next = this.#succession.successor(phase.standby, tried);
    if (next === undefined) return false;
    tried.add(next);
    phase.handOver = { to: next, startedAt: now, resendAt: now, tried };
    return true;
  }

  // ---- what is due --------------------------------------------------------------------------------------------

  #act(now: number): void {
    if (this.#phase.kind === 'listening') this.#actListening(this.#phase, now);
    else if (this.#phase.kind === 'member') this.#actMember(this.#phase, now);
    if (this.#phase.kind === 'switch') this.#actSwitch(this.#phase, now);
  }

  #actListening(phase: Phase & { kind: 'listening' }, now: number): void {
    if (now >= phase.until && this.#joinOthers(now)) phase.until = now + this.#timings.listenMs;
    if (now >= phase.until) {
      const better = this.#peers.best((peer) => peer.role === 'listening' && peer.rank > this.#own.rank);
      if (!better || !phase.patient) return this.#claim(false, now);
      phase.patient = false;
      phase.until = now + this.#timings.listenSpreadMs;
    }
    if (now >= this.#nextBeatAt) {
      this.#nextBeatAt = now + this.#timings.helloMs;
      this.#send('everyone', this.#beat(now, { ask: true }));
    }
  }

  #actMember(phase: Phase & { kind: 'member' }, now: number): void {
    const { suspectAt, claimAt } = this.#silence(phase);
    if (now >= claimAt) {
      const leader = this.#peers.get(phase.leader.node);
      if (leader && !this.#trust.isOut(leader.node, now)) this.#lose(leader);
      if (this.#leaving) return;
      return this.#claim(phase.standby === this.#self, now);
    }
    if (now >= suspectAt && now >= this.#nextProbeAt) {
      this.#nextProbeAt = now + this.#timings.probeMs;
      this.#send([phase.leader.node], this.#beat(now, { ask: true }));
    }
    if (now >= this.#nextBeatAt) {
      this.#nextBeatAt = now + this.#timings.memberBeatMs;
      const ask = this.#period % ASK_EVERY === 0;
      this.#period += 1;
      if (this.#accused !== undefined && now >= this.#nextAccusationAt) {
        this.#nextAccusationAt = now + ACCUSE_EVERY_MS;
        this.#send('everyone', this.#beat(now, {}));
      }
      const echoTo = this.#peers.get(phase.leader.node);
      this.#send([phase.leader.node], this.#beat(now, { ask, echoTo }));
      if (phase.standby !== undefined && phase.standby !== this.#self) {
        this.#send([phase.standby], this.#beat(now, { echoTo: this.#peers.get(phase.standby) }));
      }
    }
  }

  #actSwitch(phase: Phase & { kind: 'switch' }, now: number): void {
    if (now >= this.#nextEveryoneAt) {
      if (this.#goWithMost(phase, now)) return;
      if (this.#joinOthers(now) && this.#listensAgain(phase, now)) return;
    }
    const handOver = phase.handOver;
    if (handOver && now - handOver.startedAt >= this.#timings.handOverTryMs) {
      phase.handOver = undefined;
      this.#pinnedAgainAt = now + this.#timings.pinnedRetryMs;
      if (this.#leaving && !this.#handOver(phase, handOver.tried, now)) return this.#goodbye('everyone', now);
    }
    if (now >= this.#nextBeatAt) {
      this.#nextBeatAt = now + this.#timings.beatMs;
      this.#period += 1;
      this.#watchMembers(now);
      this.#chooseStandby(phase, now);
      const everyone = now >= this.#nextEveryoneAt;
      const to = everyone ? 'everyone' : this.#peers.alive().map((peer) => peer.node);
      if (everyone) this.#scheduleEveryone(now);
      if (to.length > 0) this.#send(to, this.#beat(now, {}));
    } else if (now >= this.#nextEveryoneAt) {
      this.#scheduleEveryone(now);
      this.#send('everyone', this.#beat(now, {}));
    }
    if (phase.handOver && now >= phase.handOver.resendAt) {
      phase.handOver.resendAt = now + this.#timings.handOverResendMs;
      this.#send([phase.handOver.to], this.#beat(now, { ask: true }));
    }
  }

  /** More than half of the office follows another switch, whatever the terms: this one's claim has failed. */
  #goWithMost(phase: Phase & { kind: 'switch' }, now: number): boolean {
    const since = now - MOST_WITHIN_MS;
    const leader = phase.since < since ? switchOfMost(this.#peers, this.#self, since) : undefined;
    if (!leader) return false;
    const { node, term, rank, endpoints } = leader;
    this.#trust.goWith(node, roundOf(term), now);
    this.#follow({ node, term, rank }, endpoints, undefined, now);
    return true;
  }

  /** Others are far below what this node once knew, and would not follow it: it begins as a newcomer does. */
  #listensAgain(phase: Phase & { kind: 'switch' }, now: number): boolean {
    if (this.#trust.terms.highest >= phase.claim.term) return false;
    this.#phase = { kind: 'listening', until: now + this.#timings.listenMs, patient: true };
    return true;
  }

  #scheduleEveryone(now: number): void {
    this.#nextEveryoneAt = now + (CLAIM_REPEATS_MS[this.#claimRepeats] ?? this.#timings.everyoneMs);
    this.#claimRepeats += 1;
  }

  /** Asks the silent, and gives up those that stay silent. */
  #watchMembers(now: number): void {
    for (const peer of this.#peers.all()) {
      const silentMs = now - peer.heardAt;
      if (!peer.alive || silentMs < this.#timings.memberAskMs) continue;
      if (silentMs >= this.#timings.memberLostMs) this.#lose(peer);
      else this.#send([peer.node], this.#beat(now, { ask: true }));
    }
  }

  #chooseStandby(phase: Phase & { kind: 'switch' }, now: number): void {
    phase.standby = this.#succession.standby(phase.standby);
    if (phase.handOver || this.#own.rank >= PINNED_RANK || now < this.#pinnedAgainAt) return;
    const { pinned } = this.#succession;
    if (pinned && now - pinned.aliveSince >= this.#timings.pinnedAfterMs)
      this.#handOver(phase, new Set(), now);
  }

  #silence(phase: Phase & { kind: 'member' }): { readonly suspectAt: number; readonly claimAt: number } {
    return silenceOf(phase, phase.standby === this.#self, this.#timings);
  }

  #nextWake(): number {
    const phase = this.#phase;
    switch (phase.kind) {
      case 'listening':
        return Math.min(phase.until, this.#nextBeatAt);
      case 'member': {
        const { suspectAt, claimAt } = this.#silence(phase);
        return Math.min(this.#nextBeatAt, claimAt, Math.max(suspectAt, this.#nextProbeAt));
      }
      case 'switch':
        return Math.min(this.#nextBeatAt, this.#nextEveryoneAt, phase.handOver?.resendAt ?? Infinity);
      case 'left':
        return Infinity;
      default:
        return assertNever(phase);
    }
  }

  /** A computer that slept, or whose main loop stalled, has heard nobody meanwhile: that is no proof of silence. */
  #absorbStall(now: number): void {
    const lateMs = now - this.#wakeAt;
    if (lateMs < this.#timings.stallMs) return;
    this.#peers.shift(lateMs);
    absorb(this.#phase, lateMs);
    if (this.#phase.kind === 'switch') this.#nextEveryoneAt = now;
  }

  /** The switch that this node follows and cannot link to. */
  get #accused(): NodeId | undefined {
    return this.#phase.kind === 'member' ? this.#trust.accusations.own : undefined;
  }

  // ---- saying -------------------------------------------------------------------------------------------------

  #send(to: Audience, beat: Beat): void {
    this.#out.push({ type: 'send', to, beat });
  }

  #beat(now: number, extra: BeatExtra): Beat {
    const others = this.#peers.alive().length;
    return this.#own.make(
      {
        ...{ phase: this.#phase, state: this.state(), period: this.#period, others, now },
        accuses: this.#accused,
      },
      extra,
    );
  }

  #tellRole(): void {
    if (this.#phase.kind === 'left') return;
    const state = this.state();
    const told = JSON.stringify([state.role, state.switch, state.standby, state.term]);
    if (told === this.#told) return;
    this.#told = told;
    this.#out.push({ type: 'role', ...state });
  }
}
