import type { Divert, KnownNode, NodeId, StandIn } from '../model/index.ts';

/** The facts for following diverts. */
export interface DivertFacts {
  /** The talker, to whom no divert leads back. */
  readonly self: NodeId | undefined;
  /** The computers of a person; none if the person is not in the office. */
  readonly nodesOf: (person: NodeId) => readonly KnownNode[];
  /** The stand-in that the person chose; undefined: none. */
  readonly divertOf: (person: NodeId) => NodeId | undefined;
}

/** The recipients of a message after diverts were followed. */
export interface FollowedDiverts {
  readonly nodes: readonly KnownNode[];
  readonly diverted: readonly StandIn[];
}

/**
 * Follows the diverts of these people by one hop: a divert of the target is not followed. A divert is ignored if it names the person
 * themself, the talker, or somebody who is not in the office, and if two people name each other.
 */
export function followDiverts(nodes: readonly KnownNode[], facts: DivertFacts): FollowedDiverts {
  const reached = new Map<NodeId, KnownNode>();
  const diverted: StandIn[] = [];
  for (const [person, own] of byPerson(nodes)) {
    const target = targetOf(person, facts);
    if (target === undefined) for (const node of own) reached.set(node.node, node);
    else {
      for (const node of facts.nodesOf(target)) reached.set(node.node, node);
      diverted.push({ meant: person, reached: target });
    }
  }
  return { nodes: [...reached.values()], diverted };
}

/** The person to whom this one's messages are diverted; undefined: they are not. */
export function targetOf(person: NodeId, { self, nodesOf, divertOf }: DivertFacts): NodeId | undefined {
  const target = divertOf(person);
  if (target === undefined || target === person || target === self || person === self) return undefined;
  if (divertOf(target) === person || nodesOf(target).length === 0) return undefined;
  return target;
}

/** The latest divert. Of two at the same time the end of a divert wins, otherwise the lower id, so that all nodes agree. */
export function latestDivert(said: readonly (Divert | undefined)[]): Divert | undefined {
  let latest: Divert | undefined;
  for (const one of said) if (one && (!latest || isLater(one, latest))) latest = one;
  return latest;
}

function isLater(one: Divert, other: Divert): boolean {
  if (one.at !== other.at) return one.at > other.at;
  return (one.to ?? '') < (other.to ?? '');
}

function byPerson(nodes: readonly KnownNode[]): ReadonlyMap<NodeId, readonly KnownNode[]> {
  const persons = new Map<NodeId, KnownNode[]>();
  for (const node of nodes) persons.set(node.person, [...(persons.get(node.person) ?? []), node]);
  return persons;
}
