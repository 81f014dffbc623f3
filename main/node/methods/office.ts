import type { PresenceChoice } from '../../../preload/api.ts';
import { Directory } from '../../directory/index.ts';
import { createOffice, joinLink, parseJoinLink, type Office } from '../../identity/index.ts';
import { CorridorError, schedule } from '../../model/index.ts';
import { memberOf, officeOf, type Checked, type Handlers, type NodeContext } from '../node-context.ts';
import { PresenceExpiry } from '../presence-expiry.ts';
import { YIELDING } from '../roster.ts';

/** How long who joins waits for the extension that is free there; it may change later where nobody is met within this. */
const EXTENSION_WITHIN_MS = 1000;

/** Which office this is, and who one is in it. */
export function officeMethods(
  node: NodeContext,
): Pick<Handlers, 'status' | 'setup' | 'joinLink' | 'freeExtension' | 'setPresence'> {
  /** Also on a full disk one can be left alone; that it is not saved is then a trouble in the status. */
  const choose = async (presence: PresenceChoice, presenceUntil: number | null): Promise<void> => {
    const noted = node.profile.note({ presence, presenceUntil });
    node.membership?.describe();
    node.changed();
    await noted;
  };
  const expiry = new PresenceExpiry({ now: Date.now, schedule, ended: () => void choose('available', null) });
  expiry.set(node.profile.settings.presenceUntil);
  node.onClose(() => expiry.set(null));
  return {
    status: () => node.status(),
    setup: async (args) => {
      await setup(node, args);
      return node.status();
    },
    joinLink: () => ({ link: joinLink(officeOf(node).key) }),
    freeExtension: () => ({ extension: node.roster.directory.nextFree() }),
    setPresence: async ({ presence, until }) => {
      memberOf(node);
      // Available for a time would become available: there is nothing to wait for.
      const ends = presence === 'available' ? null : (until ?? null);
      if (ends !== null && ends <= Date.now()) {
        throw new CorridorError('time-past', 'That time is past already. Choose a later one.');
      }
      expiry.set(ends);
      await choose(presence, ends);
      return node.status();
    },
  };
}

async function setup(node: NodeContext, { office, name, extension }: Checked<'setup'>): Promise<void> {
  const next = officeFor(node, office);
  // Who has a number in another office is known only in there.
  const isOther = next !== node.office;
  if (extension === undefined) {
    const found = isOther || node.profile.settings.extension === null;
    await node.profile.change({ name, ...(found ? findExtension(node, office) : {}) });
    await node.attendance.enter(next);
    await node.membership?.extension.found(EXTENSION_WITHIN_MS);
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
  const isNewClaim = isOther || node.roster.isYielding || extension !== node.profile.settings.extension;
  await node.profile.change({ name, extension, ...(isNewClaim ? { claimedAt: Date.now() } : {}) });
  await node.attendance.enter(next);
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
  return node.office && Buffer.from(key).equals(node.office.key) ? node.office : { key };
}
