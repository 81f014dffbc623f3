import type { Standing } from '../identity/index.ts';
import type { NodeId, Signed } from '../model/index.ts';

export interface OfficeLedgerEvents {
  /** What the statements come to has changed. */
  standing: Standing;
  /**
   * New statements that count, for all links. Own ones are on the disk; a colleague's may still wait for room there. `from`: who
   * sent them; undefined: this node signed them.
   */
  added: { readonly statements: readonly Signed[]; readonly from: NodeId | undefined };
}

/** What became of statements that a peer sent. */
export interface Taken {
  readonly added: number;
  /** Not as their authors signed them, or malformed. */
  readonly refused: number;
}
