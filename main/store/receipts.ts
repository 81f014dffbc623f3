import {
  BUDGETS,
  isPassing,
  type Header,
  type NodeId,
  type Receipt,
  type ReceiptState,
} from '../model/index.ts';
import { isBrokenOff, type Entry, type Reached, type Receipts, type Statement } from './stored-message.ts';

/** The most nodes besides the recipients whose statements of holding a message are kept. */
const MAX_HOLDERS = BUDGETS.holdersNamed.inAll.atOnce;

/** Whether that node was removed from the office: nobody waits for it any more. */
export type IsRemoved = (node: NodeId) => boolean;

/** What the office knows of a message's recipients. */
export interface Audience {
  /** Whether the office has that node. */
  readonly isKnown: (node: NodeId) => boolean;
  readonly isOut: IsRemoved;
  /** The node's person. A message heard at one computer of a person counts as heard. */
  readonly personOf: (node: NodeId) => NodeId;
  /** When a computer of that node's person was last online, ms since the epoch. Left out: not enough is known yet. */
  readonly seenAt?: (node: NodeId) => number;
}

/** All nodes are members, each a person of its own. */
export const EVERYBODY: Audience = { isKnown: () => true, isOut: () => false, personOf: (node) => node };

/** Whom a message is for: the recipients of its header, and computers that were granted its key since. */
type Readers = Pick<Header, 'recipients'>;

export function readersOf({
  header: { facts },
  local: { grants },
}: Pick<Entry, 'header' | 'local'>): Readers {
  return grants ? { recipients: [...facts.recipients, ...grants.map(({ node }) => node)] } : facts;
}

const RANK: Readonly<Record<ReceiptState, number>> = { lost: -1, stored: 0, received: 1, heard: 2 };

export function noReceipts(): Receipts {
  return { reached: new Map(), holding: new Map() };
}

/**
 * Adds a receipt if it moves its node forward (stored, then received, then heard), or if it is the newer statement of its node on holding
 * the message. Both only rise, so the order of receipts does not matter when two stores merge, and all stores end with the very same
 * ones. Only a recipient can have received or heard; of a node that keeps the message for others the newer statement is all that counts.
 * Returns whether it counted.
 */
export function mergeReceipt(receipts: Receipts, header: Readers, receipt: Statement<Receipt>): boolean {
  const { reached, holding } = receipts;
  const { facts } = receipt;
  const { node } = facts;
  if (!lacksReceipt(receipts, header, facts)) return false;
  const leaver = leaverFor(receipts, header, facts);
  if (leaver !== undefined) {
    reached.delete(leaver);
    holding.delete(leaver);
  }
  if (isNewer(facts, holding.get(node)?.facts)) holding.set(node, receipt);
  if (!header.recipients.includes(node)) reached.delete(node);
  if (isReached(receipt) && isBeyond(facts, reached.get(node)?.facts)) reached.set(node, receipt);
  return true;
}

/** Whether `mergeReceipt` would add such a receipt. */
export function lacksReceipt(receipts: Receipts, header: Readers, facts: Receipt): boolean {
  const { node, state } = facts;
  const isRecipient = header.recipients.includes(node);
  if (!isRecipient && state !== 'stored' && state !== 'lost') return false;
  if (leaverFor(receipts, header, facts) === node) return false;
  const isFurther = state !== 'lost' && isBeyond(facts, receipts.reached.get(node)?.facts);
  return (isRecipient && isFurther) || isNewer(facts, receipts.holding.get(node)?.facts);
}

/** Every receipt once, for writing. */
export function allReceipts({ reached, holding }: Receipts): readonly Statement<Receipt>[] {
  return [...new Set([...reached.values(), ...holding.values()])];
}

/**
 * Whether, by the receipts, every recipient who was not removed holds all of it, or did when they heard it. A passing page counts as
 * received.
 */
export function isReceivedByAll({ header, receipts }: Entry, isOut: IsRemoved): boolean {
  if (isPassing(header.facts)) return true;
  return header.facts.recipients.every((node) => isOut(node) || isWith(receipts, node));
}

