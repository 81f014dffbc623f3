import type { InvitationStatus } from '../../../preload/api.ts';
import { CorridorError, KEEP_DAYS_KEY, type NodeId } from '../../model/index.ts';
import {
  adminsOnly,
  removeComputers,
  SECRET_BYTES,
  signRule,
  vouchFor,
  whyNotAdmitting,
  type StatementSequence,
  type InvitationId,
  type Ledger,
  type StatementId,
} from '../../identity/index.ts';
import { invitationsOf, membersOf } from '../members-view.ts';
import { noPerson, officeOf, type Handlers, type NodeContext } from '../node-context.ts';
import { withNewCode } from '../recovery-codes.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Who is in the office, and who may come in. */
export function memberMethods(
  node: NodeContext,
): Pick<
  Handlers,
  | 'joinLink'
  | 'members'
  | 'invitations'
  | 'invite'
  | 'inviteAnew'
  | 'withdrawInvitation'
  | 'makeAdmin'
  | 'vouch'
  | 'setRight'
  | 'removeMembers'
  | 'takeBack'
  | 'setOffice'
> {
  const members = () => membersOf(officeOf(node), node.roster);
  const invitations = () => invitationsOf(officeOf(node), node.roster);
  const madeWith = (link: string): InvitationStatus => {
    const made = invitations().find((one) => one.link === link);
    if (!made) throw new Error('an invitation was made and is not there');
    return made;
  };
  return {
    members,
    invitations,
    joinLink: async () => {
      requireAdmitting(node);
      const open = invitations().find(({ isOpen, link }) => isOpen && link !== null);
      return { link: open?.link ?? (await officeOf(node).invitations.make({})) };
    },
    invite: async ({ days, uses }) => {
      requireAdmitting(node);
      return madeWith(await officeOf(node).invitations.make({ spanMs: days * DAY_MS, uses }));
    },
    inviteAnew: async ({ id }) => {
      requireAdmitting(node);
      const isTheirs = invitations().some((one) => one.id === id && one.isAnewOffered);
      const link = isTheirs ? await officeOf(node).invitations.makeAnew(id as InvitationId) : undefined;
      if (link === undefined) throw noInvitation();
      return madeWith(link);
    },
    withdrawInvitation: async ({ id }) => {
      if (!(await officeOf(node).invitations.withdraw(id as InvitationId))) throw noInvitation();
      return invitations();
    },
    makeAdmin: async ({ person }) => {
      requireAdmin(node);
      const { ledger } = officeOf(node);
      const nodes = ledger.nodesOf(person as NodeId).filter((one) => !ledger.isAdmin(one));
      if (ledger.nodesOf(person as NodeId).length === 0) throw noPerson();
      await ledger.carryOut(function* (plain) {
        for (const one of nodes) yield signRule(node.identity, plain, 'admin', { node: one });
      });
      return members();
    },
    setRight: async ({ person, right, isGiven }) => {
      requireAdmin(node);
      const { ledger } = officeOf(node);
      const id = person as NodeId;
      if (ledger.nodesOf(id).length === 0) throw noPerson();
      const before = ledger.standing.rights.get(id) ?? [];
      const others = before.filter((one) => one !== right);
      if (before.includes(right) !== isGiven)
        await ledger.sign('right', { person: id, rights: isGiven ? [...others, right] : others });
      return members();
    },
    vouch: async ({ person }) => {
      requireAdmin(node);
      const { ledger } = officeOf(node);
      if (ledger.nodesOf(person as NodeId).length === 0) throw noPerson();
      await ledger.carryOut((plain) => vouchFor(plain, node.identity, person as NodeId));
      return members();
    },
    removeMembers: async ({ nodes }) => {
      const { ledger } = officeOf(node);
      const named = nodes as NodeId[];
      if (!named.every((one) => ledger.isMember(one))) throw noPerson();
      await removeFrom(node, named);
      return members();
    },
    takeBack: async ({ removal }) => {
      requireAdmin(node);
      const { ledger } = officeOf(node);
      const found = ledger.standing.inForce.find(({ id }) => id === (removal as StatementId));
      if (!found)
        throw new CorridorError('no-such-removal', 'There is no removal like that, or it was taken back.');
      if (!found.lifters.has(node.roster.self))
        throw new CorridorError(
          'not-your-removal',
          'A removal is taken back by whoever signed it, or by somebody who is an admin for longer.',
        );
      await ledger.sign('restore', { removal: found.id });
      return members();
    },
    setOffice: async ({ name, admit, announced, keepDays }) => {
      requireAdmin(node);
      const { ledger } = officeOf(node);
      const changes = {
        name,
        admit,
        announced: announced === undefined ? undefined : announced ? 'yes' : 'no',
        [KEEP_DAYS_KEY]: keepDays === undefined ? undefined : String(keepDays ?? ''),
      };
      await ledger.carryOut(function* (plain) {
        for (const [key, value] of Object.entries(changes))
          if (value !== undefined && (ledger.standing.settings.get(key) ?? '') !== value)
            yield signRule(node.identity, plain, 'setting', { key, value });
      });
      return members();
    },
  };
}

/** @throws CorridorError `last-admin`, or `admins-only` */
export async function removeFrom(node: NodeContext, nodes: readonly NodeId[]): Promise<void> {
  const { identity, random } = node;
  const { ledger } = officeOf(node);
  const isNewCodeDue =
    ledger.isAdmin(identity.nodeId) &&
    nodes.some((one) => ledger.isAdmin(one)) &&
    !nodes.includes(identity.nodeId);
  const deed = (plain: Ledger, next: Uint8Array): StatementSequence =>
    removeComputers(plain, identity, nodes, next);
  if (isNewCodeDue) {
    const isDone = (): boolean => !nodes.some((one) => ledger.isMember(one));
    await withNewCode(node, deed, isDone);
  } else await ledger.carryOut((plain) => deed(plain, random.bytes(SECRET_BYTES)));
}

/** @throws CorridorError `admins-only` */
export function requireAdmin(node: NodeContext): void {
  if (!officeOf(node).ledger.isAdmin(node.roster.self)) throw adminsOnly();
}

/** @throws CorridorError `let-in-most`, `not-admitting` */
export function requireAdmitting(node: NodeContext): void {
  const { ledger } = officeOf(node);
  switch (whyNotAdmitting(ledger.standing, node.roster.self)) {
    case undefined:
      return;
    case 'full':
      throw new CorridorError(
        'let-in-most',
        'You have let in 64 people, the most that one member may. Ask an admin.',
      );
    default:
      throw new CorridorError('not-admitting', 'In this office only admins let people in. Ask one of them.');
  }
}

function noInvitation(): CorridorError {
  return new CorridorError(
    'no-such-invitation',
    'There is no invitation like that which you may withdraw or make anew.',
  );
}
