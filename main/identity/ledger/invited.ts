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

/** Whose computer admitted each member first; the founder nobody’s. */
export function admittedBy({ members }: Counted): Map<NodeId, NodeId> {
  const by = new Map<NodeId, NodeId>();
  for (const { node, admissions } of members.values()) {
    const [first] = admissions;
    if (first && first.read.kind !== 'charter') by.set(node, first.by);
  }
  return by;
}

/** When each member was admitted first, and when the founder founded, where that was written down. */
export function admittedAt({ members }: Counted): Map<NodeId, number> {
  const at = new Map<NodeId, number>();
  for (const { node, admissions } of members.values()) {
    const [first] = admissions;
    const when = first && signedAtOf(first);
    if (when !== undefined) at.set(node, when);
  }
  return at;
}

/** What the author’s clock said; undefined: it was not written down. */
export function signedAtOf({ read }: Entry): number | undefined {
  if (read.kind === 'charter') return read.charter.at;
  return read.kind === 'rule' && 'at' in read.rule ? read.rule.at : undefined;
}

/**
 * Members who came in by an invitation at a node that did not know of a removal, which had ended that invitation elsewhere. Whoever
 * was removed may have handed the link on. An admission by a person, or one that knew of the removal, settles it.
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

/** Whether neither it nor some removal had seen the other. */
function isBeside(admission: Entry, inForce: readonly Entry[]): boolean {
  return inForce.some((removal) => !admission.past.has(removal.index) && !removal.past.has(admission.index));
}
