import { fromBase64url, spkiOfPoint, type NodeId, type Signed } from '../../model/index.ts';
import type { Past } from './past.ts';
import { recoveryNode, type Read, type StatementId } from './statement.ts';

/** A statement whose whole past is held and whose author, whose key stands in that past, signed it. */
export interface Entry {
  readonly id: StatementId;
  /** Its place in the sets of what lies in the past of others. A place is given again when its statement has left. */
  readonly index: number;
  /** Counts all that ever entered. */
  readonly serial: number;
  /** The longest way to the charter, which has 0. */
  readonly depth: number;
  readonly by: NodeId;
  readonly after: readonly StatementId[];
  readonly past: Past;
  /** Its past has a grant that may make its author an admin. Where it has none, no set of statements makes this one an admin's. */
  readonly isByAdmin: boolean;
  readonly signed: Signed;
  readonly read: Read;
}

/** The signing keys that a statement brings in. */
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

/** Whom a statement may make an admin, if its own author is one. */
export function adminsIn({ read, isByAdmin }: Pick<Entry, 'read' | 'isByAdmin'>): NodeId[] {
  if (read.kind === 'charter') return [read.charter.by, recoveryNode(read.charter.recovery)];
  if (!isByAdmin || read.kind !== 'rule') return [];
  if (read.rule.type === 'admin') return [read.rule.node];
  return read.rule.type === 'recovery' ? [recoveryNode(read.rule.key)] : [];
}

/** The card that a charter or an admission brings, as it was signed. */
export function cardIn({ read }: Entry): Signed | undefined {
  if (read.kind === 'charter') return read.charter.card;
  return read.kind === 'rule' && read.rule.type === 'admit' ? read.rule.card : undefined;
}

/** The nodes that a removal names; none of any other statement. */
export function nodesNamed({ read }: Entry): readonly NodeId[] {
  return read.kind === 'rule' && read.rule.type === 'remove' ? read.rule.nodes : [];
}
