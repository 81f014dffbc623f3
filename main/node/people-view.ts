import type { Person } from '../../preload/api.ts';
import { targetOf, type Directory, type RosterEntry } from '../directory/index.ts';
import type { Header, NodeId } from '../model/index.ts';

/** What this person knows of people and wants from them, by the person's id. */
interface PersonalFacts {
  readonly isNew: (person: NodeId, name: string) => boolean;
  /** Percent. */
  readonly volumeOf: (person: NodeId) => number;
  /** Until when they are muted, ms since the epoch. Undefined: they are not. */
  readonly mutedUntil: (person: NodeId) => number | undefined;
  /** Their calls are answered by themselves. */
  readonly isAutoAnswered: (person: NodeId) => boolean;
}

/** People by extension, favourites first. A person with several computers is one line, and available where one of these is. */
export function people(
  directory: Directory,
  self: NodeId,
  speaking: readonly Header[],
  favourites: readonly NodeId[],
  known: PersonalFacts,
): Person[] {
  const roster = directory.roster();
  const own = roster.find(({ node }) => node === self)?.person;
  const byPerson = new Map<NodeId, RosterEntry[]>();
  for (const entry of roster) {
    if (entry.person !== own) byPerson.set(entry.person, [...(byPerson.get(entry.person) ?? []), entry]);
  }
  const list = [...byPerson].flatMap(([person, nodes]) => {
    const shown = nodes.find(({ online }) => online) ?? nodes[0];
    if (!shown) return [];
    return {
      id: person,
      name: shown.name,
      extension: shown.extension,
      presence: shown.presence,
      favourite: favourites.includes(person),
      isNew: known.isNew(person, shown.name),
      volume: known.volumeOf(person),
      mutedUntil: known.mutedUntil(person) ?? null,
      isAutoAnswered: known.isAutoAnswered(person),
      speaking: speaking.some(({ talker }) => nodes.some(({ node }) => node === talker)),
      divertedTo: divertedTo(person, own, directory),
    };
  });
  return [...list.filter(({ favourite }) => favourite), ...list.filter(({ favourite }) => !favourite)];
}

/** Who gets what is said to that person, where it is somebody else. `isMe`: this node's own person does. */
function divertedTo(person: NodeId, own: NodeId | undefined, directory: Directory): Person['divertedTo'] {
  const isMe = own !== undefined && directory.divertOf(person) === own;
  const target = targetOf(person, {
    self: isMe ? undefined : own,
    nodesOf: (of) => directory.nodesOf(of),
    divertOf: (of) => directory.divertOf(of),
  });
  const name = target === undefined ? undefined : directory.nameOfPerson(target);
  return target === undefined || name === undefined ? null : { id: target, name, isMe };
}
