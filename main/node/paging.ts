import { CorridorError, MAX_PAGED, type KnownNode, type Page } from '../model/index.ts';
import { everybody, type Reached } from './dial-effects.ts';
import type { NodeContext } from './node-context.ts';

/** How a page is wanted. */
export interface PageChoice {
  /** Whoever does not hear it finds it as a message. */
  readonly keep?: boolean | undefined;
  /** It is recorded first, and sent at key up. Left out: as the person's settings say. */
  readonly record?: boolean | undefined;
}

/** A page that names nobody goes to everybody. */
export function wholeOffice(node: NodeContext): Reached {
  return { recipients: everybody(node), isQuiet: false, page: { isToAll: true } };
}

/**
 * The people who get the page, of those whom it reaches. Somebody who is offline cannot hear it, so they get it only where it is
 * kept. @throws CorridorError `page-takes-people`, `nobody-to-page`, `page-unheard`, `page-too-many`
 */
export function paged(
  node: NodeContext,
  reached: Reached,
  { keep = false, record = node.profile.settings.recordPages }: PageChoice = {},
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
  return { recipients, isQuiet: false, page, groups, isRecorded: record };
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
