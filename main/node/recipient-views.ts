import type { RecipientStatus } from '../../preload/api.ts';
import type { Directory } from '../directory/index.ts';
import type { Progress, Report } from '../messages/index.ts';
import { isPassing, type GroupNamed, type NodeId, type Receipt } from '../model/index.ts';
import { holdsOrHeard, type StoredMessage } from '../store/index.ts';
import { labelOf } from './diverts.ts';

/** Makes the views of a message's recipients out of the node's facts. Pure: it shows nothing that is not known. */

/** What is known of a message's recipients besides the receipts. */
export interface RecipientFacts {
  readonly reportOf: (node: NodeId) => Report | undefined;
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

export function nameOf(node: NodeId, directory: Directory): string {
  return directory.nameOf(node) ?? 'Somebody unknown';
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
    'gone',
  ] as const),
];

/** One entry for each person: what one of their computers has heard, they have heard. */
export function recipientsOf(
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
  const report = known.reportOf(node);
  const live = liveState(message, report?.state);
  const word = message.holding.find(({ facts }) => facts.node === node)?.facts;
  const handedTo = word?.handedTo;
  const state = readIfAlone(
    message,
    receipt,
    stateOf(proven?.state, live, {
      isRemoved: known.isRemoved(node),
      isRefused: saidLost(node, message),
      isHandedOn: handedTo !== undefined,
      isGone: message.local.ending?.endedAt !== undefined,
      passes: isPassing(message.header.facts),
    }),
  );
  return {
    id: node,
    name: nameOf(node, directory),
    extension: record?.extension || message.header.facts.to,
    state,
    waitsFor: state === 'queued' && report ? waitsFor(report, directory, known) : null,
    handedTo: handedTo === undefined ? null : (directory.nameOfPerson(handedTo) ?? 'Somebody unknown'),
    isNotified: live === 'notified',
    isPart: state === 'heard' && !isPassing(message.header.facts) && !holdsOrHeard(receipt, word),
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
    isGone,
    passes,
  }: {
    readonly isRemoved: boolean;
    readonly isRefused: boolean;
    readonly isHandedOn: boolean;
    readonly isGone: boolean;
    readonly passes: boolean;
  },
): RecipientStatus['state'] {
  if (proven === 'heard') return proven;
  if (isRemoved) return proven ?? 'removed';
  if (isHandedOn) return 'handed-on';
  if (isGone) return proven ?? 'gone';
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

/** Why the message waits at a recipient; null: they are engaged with somebody whose name is not known here, or their node does not say. */
function waitsFor(
  { listensTo, isInCall }: Report,
  directory: Directory,
  { isSelf, personOf }: RecipientFacts,
): RecipientStatus['waitsFor'] {
  if (isInCall) return { kind: 'call' };
  if (listensTo === undefined) return null;
  if (isSelf(listensTo)) return { kind: 'you' };
  const name = directory.nameOfPerson(personOf(listensTo));
  return name === undefined ? null : { kind: 'voice', name };
}
