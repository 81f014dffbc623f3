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
import { isToRing } from './ring.ts';

/** The question is sent three times, since datagrams can be lost, at these times after the first. Milliseconds. */
const ASKED_AFTER_MS = [0, 60, 120] as const;
/** How long answers are collected. */
const ANSWERED_WITHIN_MS = 300;
/** The request to hand the call over is sent at these times after the first. Milliseconds. */
const TAKEN_AFTER_MS = [0, 100, 250, 500] as const;
/** The caller's new call is expected this long; after it the caller has given up. */
const COMES_WITHIN_MS = 5000;

type Rings = Extract<PickUp, { say: 'rings' }>;
export type PickUpWord = Exclude<PickUp, { say: 'put-through' }>;

interface PickUpsParts {
  readonly office: Pick<CallOffice, 'groupColleagues' | 'isGroupColleague' | 'sendCall' | 'personOf'>;
  readonly machine: Pick<CallMachine, 'shown' | 'knows' | 'peerOf'>;
  readonly reach: CallReach;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly newId: () => CallId;
  readonly step: (input: CallInput) => void;
  /** That computer has exceeded its budget. */
  readonly over: (node: NodeId) => void;
}

/** Pick-ups in both directions: this person takes a call that rings at a colleague of a group, or a colleague takes one that rings here. */
export class PickUps {
  readonly #parts: PickUpsParts;
  readonly #words = new PeerBudget(BUDGETS.pickUps);
  /** Answers by the id of the question. */
  readonly #answers = new Map<string, { readonly from: NodeId; readonly rings: Rings }[]>();

  constructor(parts: PickUpsParts) {
    this.#parts = parts;
  }

  /**
   * Takes the call that has rung longest. Resolves to the id under which the caller will call; that call answers itself.
   * @throws CorridorError `pick-up-nobody`: no computer of a group colleague is online; `pick-up-nothing`: nothing rings there
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

  /** Handles a datagram. It is ignored where its sender is in no group with this person. */
  hear(message: PickUpWord, from: NodeId): void {
    const { office, step, clock, over } = this.#parts;
    const person = office.personOf(from);
    if (person === undefined || !office.isGroupColleague(person)) return;
    if (!this.#words.take(from, clock.monotonic())) return over(from);
    if (message.say === 'ask') this.#answer(message.asking, from);
    else if (message.say === 'rings') {
      const answers = this.#answers.get(message.asking);
      if (answers?.every((one) => one.from !== from)) answers.push({ from, rings: message });
    } else step({ type: 'hand-over', id: message.call, refer: { call: message.as, person, node: from } });
  }

  #answer(asking: string, from: NodeId): void {
    const { machine, reach, office, clock } = this.#parts;
    const rings = machine
      .shown()
      .find((call) => isToRing(call) && reach.recordOf(machine.peerOf(call.id))?.refers);
    if (!rings) return;
    const { id: call, person: caller } = rings;
    const forMs = Math.round(clock.monotonic() - rings.since);
    office.sendCall(from, { v: 1, say: 'rings', asking, call, caller, forMs });
  }

  #say(to: NodeId, message: PickUpWord, afterMs: readonly number[]): void {
    const { office, schedule, machine } = this.#parts;
    for (const ms of afterMs) {
      schedule(() => {
        // Once the caller's new call has come, the request need not be repeated.
        if (message.say !== 'take' || !machine.knows(message.as)) office.sendCall(to, message);
      }, ms);
    }
  }
}
