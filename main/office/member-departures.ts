import type { NodeId } from '../model/index.ts';
import type { MemberDatagrams } from './member-datagrams.ts';
import type { MemberLinks } from './member-links.ts';
import type { OfficeLedger } from './office-ledger.ts';
import type { StartsPort } from './ports.ts';

interface MemberDeparturesParts {
  readonly self: NodeId;
  readonly ledger: OfficeLedger;
  readonly starts: StartsPort;
  readonly datagrams: Pick<MemberDatagrams, 'input'>;
  readonly links: Pick<MemberLinks, 'tellDirectly'>;
  /** The node that would be elected next. */
  readonly standby: () => NodeId | undefined;
}

/** Acts when a node is no member any more: the election and the terms forget it, and the node that removed it tells others directly. */
export class MemberDepartures {
  readonly #parts: MemberDeparturesParts;
  #members: ReadonlySet<NodeId>;

  constructor(parts: MemberDeparturesParts) {
    const { ledger, starts } = parts;
    this.#parts = parts;
    this.#members = new Set(ledger.standing.members.keys());
    // Members that were removed while this node was away.
    for (const node of [...starts.knownTerms.keys()]) if (!this.#members.has(node)) starts.forget(node);
  }

  /** To be called when the members have changed. */
  look(): void {
    const { self, ledger, starts, datagrams, links, standby } = this.#parts;
    const before = this.#members;
    this.#members = new Set(ledger.standing.members.keys());
    const gone = [...before].filter((node) => !this.#members.has(node));
    for (const node of gone) {
      datagrams.input({ type: 'removed', node });
      starts.forget(node);
    }
    if (gone.some((node) => ledger.removerOf(node) === self)) links.tellDirectly(standby());
  }
}
