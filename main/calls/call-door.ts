import { BUDGETS, PeerBudget, type CallSignal, type Clock, type NodeId } from '../model/index.ts';
import type { CallEvents } from './call-events.ts';
import type { CallMachine } from './call-machine.ts';
import type { CallReach } from './call-reach.ts';
import type { CallInput } from './call-steps.ts';
import type { CallListener, CallOffice } from './ports.ts';
import { receptionOf } from './reception.ts';

interface CallDoorParts {
  readonly machine: Pick<CallMachine, 'knows' | 'takes'>;
  readonly reach: Pick<CallReach, 'isOwn'>;
  readonly office: Pick<CallOffice, 'personOf' | 'isInPlaceOf'>;
  readonly listener: CallListener;
  readonly clock: Clock;
  readonly over: (too: CallEvents['over']) => void;
}

/** Decides what this computer takes of what colleagues' computers say of calls. */
export class CallDoor {
  readonly #parts: CallDoorParts;
  readonly #signals = new PeerBudget(BUDGETS.callSignals);
  readonly #begun = new PeerBudget(BUDGETS.newCalls);

  constructor(parts: CallDoorParts) {
    this.#parts = parts;
  }

  /** Whether that computer may have another call begun now. */
  mayBegin(from: NodeId): boolean {
    const mayBegin = this.#begun.take(from, this.#parts.clock.monotonic());
    if (!mayBegin) this.#parts.over({ node: from, budget: 'newCalls' });
    return mayBegin;
  }

  /** What the call machine is told of it; undefined: nothing. */
  take(signal: CallSignal, from: NodeId): CallInput | undefined {
    const { machine, reach, office, listener, clock, over } = this.#parts;
    const person = office.personOf(from);
    if (person === undefined || reach.isOwn(person)) return undefined;
    if (!this.#signals.take(from, clock.monotonic())) {
      over({ node: from, budget: 'callSignals' });
      return undefined;
    }
    const isNew = signal.state === 'calling' && !machine.knows(signal.call);
    if (isNew && !machine.takes(signal, from, clock.monotonic())) return undefined;
    if (isNew && !this.mayBegin(from)) return undefined;
    const meant = signal.meant !== undefined && office.isInPlaceOf(signal.meant) ? signal.meant : undefined;
    return { type: 'signal', from, person, signal, reception: receptionOf(listener, from, person), meant };
  }
}
