import { followDiverts, type Directory, type Followed } from '../directory/index.ts';
import type { KnownNode, NodeId, StandIn } from '../model/index.ts';
import type { Roster } from '../office/index.ts';

/** Whom messages to these people reach, as far as this node knows, when its person talks to them. */
export function followed({ self, directory }: Roster, nodes: readonly KnownNode[]): Followed {
  return followDiverts(nodes, {
    self: directory.get(self)?.person,
    nodesOf: (person) => directory.nodesOf(person),
    divertOf: (person) => directory.divertOf(person),
  });
}

/** `Bo → Kim` where this person has what was for Bo, else their name. Pure. */
export function labelOf(
  person: NodeId,
  name: string,
  diverted: readonly StandIn[],
  directory: Pick<Directory, 'nameOfPerson'>,
): string {
  const names = diverted.flatMap(({ meant, reached }) =>
    reached === person ? (directory.nameOfPerson(meant) ?? []) : [],
  );
  return names.length === 0 ? name : `${names.join(', ')} → ${name}`;
}

/** One label for each person whom it reaches. */
export function labelsOf(
  { nodes, diverted }: Followed,
  directory: Pick<Directory, 'nameOfPerson'>,
): readonly string[] {
  const names = new Map(nodes.map(({ person, name }) => [person, name]));
  return [...names].map(([person, name]) => labelOf(person, name, diverted, directory));
}
