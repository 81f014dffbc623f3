import type { Group } from '../../preload/api.ts';
import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { refusalOf, type DialledGroup } from '../directory/index.ts';
import {
  CorridorError,
  MAX_RECIPIENTS,
  type GroupNamed,
  type KnownGroup,
  type KnownNode,
  type StatementId,
} from '../model/index.ts';
import type { Office, OfficeSession, Roster } from '../office/index.ts';
import type { ProfileSettings } from './profile-fields.ts';

/** What is known of groups and their people here. */
interface GroupFacts {
  readonly session: Pick<OfficeSession, 'office'> & { readonly roster: Pick<Roster, 'directory'> };
}

export function groupWithId({ session }: GroupFacts, id: string): KnownGroup | undefined {
  return session.office?.ledger.groups.get(id as StatementId);
}

/** A group as this person dials it: whom it reaches, and whether they may talk to it. */
export function dialledGroup({ session }: GroupFacts, group: KnownGroup): DialledGroup {
  const own = session.office?.ledger.self?.person;
  const people = group.people.filter((person) => person !== own);
  return {
    group,
    nodes: people.flatMap((person) => session.roster.directory.nodesOf(person)),
    mayTalk: group.talk === 'everybody' || (own !== undefined && group.people.includes(own)),
  };
}

/** The computers that a group reaches. @throws CorridorError `group-none`, `group-members-only`, `group-empty` */
export function reachGroup(facts: GroupFacts, id: string): DialledGroup {
  const group = groupWithId(facts, id);
  if (!group) throw noGroup();
  const dialled = dialledGroup(facts, group);
  const refusal = refusalOf(dialled);
  if (refusal) throw refused(refusal);
  return dialled;
}

/** Whether this person may change the group. */
export function mayChange(ledger: Office['ledger'], { creator, change, people }: KnownGroup): boolean {
  const own = ledger.self?.person;
  if (own === undefined) return false;
  return ledger.isAdmin(ledger.node) || own === creator || (change === 'members' && people.includes(own));
}

/** @throws CorridorError `talk-too-many` where a header cannot name so many computers */
export function refuseTooMany(recipients: readonly KnownNode[]): void {
  const count = recipients.length;
  if (count <= MAX_RECIPIENTS) return;
  const sentence = `A message reaches at most ${MAX_RECIPIENTS} computers at once, and these are ${count}.`;
  throw refused(localizedText('talk-too-many', sentence, { most: MAX_RECIPIENTS, count }));
}

/** The group that a message is for, where it is for one group alone. */
export function groupOf(
  groups: readonly KnownGroup[],
  recipients: readonly KnownNode[],
): GroupNamed | undefined {
  const [group, ...others] = groups;
  if (!group || others.length > 0) return undefined;
  const members = new Set(group.people);
  const isToItAlone = recipients.every(({ person }) => members.has(person));
  return isToItAlone ? { id: group.id, name: group.name } : undefined;
}

/** What the profile remembers of a group that is talked to. Nothing of a group without a number. */
export function groupChosenAs({ id, extension }: KnownGroup): ProfileSettings['talkTo'] {
  return extension === undefined ? [] : [{ extension, group: id }];
}

/** The groups as they are shown, favourites first, then by number. */
export function groupViews(ledger: Office['ledger'], favourites: readonly StatementId[]): Group[] {
  const own = ledger.self?.person;
  const shown = [...ledger.groups.values()].map((group): Group => {
    const { id, name, extension, people, talk, change } = group;
    const isMember = own !== undefined && people.includes(own);
    return {
      ...{ id, name, extension: extension ?? null, people, talk, change, isMember },
      mayTalk: talk === 'everybody' || isMember,
      mayChange: mayChange(ledger, group),
      favourite: favourites.includes(id),
    };
  });
  return shown.sort(
    (a, b) =>
      Number(b.favourite) - Number(a.favourite) ||
      Number(a.extension ?? Infinity) - Number(b.extension ?? Infinity) ||
      (a.id < b.id ? -1 : 1),
  );
}

/** The name that the group has now; where the group is gone, the name that the talker's header gives. */
export function groupNameNow(
  ledger: Office['ledger'] | undefined,
  named: GroupNamed | undefined,
): GroupNamed | null {
  if (!named) return null;
  return { id: named.id, name: ledger?.groups.get(named.id)?.name ?? named.name };
}

export function noGroup(): CorridorError {
  return new CorridorError('group-none', 'There is no group like that, or it is gone.');
}

function refused({ sentence, phrase }: LocalizedText): CorridorError {
  return new CorridorError(phrase.code, sentence, { phrase });
}
