import type { NodeId } from '../model/index.ts';
import type { Beat } from './beat.ts';
import type { Peer } from './peers.ts';
import type { Standing } from './standing.ts';
import { compareClaims, type Claim } from './term.ts';

/** Handles what a node learns of others: by beats, by links, and by the switch's roster. */
export class Hearing {
  readonly #standing: Standing;

  constructor(standing: Standing) {
    this.#standing = standing;
  }

  hear(beat: Beat, now: number): void {
    if (!this.#standing.isOther(beat.node)) return;
    const peer = this.#standing.peers.hear(beat, now);
    if (!peer) return;
    this.#standing.strangers.forget(beat.node);
    this.#standing.trust.accusations.hear(beat.node, beat.accuses, now);
    if (beat.role === 'leaving') {
      this.#standing.lose(peer);
    } else if (!peer.alive) {
      peer.alive = true;
      peer.aliveSince = now;
      this.#standing.out.push({ type: 'alive', node: peer.node });
    }
    if (beat.role === 'switch') this.#hearSwitch(beat, peer, now);
    else this.#hearOther(beat, now);
    this.#judge(now);
    // Two that listen call each other anyway; answers on top would grow with the square of the newcomers.
    const silent =
      this.#standing.phase.kind === 'left' ||
      (this.#standing.phase.kind === 'listening' && beat.role === 'listening');
    if (beat.ask && !silent) this.#standing.answer(peer, now);
  }

  #hearSwitch(beat: Beat, peer: Peer, now: number): void {
    const phase = this.#standing.phase;
    const claim: Claim = { term: beat.term, rank: beat.rank, node: beat.node };
    const standby =
      beat.standby !== undefined && this.#standing.isMember(beat.standby) ? beat.standby : undefined;
    if (!this.#standing.trust.believes(claim, now)) return this.#refuse(claim, peer, now);
    if (phase.kind === 'member' && phase.leader.node === beat.node) {
      if (claim.term > phase.leader.term && !this.#standing.trust.raises(claim.node, now)) return;
      this.#standing.take(claim);
      phase.leader = claim;
      phase.leaderAt = beat.endpoints;
      phase.heardAt = now;
      phase.droppedAt = undefined;
      phase.standby = standby;
    } else if (phase.kind === 'listening') {
      this.#standing.follow(claim, beat.endpoints, standby, now);
    } else if (phase.kind === 'member') {
      if (compareClaims(claim, phase.leader) <= 0) return this.#standing.correct(peer, now);
      const beats = now - phase.heardAt < this.#standing.timings.suspectMs;
      if (beats && !this.#standing.trust.takesOver(claim.node, phase, now))
        return this.#standing.correct(peer, now);
      this.#standing.follow(claim, beat.endpoints, standby, now);
    } else if (phase.kind === 'switch') {
      if (compareClaims(claim, phase.claim) <= 0) return this.#standing.correct(peer, now);
      if (!this.#standing.trust.takesOver(claim.node, phase, now)) return this.#refuse(claim, peer, now);
      this.#standing.yieldTo(claim, beat, now);
    }
    if (beat.successor === this.#standing.self && !this.#standing.leaving) this.#standing.claim(true, now);
  }

  /** Refuses a claim that is not believed. If a distrusted node made it others may believe it, so the switch claims a higher term. */
  #refuse(claim: Claim, peer: Peer, now: number): void {
    const phase = this.#standing.phase;
    if (phase.kind === 'member' && phase.leader.node === claim.node) phase.droppedAt ??= now;
    if (phase.kind === 'switch' && this.#standing.trust.isOut(claim.node, now))
      this.#standing.outbid(phase, claim, now);
    // From this a node that is alone learns that the others follow another switch.
    this.#standing.correct(peer, now);
  }

  /** Handles a beat of a node that is not the switch, or no longer. */
  #hearOther(beat: Beat, now: number): void {
    const phase = this.#standing.phase;
    const other =
      beat.switch !== undefined && beat.switch !== beat.node && this.#standing.isOther(beat.switch)
        ? { term: beat.term, rank: 0, node: beat.switch }
        : undefined;
    if (phase.kind === 'member' && phase.leader.node === beat.node) {
      if (other && other.term > phase.leader.term && this.#standing.trust.believes(other, now)) {
        // It yielded: the switch that it follows beats soon, or is found silent in the usual time.
        this.#standing.hint(other.node, beat.switchAt, now);
        this.#standing.follow(other, beat.switchAt, undefined, now);
      } else if (phase.standby === this.#standing.self) {
        this.#standing.claim(true, now);
      } else {
        phase.droppedAt ??= now;
      }
      return;
    }
    if (!other) return;
    const isRival = phase.kind === 'switch' && other.term > phase.claim.term;
    if (isRival && this.#standing.rival.isTold(other.node, now)) this.#standing.outbid(phase, other, now);
    if (this.#standing.peers.get(other.node)?.alive || !(isRival || phase.kind === 'listening')) return;
    this.#standing.hint(other.node, beat.switchAt, now);
    if (this.#standing.strangers.mayAsk(other.node, now))
      this.#standing.send([other.node], this.#standing.beat(now, { ask: true }));
    if (phase.kind === 'listening' && phase.patient) {
      phase.patient = false;
      phase.until += this.#standing.timings.listenMs;
    }
  }

  hearsay(node: NodeId, online: boolean, now: number): void {
    if (!this.#standing.isOther(node) || this.#standing.phase.kind === 'switch') return;
    const peer = this.#standing.peers.know(node, now);
    if (online && !peer.alive) peer.heardAt = peer.aliveSince = now;
    peer.alive = online;
  }

  drop(node: NodeId, now: number): void {
    const phase = this.#standing.phase;
    if (phase.kind === 'member' && phase.leader.node === node) phase.droppedAt ??= now;
    const peer = this.#standing.peers.get(node);
    // The switch asks at its next beat, and waits no longer than for any other silent member.
    if (phase.kind === 'switch' && peer?.alive) {
      peer.heardAt = Math.min(peer.heardAt, now - this.#standing.timings.memberAskMs);
    }
  }

  /**
   * Accuses the switch to which no link can be made. Its beats still come, so no other node notices a silence: this node tells them, and
   * they decide.
   */
  accuse(node: NodeId, now: number): void {
    const phase = this.#standing.phase;
    if (phase.kind !== 'member' || phase.leader.node !== node) return;
    if (now - phase.heardAt >= this.#standing.timings.suspectMs) return;
    this.#standing.trust.accusations.accuse(node);
    this.#judge(now);
  }

  /** Deposes a switch that more than half of the others accuse: it hands over, or the others stop following it. */
  #judge(now: number): void {
    const phase = this.#standing.phase;
    const { accusations } = this.#standing.trust;
    if (accusations.isQuiet || (phase.kind !== 'member' && phase.kind !== 'switch')) return;
    const accused = phase.kind === 'member' ? phase.leader.node : this.#standing.self;
    // Members beat to the standby too, so a member that is silent here has gone, whatever the switch says.
    const isStandby = phase.kind === 'member' && phase.standby === this.#standing.self;
    const since = isStandby ? now - this.#standing.timings.memberLostMs : -Infinity;
    const others = this.#standing.peers
      .alive()
      .filter(({ node, heardAt }) => node !== accused && heardAt >= since);
    const isOwn = accusations.own === accused;
    if (!accusations.deposes(accused, others, now, phase.kind === 'member' ? isOwn : undefined)) return;
    if (phase.kind === 'switch') {
      accusations.forget(accused);
      if (!phase.handOver) this.#standing.handOver(phase, new Set(), now);
    } else {
      this.#standing.trust.depose(accused, now);
      phase.droppedAt ??= now;
    }
  }

  remove(node: NodeId, now: number): void {
    const phase = this.#standing.phase;
    this.#standing.peers.remove(node);
    this.#standing.strangers.forget(node);
    this.#standing.trust.forget(node, now);
    if (phase.kind === 'member' && phase.standby === node) phase.standby = undefined;
    if (phase.kind === 'member' && phase.leader.node === node) phase.droppedAt ??= now;
    if (phase.kind !== 'switch') return;
    if (phase.standby === node) phase.standby = undefined;
    if (phase.handOver?.to === node) phase.handOver = undefined;
  }
}
