import { createOffice, joinLink, parseJoinLink, type Office } from '../../identity/index.ts';
import { CorridorError } from '../../model/index.ts';
import { memberOf, officeOf, type Checked, type Handlers, type NodeContext } from '../node-context.ts';

/** Which office this is, and who one is in it. */
export function officeMethods(
  node: NodeContext,
): Pick<Handlers, 'status' | 'setup' | 'joinLink' | 'freeExtension' | 'setPresence'> {
  return {
    status: () => node.status(),
    setup: async (args) => {
      await setup(node, args);
      return node.status();
    },
    joinLink: () => ({ link: joinLink(officeOf(node).key) }),
    freeExtension: () => ({ extension: node.roster.directory.nextFree() }),
    setPresence: ({ presence }) => {
      const member = memberOf(node);
      void node.profile.change({ presence });
      member.describe();
      return node.status();
    },
  };
}

async function setup(node: NodeContext, { office, name, extension }: Checked<'setup'>): Promise<void> {
  const { directory, self } = node.roster;
  const next = officeFor(node, office);
  if (!directory.isFree(extension, self)) {
    const [holder] = directory.resolve(extension);
    throw new CorridorError(
      'extension-taken',
      `Extension ${extension} belongs to ${holder?.name ?? 'somebody else'} already. ${directory.nextFree()} is free.`,
    );
  }
  const isNewClaim = extension !== node.profile.settings.extension;
  await node.profile.change({ name, extension, ...(isNewClaim ? { claimedAt: Date.now() } : {}) });
  await node.enter(next);
}

function officeFor(node: NodeContext, office: string | undefined): Office {
  if (office === undefined) return officeOf(node);
  if (office === 'new') return createOffice();
  const key = parseJoinLink(office);
  return node.office && Buffer.from(key).equals(node.office.key) ? node.office : { key };
}
