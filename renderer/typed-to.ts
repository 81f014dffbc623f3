import type { Arguments, Status } from '../preload/api.ts';

type Reached = Pick<NonNullable<Status['talkTo']>, 'people' | 'groups' | 'extension'>;

/**
 * The address of words that were begun while the talk key reached some people: they go to the same people, whomever the talk key reaches by
 * now. Pure.
 */
export function typedTo(begun: Reached, now: Reached | null): Arguments<'talkPress'> {
  if (now && isSame(begun.people, now.people) && isSame(begun.groups, now.groups)) return {};
  const { people, groups, extension } = begun;
  const [person] = people;
  const [group] = groups;
  if (people.length + groups.length !== 1) return { dial: extension };
  return group === undefined ? { dial: extension, person } : { group };
}

/** The same ids, in any order. */
function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id) => others.includes(id));
}
