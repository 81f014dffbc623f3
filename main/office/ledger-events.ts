import type { Standing } from '../identity/index.ts';
import type { NodeId, Signed } from '../model/index.ts';

export interface OfficeLedgerEvents {
  /** The evaluation of the ledger has changed. */
  standing: Standing;
  /**
   * New statements that count, to be sent over all links. Own ones are on the disk; a colleague's may still wait for room there.
   * `from`: the node that sent them; undefined: this node signed them.
   */
  added: { readonly statements: readonly Signed[]; readonly from: NodeId | undefined };
}

/** The result of taking in statements that a peer sent. */
export interface IntakeResult {
  readonly added: number;
  /** The number of malformed statements and wrong signatures. */
  readonly refused: number;
}
