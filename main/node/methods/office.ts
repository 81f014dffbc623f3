import { Directory } from '../../directory/index.ts';
import { createOffice, joinLink, parseJoinLink, type Office } from '../../identity/index.ts';
import { CorridorError } from '../../model/index.ts';
import { YIELDING } from '../../office/index.ts';
import { officeOf, requireSetUp, type Checked, type Handlers, type NodeContext } from '../node-context.ts';

/** How long joining waits to learn a free extension; it may change later where nobody is met within this time. */
const EXTENSION_WITHIN_MS = 1000;

/** Which office this is, and who one is in it. */
export function officeMethods(
  node: NodeContext,
): Pick<Handlers, 'status' | 'setup' | 'joinLink' | 'freeExtension' | 'setPresence'> {
  return {
    status: () => node.views.status(),
    setup: async (args) => {
      await setup(node, args);
      return node.views.status();
    },
    joinLink: () => ({ link: joinLink(officeOf(node).key) }),
    freeExtension: () => ({ extension: node.roster.directory.nextFree() }),
    setPresence: async ({ presence, until }) => {
      requireSetUp(node);
      await node.presence.choose(presence, until);
      return node.views.status();
    },
  };
}

async function setup(node: NodeContext, { office, name, extension }: Checked<'setup'>): Promise<void> {
  const next = officeFor(node, office);
  // Who has a number in another office is known only in there.
  const isOther = next !== node.session.office;
  if (extension === undefined) {
    const found = isOther || node.profile.settings.extension === null;
    await node.profile.change({ name, ...(found ? findExtension(node, office) : {}) });
    await node.session.enter(next);
    await node.session.connection?.extension.found(EXTENSION_WITHIN_MS);
    return;
  }
  const { directory, self } = node.roster;
  if (!isOther && !directory.isFree(extension, self)) {
    const [record] = directory.resolve(extension);
    const holder = record?.name ?? null;
    const free = directory.nextFree();
    throw new CorridorError(
      'extension-taken',
      `Extension ${extension} belongs to ${holder ?? 'somebody else'} already. ${free} is free.`,
      { details: { extension, holder, free } },
    );
  }
  const isNewClaim =
    isOther || node.session.record.isYielding || extension !== node.profile.settings.extension;
  await node.profile.change({ name, extension, ...(isNewClaim ? { claimedAt: Date.now() } : {}) });
  await node.session.enter(next);
}

/** The lowest one; in an office that is joined it gives way until its people are known. */
function findExtension(node: NodeContext, office: string | undefined) {
  const directory = office === undefined ? node.roster.directory : new Directory();
  return { extension: directory.nextFree(), claimedAt: office === 'new' ? Date.now() : YIELDING };
}

function officeFor(node: NodeContext, office: string | undefined): Office {
  if (office === undefined) return officeOf(node);
  if (office === 'new') return createOffice();
  const key = parseJoinLink(office);
  return node.session.office && Buffer.from(key).equals(node.session.office.key)
    ? node.session.office
    : { key };
}
