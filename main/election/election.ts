import { assertNever } from '../model/index.ts';
import type { Beat } from './beat.ts';
import { Duties } from './duties.ts';
import { Hearing } from './hearing.ts';
import type { PeerHealth } from './peers.ts';
import { absorb } from './phase.ts';
import type { ElectionInput, ElectionOptions, ElectionOutput, RoleState } from './protocol.ts';
import { Standing } from './standing.ts';

/**
 * Who is the switch, as one node sees it. Pure: inputs and the time go in, outputs come out, nothing else happens.
 * Call `step` for every input, and with `tick` when `nextWakeAt` has come.
 */
export class Election {
  readonly #standing: Standing;
  readonly #hearing: Hearing;
  readonly #duties: Duties;
  #told = '';
  #wakeAt: number;

  constructor(options: ElectionOptions) {
    this.#standing = new Standing(options);
    this.#hearing = new Hearing(this.#standing);
    this.#duties = new Duties(this.#standing);
    this.#wakeAt = options.now;
  }

  /** Takes one input at `now` (ms, monotonic), and tells what is to be done. */
  step(input: ElectionInput, now: number): ElectionOutput[] {
    this.#standing.out = [];
    this.#standing.now = now;
    if (this.#standing.phase.kind === 'left') return this.#standing.out;
    this.#absorbStall(now);
    this.#receive(input, now);
    this.#duties.act(now);
    for (const node of this.#standing.strangers.givenUp(now))
      this.#standing.out.push({ type: 'forget', node });
    this.#tellRole();
    this.#wakeAt = this.#duties.nextWake();
    return this.#standing.out;
  }

  /** When `tick` is due, on the clock of `now`; Infinity after `left`. */
  nextWakeAt(): number {
    return this.#wakeAt;
  }

  /** The last output of type `role`. */
  state(): RoleState {
    return this.#standing.state();
  }

  /** Round trip and loss of every node that beats to this one. */
  health(): PeerHealth[] {
    return this.#standing.peers.health();
  }

  /** Whether a beat is another member's, and neither a replay nor too late: only such a one shows where that node is. */
  isNews(beat: Beat, now: number): boolean {
    return this.#standing.isOther(beat.node) && this.#standing.peers.isNews(beat, now);
  }

  #receive(input: ElectionInput, now: number): void {
    switch (input.type) {
      case 'tick':
        return;
      case 'heard':
        return this.#hearing.hear(input.beat, now);
      case 'found':
        if (!this.#standing.strangers.mayAsk(`${input.address} ${input.beat}`, now)) return;
        return this.#standing.send(
          { address: input.address, beat: input.beat },
          this.#standing.beat(now, { ask: true }),
        );
      case 'peer':
        return this.#hearing.hearsay(input.node, input.online, now);
      case 'dropped':
        return this.#hearing.drop(input.node, now);
      case 'unreachable':
        return this.#hearing.accuse(input.node, now);
      case 'reached':
        return this.#standing.trust.reached(input.node);
      case 'removed':
        return this.#hearing.remove(input.node, now);
      case 'describe':
        this.#standing.own.describe(input, now);
        this.#standing.nextBeatAt = now;
        return;
      case 'leave':
        return this.#leave(now);
      default:
        return assertNever(input);
    }
  }

  #leave(now: number): void {
    if (this.#standing.leaving) return;
    this.#standing.leaving = true;
    const phase = this.#standing.phase;
    if (phase.kind === 'switch') {
      if (!phase.handOver && !this.#standing.handOver(phase, new Set(), now))
        this.#standing.goodbye('everyone', now);
    } else if (phase.kind === 'member') {
      this.#standing.goodbye([phase.leader.node, ...(phase.standby ? [phase.standby] : [])], now);
    } else {
      this.#standing.goodbye('everyone', now);
    }
  }

  /** Shifts all times after sleep or a stall of the main loop: this node heard nobody meanwhile, though others beat. */
  #absorbStall(now: number): void {
    const lateMs = now - this.#wakeAt;
    if (lateMs < this.#standing.timings.stallMs) return;
    this.#standing.peers.shift(lateMs);
    absorb(this.#standing.phase, lateMs);
    if (this.#standing.phase.kind === 'switch') this.#standing.nextEveryoneAt = now;
  }

  #tellRole(): void {
    if (this.#standing.phase.kind === 'left') return;
    const state = this.#standing.state();
    const told = JSON.stringify([state.role, state.switch, state.standby, state.term]);
    if (told === this.#told) return;
    this.#told = told;
    this.#standing.out.push({ type: 'role', ...state });
  }
}
