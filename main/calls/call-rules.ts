import { MAX_PARTY, type CallId, type KnownNode, type NodeId } from '../model/index.ts';
import type { CallView } from './call.ts';
import type { CallMachine } from './call-machine.ts';
import type { CallReach } from './call-reach.ts';
import {
  cannotJoin,
  cannotRecord,
  cannotTransfer,
  isFull,
  isNotRecordedHeld,
  isRecorded,
  noSuchCall,
  ofSeveral,
  toSame,
} from './call-refusals.ts';

/** What a person may do with an active call. It depends on what the computers of everybody in it support. */
export class CallRules {
  readonly #machine: Pick<CallMachine, 'shown' | 'sizeOf' | 'peersOf'>;
  readonly #reach: CallReach;

  constructor(machine: Pick<CallMachine, 'shown' | 'sizeOf' | 'peersOf'>, reach: CallReach) {
    this.#machine = machine;
    this.#reach = reach;
  }

  /**
   * Checks that a call can be transferred to that person. Returns this person's active call with them, which makes it a consultation;
   * undefined: there is none, so the transferred call will ring there.
   * @throws CorridorError `no-such-call`; `call-of-several`; `transfer-to-same`; `call-cannot-transfer`; `call-unreachable`
   */
  consultation(id: CallId, to: NodeId): CallId | undefined {
    const call = this.#active(id);
    const [peer, ...others] = this.#machine.peersOf(id);
    if (others.length > 0) throw ofSeveral();
    if (call.person === to) throw toSame();
    const record = this.#reach.recordOf(peer);
    if (!record?.refers) throw cannotTransfer(record?.name ?? '');
    const asked = this.#machine.shown().find(({ person, state }) => person === to && state === 'active');
    if (!asked) this.#reach.of(to);
    return asked?.id;
  }

  /**
   * The computers at which a person can be called into a call.
   * @throws CorridorError `no-such-call`; `call-is-full`; `transfer-to-same`; `call-unreachable`; `call-cannot-join`: a computer of
   *   theirs, or of somebody in the call, supports no calls of several
   */
  toAdd(into: CallId, person: NodeId): readonly KnownNode[] {
    this.#active(into);
    if (this.#machine.sizeOf(into) >= MAX_PARTY) throw isFull();
    const nodes = this.#reach.of(person);
    const able = nodes.filter(({ parties }) => parties);
    if (able.length === 0) throw cannotJoin(nodes[0]?.name ?? '');
    for (const one of this.#ableIn(into)) if (one.person === person) throw toSame();
    return able;
  }

  /** Checks that two calls can become one. @throws CorridorError as `toAdd` */
  assertMerge(id: CallId, into: CallId): void {
    for (const call of [id, into]) this.#active(call);
    if (this.#machine.sizeOf(id) > 2) throw ofSeveral();
    if (this.#machine.sizeOf(into) >= MAX_PARTY) throw isFull();
    const [joining] = this.#ableIn(id);
    if (this.#ableIn(into).some(({ person }) => person === joining?.person)) throw toSame();
  }

  /**
   * Whether a call can be recorded: everybody in it can be told.
   * @throws CorridorError `no-such-call`; `call-is-held`; `call-is-recorded`: one is already; `call-cannot-record`
   */
  assertRecord(id: CallId): void {
    if (this.#active(id).isHeld) throw isNotRecordedHeld();
    if (this.#machine.shown().some(({ recording }) => recording !== null)) throw isRecorded();
    for (const node of this.#machine.peersOf(id)) {
      const record = this.#reach.recordOf(node);
      if (!record?.tellsOfRecording) throw cannotRecord(record?.name ?? '');
    }
  }

  /** The other computers in a call. @throws CorridorError `call-cannot-join` where one of them supports no calls of several */
  #ableIn(call: CallId): readonly KnownNode[] {
    return this.#machine.peersOf(call).map((node) => {
      const record = this.#reach.recordOf(node);
      if (!record?.parties) throw cannotJoin(record?.name ?? '');
      return record;
    });
  }

  #active(id: CallId): CallView {
    const call = this.#machine.shown().find((one) => one.id === id && one.state === 'active');
    if (!call) throw noSuchCall();
    return call;
  }
}
