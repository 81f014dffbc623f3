import type { KnownNode, NodeId } from '../model/index.ts';
import { tooOld, unreachable } from './call-refusals.ts';
import type { CallOffice } from './ports.ts';

/** More computers of one person are not called at once. */
const MAX_COMPUTERS = 8;

/** Finds the computers at which people can be called. */
export class CallReach {
  readonly #office: CallOffice;

  constructor(office: CallOffice) {
    this.#office = office;
  }

  /** @throws CorridorError `call-unreachable`: none of their computers is online; `call-too-old`: those that are online know no calls */
  of(person: NodeId): readonly KnownNode[] {
    const known = this.#office.knownNodesOf(person);
    const there = this.there(person);
    const name = known[0]?.name ?? '';
    if (there.length === 0) throw unreachable(name);
    const able = there.filter(({ calls }) => calls);
    if (able.length === 0) throw tooOld(name);
    return able.slice(0, MAX_COMPUTERS);
  }

  /** The computers of these people that are online. */
  there(...people: readonly NodeId[]): readonly KnownNode[] {
    const online = new Set(this.#office.online);
    return people
      .flatMap((person) => this.#office.knownNodesOf(person))
      .filter(({ node }) => online.has(node));
  }

  isOwn(person: NodeId): boolean {
    return person === this.#office.personOf(this.#office.self);
  }

  recordOf(node: NodeId | undefined): KnownNode | undefined {
    const person = node === undefined ? undefined : this.#office.personOf(node);
    if (person === undefined) return undefined;
    return this.#office.knownNodesOf(person).find((one) => one.node === node);
  }
}
