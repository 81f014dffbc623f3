import { fromBase64url, spkiOfPoint, type NodeId, type Signed } from '../../model/index.ts';
import type { Past } from './past.ts';
import { recoveryNode, type Read, type StatementId } from './statement.ts';

/** A verified statement: its whole past is held, its author's key is in that past, and the signature is right. */
export interface Entry {
  readonly id: StatementId;
  /** Its index in the bit sets of pasts. An index is reused when its statement has left. */
  readonly index: number;
  /** A serial number of entering, which is never reused. */
  readonly serial: number;
  /** The length of the longest path to the charter, which has 0. */
  readonly depth: number;
  readonly by: NodeId;
  readonly after: readonly StatementId[];
  readonly past: Past;
  /** Its past has a grant that may make its author an admin. Without one, the author is no admin in any set of statements. */
  readonly isByAdmin: boolean;
  readonly signed: Signed;
  readonly read: Read;
}

/** The signing keys that a statement introduces. */
export function keysOf(read: Read): (readonly [NodeId, Uint8Array])[] {
  if (read.kind === 'later') return [];
  const card = read.card && ([read.card.node, read.card.signingKey] as const);
  const point =
    read.kind === 'charter'
      ? read.charter.recovery
      : read.rule.type === 'recovery'
        ? read.rule.key
        : undefined;
  const recoveryKey = point === undefined ? undefined : spkiOfPoint(fromBase64url(point));
  return [
    ...(card ? [card] : []),
    ...(point !== undefined && recoveryKey ? [[recoveryNode(point), recoveryKey] as const] : []),
  ];
}

/** The nodes that a statement makes admins if its own author is one. */
export function adminsIn({ read, isByAdmin }: Pick<Entry, 'read' | 'isByAdmin'>): NodeId[] {
  if (read.kind === 'charter') return [read.charter.by, recoveryNode(read.charter.recovery)];
  if (!isByAdmin || read.kind !== 'rule') return [];
  if (read.rule.type === 'admin') return [read.rule.node];
  return read.rule.type === 'recovery' ? [recoveryNode(read.rule.key)] : [];
}

/** The signed card in a charter or an admission. */
export function cardIn({ read }: Entry): Signed | undefined {
  if (read.kind === 'charter') return read.charter.card;
  return read.kind === 'rule' && read.rule.type === 'admit' ? read.rule.card : undefined;
}

/** The nodes that a removal names; none of any other statement. */
export function nodesNamed({ read }: Entry): readonly NodeId[] {
  return read.kind === 'rule' && read.rule.type === 'remove' ? read.rule.nodes : [];
}
