import type { NodeId } from '../model/index.ts';
import type { CallKeys, KeyFor } from './call-keys.ts';
import type { CallReach } from './call-reach.ts';
import type { CallInput, CallOutput } from './call-steps.ts';

type Dial = Extract<CallInput, { type: 'dial' }>;
type Asked<T extends CallOutput['type']> = Extract<CallOutput, { type: T }>;

export interface AskedCallsParts {
  readonly keys: CallKeys;
  readonly reach: CallReach;
  /** Whether that computer may have another call begun now. */
  readonly mayBegin: (from: NodeId) => boolean;
  readonly log: (line: string) => void;
}

/** A call that is to be begun, and the keys that were made for it. */
export interface ToBegin {
  readonly input: Dial;
  readonly keys: readonly KeyFor[];
}

/** The calls that others ask this computer for. Where one cannot be, `dial` without a computer says so. */
export class AskedCalls {
  readonly #parts: AskedCallsParts;

  constructor(parts: AskedCallsParts) {
    this.#parts = parts;
  }

  /** The other side of a call puts this one through. */
  async follow({ refer, origin, from }: Asked<'follow'>): Promise<ToBegin> {
    const { keys, reach, mayBegin, log } = this.#parts;
    const { call: id, person, node } = refer;
    let made: readonly KeyFor[] = [];
    try {
      const there = mayBegin(from) && !reach.isOwn(person) ? reach.of(person) : [];
      made = await keys.make(
        id,
        there.filter((one) => node === undefined || one.node === node),
      );
    } catch (error) {
      log(`a call that ${from} asked for: ${(error as Error).message}`);
    }
    return { input: { type: 'dial', id, person, legs: made, origin }, keys: made };
  }

  /** Another computer is in a call of several. Undefined: it is no colleague's. */
  async meet({ party, node, id }: Asked<'meet'> & { readonly id: Dial['id'] }): Promise<ToBegin | undefined> {
    const { keys, reach, log } = this.#parts;
    const record = reach.recordOf(node);
    if (!record?.parties || reach.isOwn(record.person)) return undefined;
    try {
      const made = await keys.make(id, [record]);
      const input: Dial = { type: 'dial', id, person: record.person, legs: made, meets: party };
      return { input, keys: made };
    } catch (error) {
      log(`a call with ${node}: ${(error as Error).message}`);
      return undefined;
    }
  }
}
