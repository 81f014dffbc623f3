import type { NodeId } from '../../model/index.ts';
import type { Counted } from './count.ts';
import { seniority } from './electorate.ts';
import { nodesNamed, type Entry } from './entry.ts';
import type { PersonId, StatementId } from './statement.ts';

/** A removal in force: the nodes that it names, and those that may take it back. */
export interface RemovalInForce {
  readonly id: StatementId;
  readonly by: NodeId;
  /** The computers that it names, with their persons. Keys of recovery codes have none. */
  readonly nodes: ReadonlyMap<NodeId, PersonId>;
  /** The computers that may sign a `restore` of it: the remover’s, while that is an admin, and those of admins senior to the remover. */
  readonly lifters: ReadonlySet<NodeId>;
}

/** @param admins the present admins */
export function removalsIn(
  counted: Counted,
  inForce: readonly Entry[],
  admins: ReadonlySet<NodeId>,
): RemovalInForce[] {
  const ranks = new Map<NodeId, number>();
  const rankOf = (node: NodeId): number => {
    const rank = ranks.get(node) ?? seniority(node, counted);
    ranks.set(node, rank);
    return rank;
  };
  return inForce.map((removal) => {
    const { id, by } = removal;
    const nodes = nodesNamed(removal).flatMap((node) => {
      const person = counted.members.get(node)?.person;
      return person === undefined ? [] : [[node, person] as const];
    });
    const lifters = [...admins].filter((admin) => admin === by || rankOf(admin) < rankOf(by));
    return { id, by, nodes: new Map(nodes), lifters: new Set(lifters) };
  });
}
