import {
  RIGHTS,
  type InvitationStatus,
  type MemberPerson,
  type Members,
  type RemovalStatus,
} from '../../preload/api.ts';
import {
  closedText,
  lacksRecoveryCode,
  officeTagOf,
  showOfficeTag,
  whyNotAdmitting,
} from '../identity/index.ts';
import { keepDaysIn, type NodeId } from '../model/index.ts';
import type { Office, Roster } from '../office/index.ts';

/** Who is in the office, and who let them in, as far as this computer knows. */
export function membersOf({ ledger, invitations }: Office, { directory, self }: Roster): Members {
  const { standing } = ledger;
  const own = ledger.personOf(self);
  const people = new Map<NodeId, readonly NodeId[]>();
  for (const { person } of standing.members.values()) people.set(person, ledger.nodesOf(person));
  const nameOf = (person: NodeId): string | null => directory.nameOfPerson(person) ?? null;
  // Any member who is online redeems a link. The person who made the link let the newcomer in, as far as that person is known.
  const makers = new Map(
    invitations
      .list()
      .flatMap(({ id, by }) => [...(standing.invited.get(id) ?? [])].map((node) => [node, by])),
  );
  const admittedBy = (node: NodeId): NodeId | undefined => {
    const admitter = makers.get(node) ?? standing.admittedBy.get(node);
    return admitter && (ledger.personOf(admitter) ?? admitter);
  };
  const answersFor = new Map<NodeId, NodeId[]>();
  for (const [person, nodes] of people) {
    const answering = nodes.flatMap((node) => [standing.members.get(node)?.sponsor, admittedBy(node)]);
    for (const one of new Set(answering)) {
      if (one === undefined || one === person) continue;
      const theirs = answersFor.get(one);
      if (theirs) theirs.push(person);
      else answersFor.set(one, [person]);
    }
  }
  const whyNot = whyNotAdmitting(standing, self);
  const shown = [...people].map(([person, nodes]): MemberPerson => {
    const admitter = admittedBy(nodes[0] ?? person);
    return {
      id: person,
      name: nameOf(person),
      extension: ledger.extensionOf(person) ?? null,
      isMe: person === own,
      isAdmin: nodes.some((node) => standing.admins.has(node)),
      rights: RIGHTS.filter((right) => standing.rights.get(person)?.includes(right)),
      isToCheck: nodes.some((node) => standing.unsettled.has(node)),
      computers: nodes.map((node) => ({
        id: node,
        name: directory.get(node)?.computer ?? null,
        online: directory.isOnline(node),
        isThis: node === self,
      })),
      since: standing.admittedAt.get(nodes[0] ?? person) ?? null,
      letInBy: admitter === undefined ? null : nameOf(admitter),
      answersFor: answersFor.get(person) ?? [],
    };
  });
  return {
    office: {
      id: ledger.id,
      name: standing.settings.get('name') ?? '',
      tag: showOfficeTag(officeTagOf(ledger.id)),
      admit: standing.settings.get('admit') === 'admins' ? 'admins' : 'members',
      announced: standing.settings.get('announced') !== 'no',
      keepDays: keepDaysIn(standing.settings) ?? null,
      isAdmin: standing.admins.has(self),
      hasRecoveryCode: !lacksRecoveryCode(ledger),
      mayAdmit: whyNot === undefined,
      isFull: whyNot === 'full',
    },
    people: shown.sort(
      (a, b) => Number(a.extension ?? Infinity) - Number(b.extension ?? Infinity) || (a.id < b.id ? -1 : 1),
    ),
    removals: removalsOf(ledger, { directory, self }),
  };
}

/** People who left by themselves are not among them: they come back when they like. */
function removalsOf(
  { standing }: Office['ledger'],
  { directory, self }: Pick<Roster, 'directory' | 'self'>,
): RemovalStatus[] {
  const living = new Set([...standing.members.values()].map(({ person }) => person));
  const others = standing.inForce.filter(({ by, nodes }) => nodes.size > 0 && !nodes.has(by));
  return others.reverse().map(({ id, by, nodes, lifters }) => {
    const people = new Map([...nodes].map(([node, person]) => [person, directory.nameOf(node) ?? null]));
    return {
      id,
      people: [...people].map(([person, name]) => ({ name, isIn: living.has(person) })),
      by: directory.nameOf(by) ?? null,
      mayTakeBack: lifters.has(self),
    };
  });
}

/** The invitations of the office: the open ones first, of these the latest first. */
export function invitationsOf(
  { ledger, invitations }: Office,
  { directory, self }: Roster,
): InvitationStatus[] {
  return invitations
    .list()
    .map(({ id, by, until, uses, used, closed, link }): InvitationStatus => {
      const why = closed === undefined ? null : closedText(closed);
      return {
        ...{ id, until, uses, used },
        isOpen: closed === undefined,
        why: why?.sentence ?? null,
        phrase: why?.phrase ?? null,
        by: directory.nameOf(by) ?? null,
        isMine: ledger.personOf(by) === ledger.personOf(self),
        isAnewOffered: closed === 'removal-since' && by === self,
        link: link ?? null,
      };
    })
    .sort((a, b) => Number(b.isOpen) - Number(a.isOpen) || b.until - a.until);
}
