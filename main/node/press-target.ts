import type { Arguments } from '../../preload/api.ts';
import type { DialledGroup } from '../directory/index.ts';
import {
  CorridorError,
  type KnownGroup,
  type KnownNode,
  type MessageId,
  type NodeId,
} from '../model/index.ts';
import { reachedBy, type Reached } from './dial-effects.ts';
import { dialledGroup, groupWithId, reachGroup } from './groups.ts';
import { peopleOf } from './known-persons.ts';
import { requireSetUp, type NodeContext } from './node-context.ts';
import { paged, wholeOffice } from './paging.ts';
import { talkerOf } from './talker-of.ts';

/** Whom the arguments of a key press reach. @throws CorridorError where they name nobody, or contradict each other */
export function pressTarget(node: NodeContext, asked: Arguments<'talkPress'>): PressTarget {
  const { dial, reply, toAll, person, group, page, isConfirmed } = asked;
  refuseContradictions(asked);
  requireSetUp(node);
  if (page !== undefined) return paged(node, paging(node, dial), page, isConfirmed);
  if (reply !== undefined) {
    const talker = talkerOf(node, reply);
    const theirs = aloud(computersOf(node, talker));
    const isDirect = answersNow(node, talker);
    if (!toAll) return { ...theirs, isDirect };
    const all = [...theirs.recipients, ...otherRecipientsOf(node, reply as MessageId)];
    return { ...aloud(all), groups: groupAnswered(node, reply as MessageId), isDirect };
  }
  if (group !== undefined) return toGroups([reachGroup(node, group)]);
  if (dial === undefined) {
    // An answer does not change whom the talk key reaches.
    const isChoice = node.profile.settings.talkTo.length === 0;
    const isDirect = node.messages.replies.talker !== undefined;
    return { ...chosen(node), isChoice, isDirect };
  }
  const theirs = person === undefined ? undefined : node.known.reach(dial, person as NodeId);
  return theirs ? aloud(theirs) : dialled(node, dial, isConfirmed);
}

function refuseContradictions({ dial, reply, toAll, person, group, page }: Arguments<'talkPress'>): void {
  if (dial === undefined && person !== undefined)
    throw contradiction('Where a person is named, their extension is given too.');
  if (toAll && (reply === undefined || reply === 'last'))
    throw contradiction('A reply to all names the message that it answers.');
  if (group !== undefined && (dial !== undefined || reply !== undefined))
    throw contradiction('Where a group is named, nothing else is.');
  if (dial !== undefined && reply !== undefined)
    throw contradiction('Either somebody is dialled, or a message is replied to.');
  if (page !== undefined && (reply !== undefined || person !== undefined || group !== undefined))
    throw contradiction('A page goes to those who are dialled, or to everybody.');
}

function contradiction(sentence: string): CorridorError {
  return new CorridorError('bad-arguments', sentence, { phrase: null });
}

/** What a dialled string reaches; it may be a page. */
export function dialled(node: NodeContext, dial: string, isConfirmed?: boolean): Reached {
  const reached = reachedBy(node, dial);
  return reached.page ? paged(node, reached) : confirmed(reached, isConfirmed);
}

export function paging(node: NodeContext, dial: string | undefined): Reached {
  return dial === undefined ? wholeOffice(node) : reachedBy(node, dial);
}

/** An override asks the person before. @throws CorridorError `override-unconfirmed` */
function confirmed(reached: Reached, isConfirmed = false): Reached {
  const [person] = peopleOf(reached.recipients);
  if (!reached.isOverride || isConfirmed || !person) return reached;
  const { name, extension } = person;
  throw new CorridorError(
    'override-unconfirmed',
    `${name} (${extension}) hears this at once, also where they do not want to be disturbed. Confirm that you want that.`,
    { details: { name, extension } },
  );
}

const aloud = (recipients: readonly KnownNode[]): Reached => ({ recipients, isQuiet: false });

/** Whom a key press reaches. */
export type PressTarget = Reached & {
  /** The talk key reaches them from now on. */
  readonly isChoice?: boolean;
  /** It is for the people themselves, even where they are diverted: they are there. */
  readonly isDirect?: boolean;
};

/** They speak to this person, or did a moment ago. */
function answersNow({ messages, roster }: NodeContext, { person }: KnownNode): boolean {
  const { talker } = messages.replies;
  return talker !== undefined && roster.directory.get(talker)?.person === person;
}

/** The members of these groups, and the others, each once. */
function toGroups(dialled: readonly DialledGroup[], others: readonly KnownNode[] = []): Reached {
  const nodes = new Map([...dialled.flatMap(({ nodes }) => nodes), ...others].map((one) => [one.node, one]));
  return { ...aloud([...nodes.values()]), groups: dialled.map(({ group }) => group) };
}

/** The group that the message was for, where this person may talk to it. */
function groupAnswered(node: NodeContext, id: MessageId): readonly KnownGroup[] {
  const named = node.messages.kept.get(id)?.header.facts.group;
  const group = named && groupWithId(node, named.id);
  return group && dialledGroup(node, group).mayTalk ? [group] : [];
}

/** Whom the talk key reaches. @throws CorridorError `number-moved`, `nobody-chosen`, and as `reachGroup` */
function chosen(node: NodeContext): Reached {
  const { messages, roster, known, profile } = node;
  const { talker } = messages.replies;
  const speaker = talker === undefined ? undefined : roster.directory.get(talker);
  if (speaker) return aloud(known.nodesOf(speaker.person));
  const groups = known.chosenGroups.map(({ id }) => reachGroup(node, id));
  const nodes = profile.settings.talkTo.flatMap(({ extension, person, group }) => {
    if (group !== undefined) return [];
    const theirs = person === undefined ? undefined : known.reach(extension, person);
    if (theirs) return theirs;
    return roster.directory.resolve(extension).length > 0 ? reachedBy(node, extension).recipients : [];
  });
  if (groups.length > 0) return toGroups(groups, nodes);
  if (nodes.length > 0) return aloud(nodes);
  throw new CorridorError(
    'nobody-chosen',
    'Choose somebody to talk to first: a person in the list, or a number.',
  );
}

/** An answer follows the person, at whatever computer they are now. */
function computersOf({ known }: NodeContext, talker: KnownNode): readonly KnownNode[] {
  const nodes = known.nodesOf(talker.person);
  return nodes.length > 0 ? nodes : [talker];
}

/** The other recipients of a message, as far as they are still in the office. */
function otherRecipientsOf({ messages, roster }: NodeContext, id: MessageId): readonly KnownNode[] {
  const nodes = messages.kept.get(id)?.header.facts.recipients ?? [];
  const own = roster.directory.get(roster.self)?.person;
  const people = new Set(nodes.flatMap((node) => roster.directory.get(node)?.person ?? []));
  return [...people].flatMap((person) => (person === own ? [] : roster.directory.nodesOf(person)));
}
