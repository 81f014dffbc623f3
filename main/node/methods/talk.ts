import type { Result } from '../../../preload/api.ts';
import { readWav } from '../../../native-audio/index.ts';
import type { DialledGroup } from '../../directory/index.ts';
import {
  CorridorError,
  type KnownGroup,
  type MessageId,
  type NodeId,
  type KnownNode,
} from '../../model/index.ts';
import { choiceOf, peopleThemselves, reachedBy, type Reached } from '../dial-effects.ts';
import { followed, labelsOf } from '../diverts.ts';
import { dialledGroup, groupOf, groupWithId, reachGroup, refuseTooMany } from '../groups.ts';
import { peopleOf } from '../known-persons.ts';
import { paged, wholeOffice } from '../paging.ts';
import { requireSetUp, type Handlers, type NodeContext } from '../node-context.ts';
import { noDevice } from '../sound.ts';
import { talkerOf } from '../talker-of.ts';

/** Key down and key up. */
export function talkMethods(
  node: NodeContext,
): Pick<Handlers, 'talkPress' | 'talkRelease' | 'talkRecording'> {
  return {
    talkPress: ({ dial, reply, toAll, person, group, page, isConfirmed }) => {
      if (dial === undefined && person !== undefined) {
        throw new CorridorError('bad-arguments', 'Whoever names a person says their extension too.', {
          phrase: null,
        });
      }
      if (toAll && (reply === undefined || reply === 'last')) {
        throw new CorridorError('bad-arguments', 'Whoever replies to all says to which message.', {
          phrase: null,
        });
      }
      if (group !== undefined && (dial !== undefined || reply !== undefined)) {
        throw new CorridorError('bad-arguments', 'Whoever names a group names nothing else.', {
          phrase: null,
        });
      }
      if (dial !== undefined && reply !== undefined) {
        throw new CorridorError('bad-arguments', 'Either somebody is dialled, or a message is replied to.', {
          phrase: null,
        });
      }
      if (page !== undefined && (reply !== undefined || person !== undefined || group !== undefined)) {
        throw new CorridorError('bad-arguments', 'A page goes to those who are dialled, or to everybody.', {
          phrase: null,
        });
      }
      requireSetUp(node);
      if (page !== undefined) return talk(node, paged(node, paging(node, dial), page, isConfirmed));
      if (reply !== undefined) {
        const talker = talkerOf(node, reply);
        const theirs = aloud(computersOf(node, talker));
        const isDirect = answersNow(node, talker);
        if (!toAll) return talk(node, { ...theirs, isDirect });
        const all = [...theirs.recipients, ...otherRecipientsOf(node, reply as MessageId)];
        return talk(node, { ...aloud(all), groups: groupAnswered(node, reply as MessageId), isDirect });
      }
      if (group !== undefined) return talk(node, toGroups([reachGroup(node, group)]));
      if (dial === undefined) {
        // An answer does not change whom the talk key reaches.
        const isChoice = node.profile.settings.talkTo.length === 0;
        const isDirect = node.messages.replies.talker !== undefined;
        return talk(node, { ...chosen(node), isChoice, isDirect });
      }
      const theirs = person === undefined ? undefined : node.known.reach(dial, person as NodeId);
      return talk(node, theirs ? aloud(theirs) : dialled(node, dial, isConfirmed));
    },
    talkRelease: () => ({ id: node.messages.outgoing.release() ?? null }),
    talkRecording: ({ dial, page, wavBase64, isConfirmed }) => {
      const pcm = readWav(Buffer.from(wavBase64, 'base64'));
      const target =
        dial === undefined || page !== undefined
          ? paged(node, paging(node, dial), page, isConfirmed)
          : dialled(node, dial, isConfirmed);
      const { id } = talk(node, target, pcm);
      return { id, durationMs: Math.round(pcm.length / 48) };
    },
  };
}

/** What a dialled string reaches; it may be a page. */
function dialled(node: NodeContext, dial: string, isConfirmed?: boolean): Reached {
  const reached = reachedBy(node, dial);
  return reached.page ? paged(node, reached) : confirmed(reached, isConfirmed);
}

function paging(node: NodeContext, dial: string | undefined): Reached {
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
type PressTarget = Reached & {
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

function talk(
  node: NodeContext,
  {
    recipients: dialled,
    isQuiet,
    groups = [],
    isOverride = false,
    page,
    isRecorded = false,
    isChoice = !isQuiet && !isOverride && !page,
    // A page is for anybody who sits at the computer, and an override is for the person whom the question named: both ignore
    // diverts.
    isDirect = isQuiet || isOverride || page !== undefined,
  }: PressTarget,
  pcm?: Int16Array,
): Result<'talkPress'> {
  const { extension: from } = requireSetUp(node);
  const { microphone } = node.sound.state;
  if (!pcm && (microphone.state === 'missing' || microphone.state === 'failed')) {
    throw noDevice('no-microphone', microphone);
  }
  refuseTooMany(dialled);
  const group = groupOf(groups, dialled);
  const to = (group && groups[0]?.extension) ?? dialled[0]?.extension ?? '';
  const reached = isDirect ? { nodes: dialled, diverted: [] } : followed(node.roster, dialled);
  const { nodes: recipients, diverted } = reached;
  const how = {
    diverted,
    ...(isQuiet && { isQuiet }),
    ...(isOverride && { isOverride }),
    ...(isDirect && { isDirect }),
    ...(group && { group }),
    ...(page && { page }),
  };
  const addressing = { recipients, from, to, ...how };
  const { outgoing } = node.messages;
  const begun = isRecorded && !pcm ? outgoing.record(addressing) : outgoing.press(addressing, pcm);
  node.troubles.set('microphone', undefined);
  // A person whose extension somebody else has by now is reached by reply only.
  const isReached = ({ extension, person }: KnownNode): boolean =>
    node.roster.directory.resolve(extension)[0]?.person === person;
  const themselves = peopleThemselves({ recipients: dialled, groups });
  const choice = choiceOf({ recipients: dialled, groups });
  if (isChoice && choice.length > 0 && themselves.every(isReached))
    void node.profile.note({ talkTo: choice });
  // A page answers nobody, and does not teach by which names the person knows people.
  if (!page) {
    node.messages.replies.talked(recipients.map((recipient) => recipient.node));
    // A person who talks to a group need not look who is in it.
    for (const { person } of themselves) node.known.know(person);
  }
  return {
    ...{ id: begun.id, to: begun.to, names: labelsOf(reached, node.roster.directory) },
    group: group?.name ?? null,
  };
}
