import type { Divert, KnownNode, NodeId, StandIn } from '../model/index.ts';

/** What a person diverted is looked up in. */
export interface DivertFacts {
  /** The talker: nobody's divert leads back to them. */
  readonly self: NodeId | undefined;
  /** The computers of a person; none where the office does not have them. */
  readonly nodesOf: (person: NodeId) => readonly KnownNode[];
  /** Whom that person chose in their place; undefined: nobody. */
  readonly divertOf: (person: NodeId) => NodeId | undefined;
}

/** Whom a message reaches once diverts are followed. */
export interface Followed {
  readonly nodes: readonly KnownNode[];
  readonly diverted: readonly StandIn[];
}

/**
 * Follows the diverts of these people by one hop: what the target diverted is not followed. A divert leads nowhere, and the person
 * is talked to themself, where it names themself, the talker, somebody whom the office does not have, or two who name each other.
 */
export function followDiverts(nodes: readonly KnownNode[], facts: DivertFacts): Followed {
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

/** The person who has this one's messages; undefined: they have them themself. */
export function targetOf(person: NodeId, { self, nodesOf, divertOf }: DivertFacts): NodeId | undefined {
  const target = divertOf(person);
  if (target === undefined || target === person || target === self || person === self) return undefined;
  if (divertOf(target) === person || nodesOf(target).length === 0) return undefined;
  return target;
}

/** What a person's computers say together: the latest. Of two of one moment the end counts, else the lower id, so that all agree. */
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
