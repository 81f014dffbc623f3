import { readRecoveryCode, recover, renewRecovery } from '../../identity/index.ts';
import { accountName, type NodeId } from '../../model/index.ts';
import { refuseReserved, refuseTaken } from '../chosen-number.ts';
import {
  noPerson,
  officeOf,
  requireSetUp,
  type Checked,
  type Handlers,
  type NodeContext,
} from '../node-context.ts';
import { membersOf } from '../members-view.ts';
import { isCounted, numbersSpent } from '../number-keeper.ts';
import { keptCode, withNewCode } from '../recovery-codes.ts';
import { removeFrom, requireAdmin } from './members.ts';

/** Which office this is, and who this person is in it. */
export function officeMethods(
  node: NodeContext,
): Pick<
  Handlers,
  | 'status'
  | 'setup'
  | 'accountName'
  | 'freeExtension'
  | 'setPresence'
  | 'leaveOffice'
  | 'recoveryCode'
  | 'makeRecoveryCode'
  | 'recover'
> {
  return {
    status: () => node.views.status(),
    setup: async (args) => {
      await setup(node, args);
      return node.views.status();
    },
    accountName: () => ({ name: accountName() }),
    freeExtension: ({ isForGroup }) => {
      const { directory } = node.roster;
      return { extension: isForGroup ? directory.nextFreeForGroup() : directory.nextFree() };
    },
    setPresence: async ({ presence, until }) => {
      requireSetUp(node);
      await node.presence.choose(presence, until);
      return node.views.status();
    },
    leaveOffice: async () => {
      const { ledger } = officeOf(node);
      const person = ledger.personOf(node.roster.self);
      if (person !== undefined) await removeFrom(node, ledger.nodesOf(person));
      return node.views.status();
    },
    recoveryCode: async ({ isKept }) => {
      if (isKept) await node.profile.change({ recoveryCode: null });
      return { code: keptCode(node) };
    },
    makeRecoveryCode: async () => {
      requireAdmin(node);
      const { identity } = node;
      await withNewCode(node, function* (ledger, next) {
        yield renewRecovery(ledger, identity, next);
      });
      return { code: keptCode(node) };
    },
    recover: async ({ code, lost }) => {
      await becomeAdmin(node, readRecoveryCode(code), lost as NodeId[] | undefined);
      return membersOf(officeOf(node), node.roster);
    },
  };
}

/**
 * @param named computers of the admins who are lost; left out: those of all admins who are offline now
 * @throws CorridorError `no-person` where one of them is not an admin's
 */
async function becomeAdmin(
  node: NodeContext,
  secret: Uint8Array,
  named: readonly NodeId[] | undefined,
): Promise<void> {
  const { identity, roster } = node;
  const { ledger } = officeOf(node);
  const isOther = (one: NodeId): boolean => one !== identity.nodeId;
  if (named?.some((one) => !ledger.isAdmin(one))) throw noPerson();
  const offline = [...ledger.standing.admins].filter((one) => !roster.directory.isOnline(one));
  const lost = (named ?? offline).filter(isOther);
  const isDone = (): boolean => ledger.isAdmin(identity.nodeId) && !lost.some((one) => ledger.isMember(one));
  await withNewCode(node, (plain, next) => recover(plain, identity, secret, lost, next), isDone);
}

async function setup(
  node: NodeContext,
  { office, officeName, name, extension }: Checked<'setup'>,
): Promise<void> {
  const { profile, entry } = node;
  refuseReserved(node, extension);
  if (office === undefined) {
    officeOf(node);
    const before = { name: profile.settings.name, extension: profile.settings.extension };
    // The file first: once the office knows the number, nothing may be refused any more.
    await profile.change({ name, ...(extension !== undefined ? { extension } : {}) });
    if (extension !== undefined)
      await takeNumber(node, extension).catch(async (error: unknown) => {
        await profile.note(before);
        throw error;
      });
    await show(node);
    return;
  }
  await profile.change({ name, extension: extension ?? null });
  if (office === 'new') await entry.found({ name: officeName ?? name, admit: 'members' }, extension);
  else if (await entry.join(office, extension)) await show(node);
}

/** What this node's record says has changed. */
async function show({ session }: NodeContext): Promise<void> {
  if (session.connection) session.describe();
  else await session.resume();
}

/** @throws CorridorError `extension-taken` where a colleague has it, `numbers-spent` where the statement does not count */
async function takeNumber(node: NodeContext, extension: string): Promise<void> {
  const { ledger } = officeOf(node);
  const person = ledger.self?.person;
  if (person === undefined || ledger.extensionOf(person) === extension) return;
  const { directory } = node.roster;
  refuseTaken(node, extension, directory.nextFree(), person);
  await ledger.sign('number', { person, extension });
  if (!isCounted(ledger, extension)) throw numbersSpent();
  refuseTaken(node, extension, directory.nextFree(), person);
}
