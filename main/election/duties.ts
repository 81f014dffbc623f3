import { assertNever, type NodeId } from '../model/index.ts';
import { PINNED_RANK } from './beat.ts';
import { silenceOf } from './patience.ts';
import type { Phase } from './phase.ts';
import { ASK_EVERY, type Standing } from './standing.ts';
import { roundOf } from './term.ts';
import { roundOfMost, switchOfMost } from './voices.ts';

/** A fresh claim is sent again after these times, ms: a lost datagram must not cost a second. */
const CLAIM_REPEATS_MS = [40, 60];
/** How often a node that cannot link to the switch says so to everybody. */
const ACCUSE_EVERY_MS = 2000;
/** Beats of this long ago at most, ms, count when it is determined which switch most nodes follow. */
const MOST_WITHIN_MS = 2000;

/** What a node does as time passes: sends beats, claims after a silence, goes on with a hand-over. */
export class Duties {
  readonly #standing: Standing;
  #nextProbeAt = 0;
  #nextAccusationAt = 0;
  /** Nodes with room that have not taken the switch over. */
  #passedOver: ReadonlySet<NodeId> = new Set();

  constructor(standing: Standing) {
    this.#standing = standing;
  }

  act(now: number): void {
    if (this.#standing.phase.kind === 'listening') this.#actListening(this.#standing.phase, now);
    else if (this.#standing.phase.kind === 'member') this.#actMember(this.#standing.phase, now);
    if (this.#standing.phase.kind === 'switch') this.#actSwitch(this.#standing.phase, now);
  }

  nextWake(): number {
    const phase = this.#standing.phase;
    switch (phase.kind) {
      case 'listening':
        return Math.min(phase.until, this.#standing.nextBeatAt);
      case 'member': {
        const { suspectAt, claimAt } = this.#silence(phase);
        return Math.min(this.#standing.nextBeatAt, claimAt, Math.max(suspectAt, this.#nextProbeAt));
      }
      case 'switch':
        return Math.min(
          this.#standing.nextBeatAt,
          this.#standing.nextEveryoneAt,
          phase.handOver?.resendAt ?? Infinity,
        );
      case 'left':
        return Infinity;
      default:
        return assertNever(phase);
    }
  }

  #actListening(phase: Phase & { kind: 'listening' }, now: number): void {
    if (now >= phase.until && this.#joinOthers(now)) phase.until = now + this.#standing.timings.listenMs;
    if (now >= phase.until) {
      const better = this.#standing.peers.best(
        (peer) => peer.role === 'listening' && peer.rank > this.#standing.own.rank,
      );
      if (!better || !phase.patient) return this.#standing.claim(false, now);
      phase.patient = false;
      phase.until = now + this.#standing.timings.listenSpreadMs;
    }
    if (now >= this.#standing.nextBeatAt) {
      this.#standing.nextBeatAt = now + this.#standing.timings.helloMs;
      this.#standing.send('everyone', this.#standing.beat(now, { ask: true }));
    }
  }

  #actMember(phase: Phase & { kind: 'member' }, now: number): void {
    const { suspectAt, claimAt } = this.#silence(phase);
    if (now >= claimAt) {
      const leader = this.#standing.peers.get(phase.leader.node);
      if (leader && !this.#standing.trust.isOut(leader.node, now)) this.#standing.lose(leader);
      if (this.#standing.leaving) return;
      return this.#standing.claim(phase.standby === this.#standing.self, now);
    }
    if (now >= suspectAt && now >= this.#nextProbeAt) {
      this.#nextProbeAt = now + this.#standing.timings.probeMs;
      this.#standing.send([phase.leader.node], this.#standing.beat(now, { ask: true }));
    }
    if (now >= this.#standing.nextBeatAt) {
      this.#standing.nextBeatAt = now + this.#standing.timings.memberBeatMs;
      const ask = this.#standing.period % ASK_EVERY === 0;
      this.#standing.period += 1;
      if (this.#standing.accused !== undefined && now >= this.#nextAccusationAt) {
        this.#nextAccusationAt = now + ACCUSE_EVERY_MS;
        this.#standing.send('everyone', this.#standing.beat(now, {}));
      }
      const echoTo = this.#standing.peers.get(phase.leader.node);
      this.#standing.send([phase.leader.node], this.#standing.beat(now, { ask, echoTo }));
      if (phase.standby !== undefined && phase.standby !== this.#standing.self) {
        this.#standing.send(
          [phase.standby],
          this.#standing.beat(now, { echoTo: this.#standing.peers.get(phase.standby) }),
        );
      }
    }
  }

  #actSwitch(phase: Phase & { kind: 'switch' }, now: number): void {
    if (now >= this.#standing.nextEveryoneAt) {
      if (this.#goWithMost(phase, now)) return;
      if (this.#joinOthers(now) && this.#listensAgain(phase, now)) return;
    }
    const handOver = phase.handOver;
    if (handOver && now - handOver.startedAt >= this.#standing.timings.handOverTryMs) {
      phase.handOver = undefined;
      this.#passedOver = handOver.tried;
      this.#standing.betterAgainAt = now + this.#standing.timings.pinnedRetryMs;
      if (this.#standing.leaving && !this.#standing.handOver(phase, handOver.tried, now))
        return this.#standing.goodbye('everyone', now);
    }
    if (now >= this.#standing.nextBeatAt) {
      this.#standing.nextBeatAt = now + this.#standing.timings.beatMs;
      this.#standing.period += 1;
      this.#watchMembers(now);
      this.#chooseStandby(phase, now);
      const everyone = now >= this.#standing.nextEveryoneAt;
      const to = everyone ? 'everyone' : this.#standing.peers.alive().map((peer) => peer.node);
      if (everyone) this.#scheduleEveryone(now);
      if (to.length > 0) this.#standing.send(to, this.#standing.beat(now, {}));
    } else if (now >= this.#standing.nextEveryoneAt) {
      this.#scheduleEveryone(now);
      this.#standing.send('everyone', this.#standing.beat(now, {}));
    }
    if (phase.handOver && now >= phase.handOver.resendAt) {
      phase.handOver.resendAt = now + this.#standing.timings.handOverResendMs;
      this.#standing.send([phase.handOver.to], this.#standing.beat(now, { ask: true }));
    }
  }

  /** A node that follows nobody takes over far-off terms of others if most of these agree. Returns whether it did. */
  #joinOthers(now: number): boolean {
    const { terms } = this.#standing.trust;
    const round = roundOfMost(this.#standing.peers.all(), this.#standing.self, roundOf(terms.highest), now);
    if (round === undefined || !terms.isFarFrom(round)) return false;
    terms.join(round, now);
    return true;
  }

  /** Yields if more than half of the office follows another switch, whatever the terms. */
  #goWithMost(phase: Phase & { kind: 'switch' }, now: number): boolean {
    const since = now - MOST_WITHIN_MS;
    const leader =
      phase.since < since ? switchOfMost(this.#standing.peers, this.#standing.self, since) : undefined;
    if (!leader) return false;
    const { node, term, rank, endpoints } = leader;
    this.#standing.trust.goWith(node, roundOf(term), now);
    this.#standing.follow({ node, term, rank }, endpoints, undefined, now);
    return true;
  }

  /** Listens again like a newcomer if the terms of others are far below those that this node knows: they would not follow it. */
  #listensAgain(phase: Phase & { kind: 'switch' }, now: number): boolean {
    if (this.#standing.trust.terms.highest >= phase.claim.term) return false;
    this.#standing.phase = { kind: 'listening', until: now + this.#standing.timings.listenMs, patient: true };
    return true;
  }

  #scheduleEveryone(now: number): void {
    this.#standing.nextEveryoneAt =
      now + (CLAIM_REPEATS_MS[this.#standing.claimRepeats] ?? this.#standing.timings.everyoneMs);
    this.#standing.claimRepeats += 1;
  }

  /** Asks silent nodes for a beat, and gives up those that stay silent. */
  #watchMembers(now: number): void {
    for (const peer of this.#standing.peers.all()) {
      const silentMs = now - peer.heardAt;
      if (!peer.alive || silentMs < this.#standing.timings.memberAskMs) continue;
      if (silentMs >= this.#standing.timings.memberLostMs) this.#standing.lose(peer);
      else this.#standing.send([peer.node], this.#standing.beat(now, { ask: true }));
    }
  }

  #chooseStandby(phase: Phase & { kind: 'switch' }, now: number): void {
    phase.standby = this.#standing.succession.standby(phase.standby);
    if (phase.handOver || now < this.#standing.betterAgainAt || this.#makesRoom(phase, now)) return;
    if (this.#standing.own.rank >= PINNED_RANK) return;
    const { pinned, knowsFull } = this.#standing.succession;
    if (!pinned || now - pinned.aliveSince < this.#standing.timings.pinnedAfterMs) return;
    // Perhaps it took over from a pinned node that was full and has just made room.
    if (!knowsFull || this.#hasStayed(phase, now)) this.#standing.handOver(phase, new Set(), now);
  }

  /**
   * A switch that has had no room for a while hands over to a node that has; if there is none it stays. Returns whether it hands
   * over.
   */
  #makesRoom(phase: Phase & { kind: 'switch' }, now: number): boolean {
    const { own, timings } = this.#standing;
    if (own.fullSince === undefined || now - own.fullSince < timings.fullMs) return false;
    if (!this.#hasStayed(phase, now)) return false;
    if (this.#standing.handOver(phase, new Set(this.#passedOver), now, { roomy: true })) return true;
    this.#passedOver = new Set();
    return false;
  }

  /** While disks fill up and are emptied, the office does not change its switch more than twice a minute. */
  #hasStayed(phase: Phase & { kind: 'switch' }, now: number): boolean {
    return now - phase.since >= this.#standing.timings.stayMs;
  }

  #silence(phase: Phase & { kind: 'member' }): { readonly suspectAt: number; readonly claimAt: number } {
    return silenceOf(phase, phase.standby === this.#standing.self, this.#standing.timings);
  }
}
