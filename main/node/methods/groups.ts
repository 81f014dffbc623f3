import {
  signGroup,
  type StatementSequence,
  type GroupStatement,
  type Ledger,
  MAX_GROUP_MEMBERS,
  MAX_PEOPLE_NAMED,
  statementIdOf,
} from '../../identity/index.ts';
import { CorridorError, type KnownGroup, type NodeId, type StatementId } from '../../model/index.ts';
import { refuseReservedNumber, refuseTaken } from '../chosen-number.ts';
import { groupWithId, mayChange, noGroup } from '../groups.ts';
import {
  noPerson,
  officeOf,
  requireSetUp,
  type Checked,
  type Handlers,
  type NodeContext,
} from '../node-context.ts';
import { toggled } from '../toggled.ts';

type GroupMethod = 'groups' | 'makeGroup' | 'changeGroup' | 'endGroup' | 'setFavouriteGroup';

/** The groups of the office: statements of its ledger, which this node signs. */
export function groupMethods(node: NodeContext): Pick<Handlers, GroupMethod> {
  const { profile } = node;
  const groups = () => node.views.groups();
  const shown = (id: StatementId) => {
    const found = groups().find((group) => group.id === id);
    if (!found) throw noGroup();
    return found;
  };
  return {
    groups,
    makeGroup: async (given) => shown(await make(node, given)),
    changeGroup: async (given) => {
      const group = existing(node, given.group);
      await change(node, group, given);
      return shown(group.id);
    },
    endGroup: async ({ group: id }) => {
      const group = existing(node, id);
      requireChange(node, group);
      await say(node, [{ type: 'group-end', group: group.id }]);
      return groups();
    },
    setFavouriteGroup: async ({ group: id, favourite }) => {
      const { id: chosen } = existing(node, id);
      const { ledger } = officeOf(node);
      await profile.change(({ favouriteGroups }) => {
        const present = favouriteGroups.filter((one) => ledger.groups.has(one));
        return { favouriteGroups: toggled(present, chosen, favourite) };
      });
      node.changed();
      return groups();
    },
  };
}

async function make(node: NodeContext, given: Checked<'makeGroup'>): Promise<StatementId> {
  requireSetUp(node);
  const { ledger } = officeOf(node);
  const extension = given.extension ?? node.roster.directory.nextFreeForGroup();
  refuseNumber(node, extension);
  const people = known(node, given.people);
  refuseFull(people.length);
  const { name, talk, change: changes } = given;
  const [first = [], ...rest] = inParts(people);
  const made: GroupStatement = { type: 'group', name, extension, talk, change: changes, people: first };
  let id: StatementId | undefined;
  await carryOut(node, function* (plain) {
    const signed = signGroup(node.identity, plain, made);
    id = statementIdOf(signed);
    yield signed;
    for (const part of rest)
      yield signGroup(node.identity, plain, { type: 'group-in', group: id, people: part });
  });
  if (id === undefined || !ledger.groups.has(id)) throw groupsFull();
  return id;
}

/** Only the differences are signed, so nothing is taken back that others change at the same time. */
async function change(node: NodeContext, group: KnownGroup, given: Checked<'changeGroup'>): Promise<void> {
  const own = officeOf(node).ledger.self?.person;
  const added = known(node, given.add ?? []).filter((person) => !group.people.includes(person));
  const removed = group.people.filter((person) => given.remove?.includes(person));
  const { id } = group;
  const name = given.name === group.name ? undefined : given.name;
  const extension = given.extension === group.extension ? undefined : given.extension;
  const talk = given.talk === group.talk ? undefined : given.talk;
  const change = given.change === group.change ? undefined : given.change;
  const said: GroupStatement[] = [
    ...(name === undefined ? [] : [{ type: 'group-name', group: id, name } as const]),
    ...(extension === undefined ? [] : [{ type: 'group-number', group: id, extension } as const]),
    ...inParts(removed).map((people) => ({ type: 'group-out', group: id, people }) as const),
    ...inParts(added).map((people) => ({ type: 'group-in', group: id, people }) as const),
    // This one comes last: a person who gives a right away has signed everything else by then.
    ...(talk === undefined && change === undefined
      ? []
      : [{ type: 'group-rights', group: id, ...(talk && { talk }), ...(change && { change }) } as const]),
  ];
  // Everybody leaves a group that they are in.
  const isLeaving = said.every(({ type }) => type === 'group-out') && removed.every((one) => one === own);
  if (!isLeaving) requireChange(node, group);
  if (extension !== undefined) refuseNumber(node, extension);
  refuseFull(group.people.length - removed.length + added.length);
  await say(node, said);
}

