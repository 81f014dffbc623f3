import type { CallView } from '../calls/index.ts';
import {
  BUDGETS,
  Emitter,
  faults,
  NewestMap,
  PeerBudget,
  type CallId,
  type Clock,
  type NodeId,
  type PickUp,
  type Schedule,
} from '../model/index.ts';
import type { OfficeSession } from '../office/index.ts';

/** Any of these may be lost: it is said again after this many milliseconds. */
const SAID_AFTER_MS = [0, 100, 250, 500] as const;
/** Calls ring for less than a minute, so more are never needed at once. */
const MAX_KNOWN = 64;

export type PutThrough = Extract<PickUp, { say: 'put-through' }>;

interface IntroductionsParts {
  readonly peers: Pick<OfficeSession['peers'], 'personOf' | 'knownNodesOf' | 'sendCall'>;
  readonly clock: Clock;
  readonly schedule: Schedule;
}

interface IntroductionEvents {
  changed: undefined;
  /** The computer that exceeded its budget. */
  over: NodeId;
}

/**
 * A referrer tells the person whom they transfer a caller to that they do; otherwise that person would see the caller alone. Only the
 * referrer's own datagram is believed, since a caller could name anybody. It names the call by the id that the referrer chose for it,
 * so it can be about no other call.
 */
export class Introductions {
  readonly events = new Emitter<IntroductionEvents>((error) => faults.tell('introductions', error));
  readonly #parts: IntroductionsParts;
  readonly #words = new PeerBudget(BUDGETS.putThroughs);
  readonly #known = new NewestMap<CallId, { readonly by: NodeId; readonly caller: NodeId }>(MAX_KNOWN);

  constructor(parts: IntroductionsParts) {
    this.#parts = parts;
  }

  /** Tells the computers of `called` that this person transfers the caller to them, by the call with this id. */
  tell(call: CallId, caller: NodeId, called: NodeId): void {
    const { peers, schedule } = this.#parts;
    const word: PutThrough = { v: 1, say: 'put-through', call, caller };
    for (const { node, hearsPutThroughs } of peers.knownNodesOf(called)) {
      if (!hearsPutThroughs) continue;
      for (const ms of SAID_AFTER_MS) schedule(() => peers.sendCall(node, word), ms);
    }
  }

  hear({ call, caller }: PutThrough, from: NodeId): void {
    const by = this.#parts.peers.personOf(from);
    if (by === undefined || by === caller) return;
    if (!this.#words.take(from, this.#parts.clock.monotonic())) return this.events.emit('over', from);
    const known = this.#known.get(call);
    if (known?.by === by && known.caller === caller) return;
    this.#known.set(call, { by, caller });
    this.events.emit('changed', undefined);
  }

  /** The referrer of a call that rings here; null: no referrer has said so. */
  byOf({ id, person, isIncoming }: CallView): NodeId | null {
    if (!isIncoming) return null;
    const known = this.#known.get(id);
    return known?.caller === person ? known.by : null;
  }
}
