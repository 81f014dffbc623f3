import type { NodeId } from '../../model/index.ts';
import type { Counted } from './count.ts';
import type { Entry } from './entry.ts';

/** The computers that came in by each invitation. */
export function invitedIn({ counting }: Counted): Map<string, Set<NodeId>> {
  const invited = new Map<string, Set<NodeId>>();
  for (const { read } of counting) {
    if (read.kind !== 'rule' || read.rule.type !== 'admit' || !read.card) continue;
    const { invitation } = read.rule;
    if (invitation === undefined) continue;
    invited.set(invitation, (invited.get(invitation) ?? new Set()).add(read.card.node));
  }
  return invited;
}

/** The computer that first admitted each member. The founder is not in it. */
export function admittedBy({ members }: Counted): Map<NodeId, NodeId> {
  const by = new Map<NodeId, NodeId>();
  for (const { node, admissions } of members.values()) {
    const [first] = admissions;
    if (first && first.read.kind !== 'charter') by.set(node, first.by);
  }
  return by;
}

/** When each member was first admitted, and when the founder founded the office, where the statement says so. */
export function admittedAt({ members }: Counted): Map<NodeId, number> {
  const at = new Map<NodeId, number>();
  for (const { node, admissions } of members.values()) {
    const [first] = admissions;
    const when = first && signedAtOf(first);
    if (when !== undefined) at.set(node, when);
  }
  return at;
}

/** The time by the author’s clock; undefined: the statement has none. */
export function signedAtOf({ read }: Entry): number | undefined {
  if (read.kind === 'charter') return read.charter.at;
  return read.kind === 'rule' && 'at' in read.rule ? read.rule.at : undefined;
}

/**
 * Members who came in by an invitation at a node that did not know of a removal, which had closed that invitation elsewhere. The removed
 * person may have passed the link on. An admission by a person, or one whose author knew of the removal, settles it.
 */
export function unsettledIn({ members }: Counted, inForce: readonly Entry[]): Set<NodeId> {
  const unsettled = [...members.values()].filter(({ admissions }) =>
    admissions.every((admission) => isByInvitation(admission) && isBeside(admission, inForce)),
  );
  return new Set(unsettled.map(({ node }) => node));
}

function isByInvitation({ read }: Entry): boolean {
  return read.kind === 'rule' && read.rule.type === 'admit' && read.rule.invitation !== undefined;
}

/** Whether the admission is concurrent with a removal: neither author had seen the other's statement. */
function isBeside(admission: Entry, inForce: readonly Entry[]): boolean {
  return inForce.some((removal) => !admission.past.has(removal.index) && !removal.past.has(admission.index));
}
