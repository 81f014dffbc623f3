import type { NodeId } from '../model/index.ts';
import type { CallKeys, KeyFor } from './call-keys.ts';
import type { CallReach } from './call-reach.ts';
import type { CallInput, CallOutput } from './call-steps.ts';

type Dial = Extract<CallInput, { type: 'dial' }>;
type Asked<T extends CallOutput['type']> = Extract<CallOutput, { type: T }>;

interface AskedCallsParts {
  readonly keys: CallKeys;
  readonly reach: CallReach;
  /** Whether that computer is within its budget of new calls. */
  readonly mayBegin: (from: NodeId) => boolean;
  readonly log: (line: string) => void;
}

/** The input that begins a call, with the keys that were made for it. */
export type PreparedCall = Dial & { readonly legs: readonly KeyFor[] };

/** The calls that other computers ask this one to make. One that cannot be made becomes a `dial` without legs, which fails at once. */
export class AskedCalls {
  readonly #parts: AskedCallsParts;

  constructor(parts: AskedCallsParts) {
    this.#parts = parts;
  }

  /** The other side of a call transfers this person to somebody else. */
  async follow({ refer, origin, from }: Asked<'follow'>): Promise<PreparedCall> {
    const { keys, reach, mayBegin, log } = this.#parts;
    const { call: id, person, node } = refer;
    let legs: readonly KeyFor[] = [];
    try {
      const there = mayBegin(from) && !reach.isOwn(person) ? reach.of(person) : [];
      legs = await keys.make(
        id,
        there.filter((one) => node === undefined || one.node === node),
      );
    } catch (error) {
      log(`a call that ${from} asked for: ${(error as Error).message}`);
    }
    return { type: 'dial', id, person, legs, origin };
  }

  /** Calls a computer that is in the same call of several. Undefined: it is this person's own, or supports no calls of several. */
  async meet({
    party,
    node,
    id,
  }: Asked<'meet'> & { readonly id: Dial['id'] }): Promise<PreparedCall | undefined> {
    const { keys, reach, log } = this.#parts;
    const record = reach.recordOf(node);
    if (!record?.parties || reach.isOwn(record.person)) return undefined;
    try {
      const legs = await keys.make(id, [record]);
      return { type: 'dial', id, person: record.person, legs, meets: party };
    } catch (error) {
      log(`a call with ${node}: ${(error as Error).message}`);
      return undefined;
    }
  }
}
