import type { Group, MemberPerson } from '../../preload/api.ts';

/** The groups with their members, one line each. Pure. */
export function describeGroups(groups: readonly Group[], people: readonly MemberPerson[]): string[] {
  if (groups.length === 0) return ['There are no groups yet. Make one: corridor groups create 600 Sales'];
  const byId = new Map(people.map((person) => [person.id, person]));
  const nameOf = (id: string): string => {
    const { name, extension } = byId.get(id) ?? {};
    return `${name ?? 'somebody not met yet'} (${extension ?? '—'})`;
  };
  return groups.flatMap((group) => {
    const { name, extension, people: members, talk, change, favourite } = group;
    const rights = [
      ...(talk === 'members' ? ['only members talk to it'] : []),
      ...(change === 'members' ? ['members change it'] : []),
    ];
    return [
      `${favourite ? '★' : ' '} ${(extension ?? '—').padEnd(7)} ${name.padEnd(24)} ${rights.join(', ')}`.trimEnd(),
      `          ${members.map(nameOf).join(', ') || 'nobody is in it yet'}`,
    ];
  });
}