/** Whether, by the receipts, that recipient holds all of it, or did when they heard it. */
export function isWith({ reached, holding }: Receipts, node: NodeId): boolean {
  return holdsOrHeard(reached.get(node)?.facts, holding.get(node)?.facts);
}

/**
 * Whether a node holds all of a message, or did when its person heard it.
 * @param furthest how far it came there
 * @param word the node's latest statement on holding it
 */
export function holdsOrHeard(furthest: Receipt | undefined, word: Receipt | undefined): boolean {
  if (furthest === undefined || furthest.state === 'stored') return false;
  if (furthest.state === 'heard' && !furthest.isPart) return true;
  return word?.state !== 'lost' && !word?.isPart;
}

/**
 * Whether a node's person heard it, and needs no more of it: who heard a part may yet want all, which there is not of a message that was
 * broken off.
 */
export function hasHeardEnough(
  message: Pick<Entry, 'manifest' | 'local'>,
  furthest: Receipt | undefined,
  word: Receipt | undefined,
): boolean {
  return furthest?.state === 'heard' && (isBrokenOff(message) || holdsOrHeard(furthest, word));
}

/**
 * Whether, by the receipts, every recipient's person who was not removed has heard it at one of their computers, which had all of it. A
 * passing page counts as heard.
 */
export function isHeardByAll(entry: Entry, audience: Audience): boolean {
  const { header, receipts } = entry;
  if (isPassing(header.facts)) return true;
  const { reached, holding } = receipts;
  const hearers = [...reached.keys()].filter((node) =>
    hasHeardEnough(entry, reached.get(node)?.facts, holding.get(node)?.facts),
  );
  return hasEverybodyHeard(header.facts.recipients, hearers, audience);
}

/** The same, of the nodes that have heard it. */
export function hasEverybodyHeard(
  recipients: readonly NodeId[],
  hearers: readonly NodeId[],
  { isOut, personOf }: Pick<Audience, 'isOut' | 'personOf'>,
): boolean {
  const heard = new Set(hearers.map(personOf));
  return recipients.every((node) => isOut(node) || heard.has(personOf(node)));
}

function isReached(receipt: Statement<Receipt>): receipt is Reached {
  return receipt.facts.state !== 'lost';
}

/** Of receipts that say the same the first one counts: it tells when that was. */
function isBeyond(receipt: Receipt, known: Receipt | undefined): boolean {
  if (!known) return true;
  const further = RANK[receipt.state] - RANK[known.state] || numberOf(known) - numberOf(receipt);
  return further > 0 || (further === 0 && receipt.at < known.at);
}

/** Of receipts with the same number `lost` counts: a holder that is wrongly disbelieved is merely asked once more. */
function isNewer(receipt: Receipt, known: Receipt | undefined): boolean {
  if (!known) return true;
  const newer = numberOf(receipt) - numberOf(known) || Number(isLost(receipt)) - Number(isLost(known));
  return newer > 0 || (newer === 0 && isBeyond(receipt, known));
}

const numberOf = ({ n }: Receipt): number => n ?? 0;
const isLost = ({ state }: Receipt): boolean => state === 'lost';

/**
 * The node whose statement is dropped to make room for this one: the one that spoke longest ago, which may be this node itself.
 * Undefined while there is room.
 */
function leaverFor({ holding }: Receipts, header: Readers, receipt: Receipt): NodeId | undefined {
  if (header.recipients.includes(receipt.node) || holding.has(receipt.node)) return undefined;
  const holders = [...holding.values()]
    .map(({ facts }) => facts)
    .filter(({ node }) => !header.recipients.includes(node));
  if (holders.length < MAX_HOLDERS) return undefined;
  // Of those that spoke at the same time the one with the lowest id goes, so that all stores keep the same ones.
  const [first] = [...holders, receipt].sort(
    (a, b) => numberOf(a) - numberOf(b) || (a.node < b.node ? -1 : 1),
  );
  return first?.node;
}
