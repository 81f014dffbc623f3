import {
  BUDGETS,
  CorridorError,
  PeerBudget,
  type CallId,
  type Clock,
  type NodeId,
  type PickUp,
  type Schedule,
} from '../model/index.ts';
import type { CallInput } from './call-steps.ts';
import type { CallMachine } from './call-machine.ts';
import type { CallReach } from './call-reach.ts';
import type { CallOffice } from './ports.ts';

/** Any of these may be lost: it is asked again after so many milliseconds, and answers are waited for so long. */
const ASKED_AFTER_MS = [0, 60, 120] as const;
const ANSWERED_WITHIN_MS = 300;
/** The caller calls within this, or has given up. It is asked for after so many milliseconds. */
const TAKEN_AFTER_MS = [0, 100, 250, 500] as const;
const COMES_WITHIN_MS = 5000;

type Rings = Extract<PickUp, { say: 'rings' }>;

export interface PickUpsParts {
  readonly office: Pick<CallOffice, 'groupColleagues' | 'isGroupColleague' | 'sendCall' | 'personOf'>;
  readonly machine: Pick<CallMachine, 'shown' | 'knows' | 'peerOf'>;
  readonly reach: CallReach;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly newId: () => CallId;
  readonly step: (input: CallInput) => void;
  /** That computer says more of it than this one takes. */
  readonly over: (node: NodeId) => void;
}

/** Somebody picks up here what rings at a colleague who is in a group with them, or there what rings here. */
export class PickUps {
  readonly #parts: PickUpsParts;
  readonly #words = new PeerBudget(BUDGETS.pickUps);
  /** Who answered which asking. */
  readonly #answers = new Map<string, { readonly from: NodeId; readonly rings: Rings }[]>();

  constructor(parts: PickUpsParts) {
    this.#parts = parts;
  }

  /**
   * Takes what has rung longest. Resolves once the caller was told; the call comes, and answers itself.
   * @throws CorridorError `pick-up-nobody`: this person is in a group with nobody who is there; `pick-up-nothing`: nothing rings
   */
  async take(): Promise<CallId> {
    const { office, reach, newId, step, clock } = this.#parts;
    const nodes = reach
      .there(...office.groupColleagues())
      .flatMap(({ node, pickUps }) => (pickUps ? node : []));
    if (nodes.length === 0) {
      const sentence = 'Nobody who is in a group with you is there, so there is nothing to pick up.';
      throw new CorridorError('pick-up-nobody', sentence);
    }
    const asking = newId();
    this.#answers.set(asking, []);
    for (const node of nodes) this.#say(node, { v: 1, say: 'ask', asking }, ASKED_AFTER_MS);
    await new Promise<void>((resolve) => void this.#parts.schedule(resolve, ANSWERED_WITHIN_MS));
    const answers = [...(this.#answers.get(asking) ?? [])];
    this.#answers.delete(asking);
    const [first] = answers.sort((a, b) => b.rings.forMs - a.rings.forMs);
    if (!first) {
      throw new CorridorError('pick-up-nothing', 'Nothing rings at those who are in a group with you.');
    }
    const id = newId();
    const { call, caller } = first.rings;
    step({ type: 'expect', id, person: caller, until: clock.monotonic() + COMES_WITHIN_MS });
    this.#say(first.from, { v: 1, say: 'take', call, as: id }, TAKEN_AFTER_MS);
    return id;
  }

  /** A colleague's computer says something. What is said by somebody who is in no group with this person is passed over. */
  hear(word: PickUp, from: NodeId): void {
    const { office, step, clock, over } = this.#parts;
    const person = office.personOf(from);
    if (person === undefined || !office.isGroupColleague(person)) return;
    if (!this.#words.take(from, clock.monotonic())) return over(from);
    if (word.say === 'ask') this.#answer(word.asking, from);
    else if (word.say === 'rings') {
      const answers = this.#answers.get(word.asking);
      if (answers?.every((one) => one.from !== from)) answers.push({ from, rings: word });
    } else step({ type: 'hand-over', id: word.call, refer: { call: word.as, person, node: from } });
  }

  #answer(asking: string, from: NodeId): void {
    const { machine, reach, office, clock } = this.#parts;
    const rings = machine.shown().find(({ id, direction, state }) => {
      const isRinging = direction === 'in' && (state === 'ringing' || state === 'waiting');
      return isRinging && reach.recordOf(machine.peerOf(id))?.refers;
    });
    if (!rings) return;
    const { id: call, person: caller } = rings;
    const forMs = Math.round(clock.monotonic() - rings.since);
    office.sendCall(from, { v: 1, say: 'rings', asking, call, caller, forMs });
  }

  #say(to: NodeId, word: PickUp, afterMs: readonly number[]): void {
    const { office, schedule, machine } = this.#parts;
    for (const ms of afterMs) {
      schedule(() => {
        // Once the caller calls there is nothing more to ask for.
        if (word.say !== 'take' || !machine.knows(word.as)) office.sendCall(to, word);
      }, ms);
    }
  }
}
