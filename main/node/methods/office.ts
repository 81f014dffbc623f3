import type { PresenceChoice } from '../../../preload/api.ts';
import { Directory } from '../../directory/index.ts';
import { createOffice, joinLink, parseJoinLink, type Office } from '../../identity/index.ts';
import { CorridorError, schedule, tomorrowMorning } from '../../model/index.ts';
import { YIELDING } from '../../office/index.ts';
import { officeOf, requireSetUp, type Checked, type Handlers, type NodeContext } from '../node-context.ts';
import { PresenceExpiry } from '../presence-expiry.ts';

/** How long joining waits to learn a free extension; it may change later where nobody is met within this time. */
const EXTENSION_WITHIN_MS = 1000;

/** Which office this is, and who one is in it. */
export function officeMethods(
  node: NodeContext,
): Pick<Handlers, 'status' | 'setup' | 'joinLink' | 'freeExtension' | 'setPresence'> {
  /** Also on a full disk a person can ask to be left alone; that it is not saved is then a trouble in the status. */
  const choose = async (presence: PresenceChoice, presenceUntil: number | null): Promise<void> => {
    const noted = node.profile.note({ presence, presenceUntil });
    node.session.describe();
    node.changed();
    await noted;
  };
  const expiry = new PresenceExpiry({ now: Date.now, schedule, ended: () => void choose('available', null) });
  expiry.set(node.profile.settings.presenceUntil);
  node.onClose(() => expiry.set(null));
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
      // Available for a time would become available: there is nothing to wait for.
      const ends = presence === 'available' ? null : endOf(until);
      if (ends !== null && ends <= Date.now()) {
        throw new CorridorError('time-past', 'That time is past already. Choose a later one.');
      }
      await choose(presence, ends);
      expiry.set(ends);
      return node.views.status();
    },
  };
}

/** When a presence ends, ms since the epoch; null: not by itself. */
function endOf(until: Checked<'setPresence'>['until']): number | null {
  return until === 'tomorrow' ? tomorrowMorning(Date.now()) : (until ?? null);
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
