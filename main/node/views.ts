import type {
  MessageSummary,
  PageStatus,
  PlaybackStatus,
  RecipientStatus,
  TalkStatus,
  TranscriptStatus,
} from '../../preload/api.ts';
import type { Directory } from '../directory/index.ts';
import { isOverride, type OngoingTalk, type Playback } from '../messages/index.ts';
import { FRAME_MS, isAlone, type Header, type NodeId, type Page } from '../model/index.ts';
import { arrivalOf, isBrokenOff, readersOf, spokenAtOf, type StoredMessage } from '../store/index.ts';
import { labelOf } from './diverts.ts';
import { keyWanted } from './key-wanted.ts';
import { nameOf, recipientsOf, type RecipientFacts } from './recipient-views.ts';

/** Makes views out of the node's facts. Pure: it shows nothing that is not known. */

/** What is known of a message besides what is kept. */
interface MessageFacts {
  /** It is being spoken at this moment. */
  readonly isSpoken: boolean;
  readonly soundsLive: boolean;
  /** On how many other computers it is. */
  readonly copies: number;
  /** The words that were typed; null: none, or they are not open yet. */
  readonly text: string | null;
  readonly transcript: TranscriptStatus | null;
}

export function messageSummary(
  message: StoredMessage,
  directory: Directory,
  { isSpoken, soundsLive, copies, text, transcript }: MessageFacts,
  known: RecipientFacts,
): MessageSummary {
  const header = message.header.facts;
  const isOut = message.roles.mine === 'talker';
  const manifest = message.manifest?.facts;
  const { place, at } = arrivalOf(message);
  const isUnended = manifest === undefined && !isAlone(header);
  const isOver = isOut ? !isSpoken : isBrokenOff(message);
  const group = known.groupNow(header.group);
  const overrides = isOverride(known, header);
  const recipients = isOut ? recipientsOf(readersOf(message).recipients, message, directory, known) : [];
  return {
    id: message.id,
    direction: isOut ? 'out' : 'in',
    name: isOut
      ? (group?.name ?? recipients.map(({ name }) => name).join(', '))
      : nameOf(header.talker, directory),
    extension: extensionOf(message, recipients),
    group,
    others: isOut ? [] : othersOf(header, directory, known),
    startedAt: spokenAtOf(message),
    arrivedAt: at,
    place,
    durationMs: manifest?.durationMs ?? message.held * FRAME_MS,
    live: isUnended && isSpoken && !isOver,
    isBrokenOff: isUnended && isOver,
    soundsLive,
    complete: message.state === 'complete',
    heard: isOut || message.local.heard !== undefined,
    number: message.local.number ?? '',
    storedOn: copies,
    recipients,
    forwardedFrom: header.forwardedFrom ?? null,
    page: pageStatus(header.page, overrides),
    meantFor: isOut ? null : meantFor(header, directory, known),
    handedTo: isOut ? null : handedOnTo(message, directory),
    isOverride: overrides,
    words: wordsView(header, text),
    transcript,
    endsAt: endOf(message),
    keyWanted: keyWanted(message, (node) => nameOf(node, directory), known),
  };
}

/** When it will wait no longer for recipients who have been away for long. */
function endOf({ roles, local: { ending } }: StoredMessage): number | null {
  return roles.mine === 'talker' && ending && ending.endedAt === undefined ? ending.endsAt : null;
}

function wordsView({ words }: Header, text: string | null): MessageSummary['words'] {
  return words ? { text, language: words.language ?? null, isAlone: words.isAlone === true } : null;
}

/** The person whom it was for, where this person stands in. */
function meantFor(
  { diverted = [] }: Header,
  directory: Directory,
  { isSelf }: RecipientFacts,
): MessageSummary['meantFor'] {
  const names = diverted.flatMap(({ meant, reached }) =>
    isSelf(reached) ? (directory.nameOfPerson(meant) ?? 'Somebody unknown') : [],
  );
  return names.length === 0 ? null : names.join(', ');
}

function handedOnTo({ local }: StoredMessage, directory: Directory): MessageSummary['handedTo'] {
  const { handTo, passedOn = [] } = local;
  if (handTo === undefined || !passedOn.includes(handTo)) return null;
  return directory.nameOfPerson(handTo) ?? 'Somebody unknown';
}

function pageStatus(page: Page | undefined, isUrgent: boolean): PageStatus | null {
  return page ? { isToAll: page.isToAll === true, isKept: page.isKept === true, isUrgent } : null;
}

function talkPage({ page, isRecording, isOverride }: OngoingTalk): TalkStatus['page'] {
  const status = pageStatus(page, isOverride);
  return status && { ...status, isRecording };
}

/** The other person's number as it was dialled; where there are several, their numbers of now. */
function extensionOf({ header, roles }: StoredMessage, recipients: readonly RecipientStatus[]): string {
  if (roles.mine !== 'talker') return header.facts.from;
  if (header.facts.group) return header.facts.to;
  return recipients.length > 1 ? recipients.map(({ extension }) => extension).join(',') : header.facts.to;
}

/** The recipients of an incoming message besides this person. */
function othersOf(
  { recipients }: Header,
  directory: Directory,
  { personOf, isSelf }: RecipientFacts,
): MessageSummary['others'] {
  const names = new Map<NodeId, string>();
  for (const node of recipients) if (!isSelf(node)) names.set(personOf(node), nameOf(node, directory));
  return [...names].map(([id, name]) => ({ id, name }));
}

export function talkStatus(
  talk: OngoingTalk,
  message: StoredMessage | undefined,
  directory: Directory,
  known: RecipientFacts,
): TalkStatus {
  return {
    id: talk.id,
    pressed: talk.pressed,
    to: talk.to,
    group: known.groupNow(talk.group),
    page: talkPage(talk),
    isSilent: talk.isSilent,
    startedAt: talk.startedAt,
    recipients: message
      ? recipientsOf(
          talk.recipients.map(({ node }) => node),
          message,
          directory,
          known,
        )
      : [...new Map(talk.recipients.map((one) => [one.person, one])).values()].map(
          ({ person, name, extension }) => ({
            ...{ id: person, name: labelOf(person, name, talk.diverted, directory), extension },
            ...{
              state: 'waiting',
              handedTo: null,
              waitsFor: null,
              isNotified: false,
              isPart: false,
              at: null,
            },
          }),
        ),
  };
}

export function playbackStatus(playback: Playback): PlaybackStatus {
  const { id, state, positionMs, speed, following } = playback;
  return { id, state, positionMs, speed, following };
}
