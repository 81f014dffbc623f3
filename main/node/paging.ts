import { CorridorError, MAX_PAGED, type KnownNode, type Page } from '../model/index.ts';
import { everybody, type Reached } from './dial-effects.ts';
import { groupOf } from './groups.ts';
import { peopleOf } from './known-persons.ts';
import type { NodeContext } from './node-context.ts';

/** How a page is wanted. */
interface PageChoice {
  /** People who do not hear it find it as a message. */
  readonly keep?: boolean | undefined;
  /** It is recorded first, and sent at key up. Left out: as the person's settings say. */
  readonly record?: boolean | undefined;
  /** It is heard also by who does not want to be disturbed. */
  readonly urgent?: boolean | undefined;
}

/** A page that names nobody goes to everybody. */
export function wholeOffice(node: NodeContext): Reached {
  return { recipients: everybody(node), isQuiet: false, page: { isToAll: true } };
}

/**
 * The people who get the page, of those whom it reaches. Somebody who is offline cannot hear it, so they get it only where it is
 * kept. @throws CorridorError `page-takes-people`, `nobody-to-page`, `page-unheard`, `page-too-many`, `page-not-urgent`,
 * `urgent-unconfirmed`
 */
export function paged(
  node: NodeContext,
  reached: Reached,
  { keep = false, urgent = false, record = node.profile.settings.recordPages }: PageChoice = {},
  isConfirmed = false,
): Reached {
  if (reached.isQuiet || reached.isOverride) throw onlyPeople();
  const { directory } = node.roster;
  const recipients = keep
    ? reached.recipients
    : reached.recipients.filter((one) => directory.isOnline(one.node));
  if (recipients.length === 0) throw nobodyHears(reached.recipients);
  if (recipients.length > MAX_PAGED) {
    throw new CorridorError(
      'page-too-many',
      `A page reaches at most ${MAX_PAGED} computers, and these are ${recipients.length}. Page some of them.`,
      { details: { most: MAX_PAGED, count: recipients.length } },
    );
  }
  const page: Page = { ...(reached.page?.isToAll && { isToAll: true }), ...(keep && { isKept: true }) };
  const { groups = [] } = reached;
  if (urgent) refuseUrgent(node, { recipients, page, groups }, isConfirmed);
  const { recipients: meant } = reached;
  return { recipients, meant, isQuiet: false, page, groups, isRecorded: record, isOverride: urgent };
}

/** It takes a right, and asks before. */
function refuseUrgent(
  { session, roster }: NodeContext,
  { recipients, page, groups = [] }: Pick<Reached, 'recipients' | 'page' | 'groups'>,
  isConfirmed: boolean,
): void {
  if (!session.peers.mayOverride(roster.self)) {
    throw new CorridorError(
      'page-not-urgent',
      'You may not page urgently. It takes the right to override do not disturb: an admin gives it in Settings → Office, or by corridor grant.',
    );
  }
  if (isConfirmed) return;
  const people = peopleOf(recipients);
  const names = groupOf(groups, recipients)?.name ?? people.map(({ name }) => name).join(', ');
  const count = page?.isToAll ? people.length : null;
  const whom = count === null ? names : count === 1 ? 'The one other person' : `All ${count} people`;
  throw new CorridorError(
    'urgent-unconfirmed',
    `${whom} in the office will hear this at once, also those who are busy or do not want to be disturbed. Confirm that you want that.`,
    { details: { names: count === null ? names : null, count } },
  );
}

function onlyPeople(): CorridorError {
  return new CorridorError(
    'page-takes-people',
    'A page goes to people, or to a group: dial their extension.',
  );
}

function nobodyHears(meant: readonly KnownNode[]): CorridorError {
  if (meant.length === 0) return new CorridorError('nobody-to-page', 'Nobody else is in this office yet.');
  return new CorridorError(
    'page-unheard',
    'Nobody would hear this page: their computers are off. Keep it as a message, or talk to them.',
  );
}
