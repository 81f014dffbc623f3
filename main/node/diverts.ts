import {
  followDiverts,
  targetOf,
  type DivertFacts,
  type Directory,
  type FollowedDiverts,
} from '../directory/index.ts';
import type { KnownNode, NodeId, StandIn } from '../model/index.ts';
import type { Roster } from '../office/index.ts';

/** Whom messages to these people reach, as far as this node knows, when its person talks to them. */
export function followed(roster: Roster, nodes: readonly KnownNode[]): FollowedDiverts {
  return followDiverts(nodes, factsOf(roster));
}

function factsOf({ self, directory }: Roster): DivertFacts {
  return {
    self: directory.get(self)?.person,
    nodesOf: (person) => directory.nodesOf(person),
    divertOf: (person) => directory.divertOf(person),
  };
}

/** Who is called where this person is dialled: themself, or whom they diverted to, by one hop as with a message. */
export function inPlaceOf({ roster }: { readonly roster: Roster }, person: NodeId): NodeId {
  return targetOf(person, factsOf(roster)) ?? person;
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
  { nodes, diverted }: FollowedDiverts,
  directory: Pick<Directory, 'nameOfPerson'>,
): readonly string[] {
  const names = new Map(nodes.map(({ person, name }) => [person, name]));
  return [...names].map(([person, name]) => labelOf(person, name, diverted, directory));
}
