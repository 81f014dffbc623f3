import type { KnownNode, NodeId } from '../model/index.ts';
import type { NodeContext } from './node-context.ts';
import { everybody } from './dial-effects.ts';
import { followed } from './diverts.ts';
import { dialledGroup, groupViews, groupWithId } from './groups.ts';

/**
 * The people whom one key press, one click or a short dialled number can reach at once, the likeliest first: everybody, groups, favourites
 * and people with a key. A page goes to those who were meant; a message follows their diverts.
 */
export function reachableSets(
  facts: Pick<NodeContext, 'session' | 'roster' | 'profile'>,
): readonly (readonly KnownNode[])[] {
  const { session, roster, profile } = facts;
  const { favourites, favouriteGroups, personKeys } = profile.settings;
  const ledger = session.office?.ledger;
  if (!ledger) return [];
  const ofGroups = groupViews(ledger, favouriteGroups).flatMap(({ id, mayTalk }) => {
    const group = groupWithId(facts, id);
    return group && mayTalk ? [dialledGroup(facts, group).nodes] : [];
  });
  const people = [...favourites, ...personKeys.flatMap(({ person }) => person ?? [])];
  const ofPeople = people.map((person) => roster.directory.nodesOf(person as NodeId));
  const meant = [everybody(facts), ...ofGroups, ...ofPeople];
  const diverted = meant
    .slice(1)
    .map((set) => followed(roster, set))
    .flatMap((one) => (one.diverted.length > 0 ? [one.nodes] : []));
  return [...meant, ...diverted].filter((set) => set.length > 0);
}
