import type { JoinRequests } from '../../../preload/api.ts';
import { noSuchRequest, showOfficeTag } from '../../identity/index.ts';
import { CorridorError, type NodeId } from '../../model/index.ts';
import type { Reception } from '../../office/index.ts';
import { refuseReserved } from '../chosen-number.ts';
import { officeOf, type Handlers, type NodeContext } from '../node-context.ts';
import { requireAdmitting } from './members.ts';

/** Asking to be let in, and letting somebody in. */
export function askingMethods(
  node: NodeContext,
): Pick<
  Handlers,
  | 'offices'
  | 'askToJoin'
  | 'answerDigits'
  | 'stopJoining'
  | 'requests'
  | 'letSomebodyIn'
  | 'compareRequest'
  | 'admitRequest'
  | 'declineRequest'
> {
  const { entry, offices, profile, session, views } = node;
  const requests = (): JoinRequests => {
    officeOf(node);
    return views.requests();
  };
  return {
    offices: () =>
      offices.list().map(({ tag, name }) => ({
        tag: showOfficeTag(Buffer.from(tag, 'hex')),
        name: name ?? null,
      })),
    askToJoin: async ({ tag, name, extension }) => {
      refuseReserved(node, extension);
      await profile.change({ name, extension: extension ?? null });
      if (await entry.ask(tag, extension)) await session.resume();
      return views.status();
    },
    answerDigits: ({ isSame }) => {
      entry.answer(isSame);
      return views.status();
    },
    stopJoining: async () => {
      await entry.cancel();
      return views.status();
    },
    requests,
    letSomebodyIn: ({ isOpen }) => {
      const book = officeOf(node).requests;
      if (isOpen) {
        requireAdmitting(node);
        book.open(node.clock.monotonic());
      } else book.close();
      node.changed();
      return requests();
    },
    compareRequest: ({ id }) => {
      requireAdmitting(node);
      receptionOf(node).compare(id as NodeId);
      return requests();
    },
    admitRequest: async ({ id, as }) => {
      if (as !== undefined) requireTheirs(node, as as NodeId);
      await receptionOf(node).admit(id as NodeId, as as NodeId | undefined);
      return requests();
    },
    declineRequest: ({ id }) => {
      receptionOf(node).decline(id as NodeId);
      return requests();
    },
  };
}

/** Where requests come in. None do while the computer changes its address. */
function receptionOf(node: NodeContext): Reception {
  officeOf(node);
  const { reception } = node.session;
  if (!reception) throw noSuchRequest();
  return reception;
}

/**
 * Every person may let in computers of their own. A person who has no computer left is let in by an admin. @throws CorridorError
 * `not-your-person`
 */
function requireTheirs(node: NodeContext, person: NodeId): void {
  const { ledger } = officeOf(node);
  const { self } = node.roster;
  const isOut = ledger.nodesOf(person).length === 0 && ledger.removalOf(person) !== undefined;
  if (ledger.personOf(self) === person || (isOut && ledger.isAdmin(self))) return;
  throw new CorridorError(
    'not-your-person',
    'Only the person adds another computer of theirs. An admin can bring back a person whose computers are all removed.',
  );
}
