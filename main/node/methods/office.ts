import { readRecoveryCode, recover, SECRET_BYTES } from '../../identity/index.ts';
import { CorridorError, type NodeId } from '../../model/index.ts';
import { officeOf, requireSetUp, type Checked, type Handlers, type NodeContext } from '../node-context.ts';
import { membersOf } from '../members-view.ts';
import { isCounted, numbersSpent } from '../number-keeper.ts';
import { noteRecoveryCode, removeFrom } from './members.ts';

/** Which office this is, and who one is in it. */
export function officeMethods(
  node: NodeContext,
): Pick<
  Handlers,
  'status' | 'setup' | 'freeExtension' | 'setPresence' | 'leaveOffice' | 'recoveryCode' | 'recover'
> {
  return {
    status: () => node.views.status(),
    setup: async (args) => {
      await setup(node, args);
      return node.views.status();
    },
    freeExtension: () => ({ extension: node.roster.directory.nextFree() }),
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
      const { recoveryCode } = node.profile.settings;
      if (isKept) await node.profile.change({ recoveryCode: null });
      return { code: isKept ? null : recoveryCode };
    },
    recover: async ({ code }) => {
      const secret = readRecoveryCode(code);
      const office = officeOf(node);
      const lost = [...office.ledger.standing.admins];
      const next = node.random.bytes(SECRET_BYTES);
      await office.ledger.carryOut((ledger) => recover(ledger, node.identity, secret, lost, next));
      await noteRecoveryCode(node, next);
      return membersOf(office, node.roster);
    },
  };
}

async function setup(
  node: NodeContext,
  { office, officeName, name, extension }: Checked<'setup'>,
): Promise<void> {
  const { profile, entry } = node;
  if (office === undefined) {
    officeOf(node);
    if (extension !== undefined) await takeNumber(node, extension);
    await profile.change({ name, ...(extension !== undefined ? { extension } : {}) });
    await show(node);
    return;
  }
  await profile.change({ name, extension: extension ?? null });
  if (office === 'new') await entry.found(officeName ?? name, extension);
  else if (await entry.join(office, extension)) await show(node);
}

/** What this node says of itself has changed. */
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
  const refuseTaken = (holder: NodeId | undefined): void => {
    if (holder === undefined || holder === person) return;
    const name = directory.nameOfPerson(holder) ?? null;
    const free = directory.nextFree();
    throw new CorridorError(
      'extension-taken',
      `Extension ${extension} belongs to ${name ?? 'somebody else'} already. ${free} is free.`,
      { details: { extension, holder: name, free } },
    );
  };
  refuseTaken(ledger.holderOf(extension));
  await ledger.sign('number', { person, extension });
  if (!isCounted(ledger, extension)) throw numbersSpent();
  refuseTaken(ledger.holderOf(extension));
}
