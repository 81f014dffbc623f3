import type {
  MessageSummary,
  PageStatus,
  PlaybackStatus,
  RecipientStatus,
  TalkStatus,
  TranscriptShown,
} from '../../preload/api.ts';
import type { Directory } from '../directory/index.ts';
import { isOverride, type OngoingTalk, type Playback, type Progress } from '../messages/index.ts';
import {
  FRAME_MS,
  isAlone,
  isPassing,
  type GroupNamed,
  type Header,
  type NodeId,
  type Page,
  type Receipt,
} from '../model/index.ts';
import { arrivalOf, isBrokenOff, readersOf, spokenAtOf, type StoredMessage } from '../store/index.ts';
import { labelOf } from './diverts.ts';
import { keyWanted } from './key-wanted.ts';

/** Makes views out of the node's facts. Pure: it shows nothing that is not known. */

/** What is known of a message's recipients besides the receipts. */
export interface RecipientFacts {
  readonly progressOf: (node: NodeId) => Progress | undefined;
  /** Whether a removal took that node out of the office. */
  readonly isRemoved: (node: NodeId) => boolean;
  /** Whether it is or was a node of this person. */
  readonly isSelf: (node: NodeId) => boolean;
  /** Whether the person of that node may override do not disturb. */
  readonly mayOverride: (node: NodeId) => boolean;
  /** The person whose node it is or was. */
  readonly personOf: (node: NodeId) => NodeId;
  /** The name that a group has now. */
  readonly groupNow: (named: GroupNamed | undefined) => GroupNamed | null;
}

/** What is known of a message besides what is kept. */
interface MessageFacts {
  /** It is being spoken at this moment. */
  readonly isSpoken: boolean;
  readonly soundsLive: boolean;
  /** On how many other computers it is. */
  readonly copies: number;
  /** The words that were typed; null: none, or they are not open yet. */
  readonly text: string | null;
  readonly transcript: TranscriptShown | null;
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
    words: wordsShown(header, text),
    transcript,
    keyWanted: keyWanted(message, (node) => nameOf(node, directory), known),
  };
}

function wordsShown({ words }: Header, text: string | null): MessageSummary['words'] {
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

export function nameOf(node: NodeId, directory: Directory): string {
  return directory.nameOf(node) ?? 'Somebody unknown';
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

/** The states of one person's computers; the state that says most about the person comes first. */
const SAYS_MOST: readonly RecipientStatus['state'][] = [
  ...([
    'read',
    'heard',
    'hearing',
    'queued',
    'handed-on',
    'received',
    'notified',
    'refused',
    'waiting',
    'missed',
    'removed',
  ] as const),
];

/** One entry for each person: what one of their computers has heard, they have heard. */
function recipientsOf(
  nodes: readonly NodeId[],
  message: StoredMessage,
  directory: Directory,
  known: RecipientFacts,
): RecipientStatus[] {
  const byPerson = new Map<NodeId, RecipientStatus>();
  for (const node of nodes) {
    const person = known.personOf(node);
    const other = byPerson.get(person);
    const state = recipient(node, message, directory, known);
    const name = labelOf(person, state.name, message.header.facts.diverted ?? [], directory);
    const one = { ...state, name, id: person };
    if (!other || SAYS_MOST.indexOf(one.state) < SAYS_MOST.indexOf(other.state)) byPerson.set(person, one);
  }
  return [...byPerson.values()];
}

function recipient(
  node: NodeId,
  message: StoredMessage,
  directory: Directory,
  known: RecipientFacts,
): RecipientStatus {
  const record = directory.get(node);
  const receipt = message.receipts.find(({ facts }) => facts.node === node)?.facts;
  const proven = receipt && receipt.state !== 'stored' ? { state: receipt.state, at: receipt.at } : undefined;
  const live = liveState(message, known.progressOf(node));
  const handedTo = message.holding.find(({ facts }) => facts.node === node)?.facts.handedTo;
  return {
    id: node,
    name: nameOf(node, directory),
    extension: record?.extension || message.header.facts.to,
    state: readIfAlone(
      message,
      receipt,
      stateOf(proven?.state, live, {
        isRemoved: known.isRemoved(node),
        isRefused: saidLost(node, message),
        isHandedOn: handedTo !== undefined,
        passes: isPassing(message.header.facts),
      }),
    ),
    handedTo: handedTo === undefined ? null : (directory.nameOfPerson(handedTo) ?? 'Somebody unknown'),
    isNotified: live === 'notified',
    at: proven?.at ?? null,
  };
}

/** What has no voice is read, and not heard, unless a voice of the reader's computer spoke it. */
function readIfAlone(
  { header }: StoredMessage,
  receipt: Receipt | undefined,
  state: RecipientStatus['state'],
): RecipientStatus['state'] {
  return state === 'heard' && header.facts.words?.isAlone && !receipt?.isSpoken ? 'read' : state;
}

/** A proven state stands. Of somebody who was removed no other state is true any more. */
function stateOf(
  proven: 'received' | 'heard' | undefined,
  live: Progress | undefined,
  {
    isRemoved,
    isRefused,
    isHandedOn,
    passes,
  }: {
    readonly isRemoved: boolean;
    readonly isRefused: boolean;
    readonly isHandedOn: boolean;
    readonly passes: boolean;
  },
): RecipientStatus['state'] {
  if (proven === 'heard') return proven;
  if (isRemoved) return proven ?? 'removed';
  if (isHandedOn) return 'handed-on';
  // That somebody is notified is only told, and says less. Of a page that is not kept they are not, unless something of it is there.
  if (live === 'notified' && (proven || passes)) return proven ?? 'missed';
  return live ?? proven ?? (isRefused ? 'refused' : 'waiting');
}

/** The recipient's node says that it does not hold the message. Where it never did, it has no room. */
function saidLost(node: NodeId, { holding }: StoredMessage): boolean {
  return holding.some(({ facts }) => facts.node === node && facts.state === 'lost');
}

/** That it sounds at a recipient, or is about to, is true only while it is being spoken: words alone, by the recipient's own computer. */
function liveState(
  { manifest, header }: StoredMessage,
  progress: Progress | undefined,
): Progress | undefined {
  return progress !== 'notified' && manifest && !header.facts.words?.isAlone ? undefined : progress;
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
            ...{ state: 'waiting', handedTo: null, isNotified: false, at: null },
          }),
        ),
  };
}

export function playbackStatus(playback: Playback): PlaybackStatus {
  const { id, state, positionMs, speed, following } = playback;
  return { id, state, positionMs, speed, following };
}