/**
 * @throws CorridorError `groups-spent` where it does not count, since this computer has signed so many statements on groups
 * already
 */
async function say(node: NodeContext, said: readonly GroupStatement[]): Promise<void> {
  await carryOut(node, function* (plain) {
    for (const one of said) yield signGroup(node.identity, plain, one);
  });
}

async function carryOut(node: NodeContext, deed: (plain: Ledger) => StatementSequence): Promise<void> {
  const { ledger } = officeOf(node);
  const ids: StatementId[] = [];
  await ledger.carryOut(function* (plain) {
    for (const signed of deed(plain)) {
      ids.push(statementIdOf(signed));
      yield signed;
    }
  });
  if (!ids.every((id) => ledger.plain.counts(id))) throw groupsSpent();
  node.changed();
}

function existing(node: NodeContext, id: string): KnownGroup {
  officeOf(node);
  const group = groupWithId(node, id);
  if (!group) throw noGroup();
  return group;
}

/** @throws CorridorError `no-person` where one of them is not in the office */
function known(node: NodeContext, people: readonly string[]): NodeId[] {
  const { ledger } = officeOf(node);
  const chosen = [...new Set(people as readonly NodeId[])];
  if (chosen.some((person) => ledger.nodesOf(person).length === 0)) throw noPerson();
  return chosen;
}

/** As many as one statement can name. */
function inParts(people: readonly NodeId[]): readonly NodeId[][] {
  const parts: NodeId[][] = [];
  for (let at = 0; at < people.length; at += MAX_PEOPLE_NAMED)
    parts.push(people.slice(at, at + MAX_PEOPLE_NAMED));
  return parts;
}

/** @throws CorridorError `extension-reserved`, `extension-taken` */
function refuseNumber(node: NodeContext, extension: string): void {
  const free = node.roster.directory.nextFreeForGroup();
  refuseReservedNumber(node.roster, extension, free);
  refuseTaken(node, extension, free);
}

/** @throws CorridorError `group-not-yours` */
function requireChange(node: NodeContext, group: KnownGroup): void {
  if (mayChange(officeOf(node).ledger, group)) return;
  const { name } = group;
  const byMembers = group.change === 'members';
  const who = byMembers ? 'Its members, whoever made it, and admins' : 'Whoever made it, and admins,';
  throw new CorridorError('group-not-yours', `${who} change ${name}. You are none of them.`, {
    details: { name, byMembers },
  });
}

function refuseFull(count: number): void {
  if (count <= MAX_GROUP_MEMBERS) return;
  throw new CorridorError(
    'group-full',
    `A group has at most ${MAX_GROUP_MEMBERS} people, and these would be ${count}.`,
    { details: { most: MAX_GROUP_MEMBERS, count } },
  );
}

function groupsFull(): CorridorError {
  return new CorridorError(
    'groups-full',
    'There is no room for another group: an office has at most 256, and whoever is no admin makes 32 with the people they let in. End one first, or ask an admin.',
  );
}

function groupsSpent(): CorridorError {
  return new CorridorError(
    'groups-spent',
    'Groups were changed so often at this computer that the office counts no more. Change them at another computer of yours, or ask an admin.',
  );
}
