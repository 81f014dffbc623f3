import {
  Comparison,
  JOIN_EXPORTER_LABEL,
  refusedFrame,
  signCard,
  type Identity,
  type RequestBook,
} from '../identity/index.ts';
import type { NodeId, Random } from '../model/index.ts';
import type { ControlLink } from '../signalling/index.ts';
import type { OfficeLedger } from './office-ledger.ts';
import { Outsider } from './outsider.ts';

const NONCE_BYTES = 16;

/** The links of all outsiders. */
export class Outsiders {
  readonly #all = new Map<ControlLink, Outsider>();

  /** `nowMs`: monotonic. */
  arrive(link: ControlLink, nowMs: number): Outsider {
    const outsider = new Outsider(link, nowMs);
    this.#all.set(link, outsider);
    return outsider;
  }

  get all(): readonly Outsider[] {
    return [...this.#all.values()];
  }

  has({ link }: Outsider): boolean {
    return this.#all.has(link);
  }

  forget({ link }: Outsider): void {
    this.#all.delete(link);
  }

  /** The outsider with that id that has asked here and not begun to compare. */
  asking(node: NodeId): Outsider | undefined {
    return this.all.find((one) => one.state.kind === 'asking' && one.node === node);
  }

  comparing(node: NodeId): Outsider | undefined {
    return this.all.find((one) => one.comparison && one.node === node);
  }

  /** Turns an outsider away that this node's person or a colleague has refused. */
  turnAway(node: NodeId): void {
    const [asking, comparing] = [this.asking(node), this.comparing(node)];
    asking?.asksNoMore();
    const frame = comparing?.comparison?.refuse() ?? refusedFrame('declined');
    for (const outsider of [asking, comparing]) {
      outsider?.link.send(frame);
      outsider?.link.close();
    }
  }

  close(): void {
    for (const { link } of this.all) link.close();
  }
}

interface ComparisonParts {
  readonly identity: Pick<Identity, 'nodeId' | 'sign' | 'signingKeySpki' | 'hpkePublicKey'>;
  readonly ledger: OfficeLedger;
  readonly book: RequestBook;
  readonly random: Pick<Random, 'bytes'>;
}

/** This node's side of a comparison on that link. */
export function newComparison(
  { identity, ledger, book, random }: ComparisonParts,
  link: ControlLink,
  nowMs: number,
): Comparison {
  const comparing = {
    ...{ self: identity, card: signCard(identity), ledger: ledger.plain },
    nonce: random.bytes(NONCE_BYTES),
    isExpected: ({ node }: { readonly node: NodeId }) => book.isExpected({ node }, nowMs),
  };
  const direct = { exported: link.exported(JOIN_EXPORTER_LABEL), peerKey: link.peerKey };
  return new Comparison(comparing, direct, nowMs);
}
