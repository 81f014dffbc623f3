import type { Header, NodeId, Receipt, ReceiptState } from '../model/index.ts';
import type { Entry, Statement } from './stored-message.ts';

/** How many nodes that are no recipients may say that they hold a message: switches and standbys come and go. */
const MAX_HOLDERS = 64;
/** On this many computers besides the talker's a message is safe. */
export const SAFE_COPIES = 2;

const RANK: Readonly<Record<ReceiptState, number>> = { stored: 0, received: 1, heard: 2 };

export type Receipts = Map<NodeId, Statement<Receipt>>;

/**
 * Takes a receipt over if it moves its node forward: stored, then received, then heard. Merging two stores is thus a
 * union, in whatever order the receipts come. Only a recipient can have received or heard. Returns whether it counted.
 */
export function mergeReceipt(receipts: Receipts, header: Header, receipt: Statement<Receipt>): boolean {
  if (!lacksReceipt(receipts, header, receipt.facts)) return false;
  receipts.set(receipt.facts.node, receipt);
  return true;
}

/** Whether `mergeReceipt` would take a receipt over that says this. */
export function lacksReceipt(receipts: Receipts, header: Header, { node, state }: Receipt): boolean {
  const isRecipient = header.recipients.includes(node);
  if (!isRecipient && state !== 'stored') return false;
  const known = receipts.get(node);
  if (known && RANK[known.facts.state] >= RANK[state]) return false;
  return known !== undefined || isRecipient || holders(receipts, header) < MAX_HOLDERS;
}

/** Whether the talker may lose its own copy: two other computers hold it, or every recipient does. */
export function isSafeElsewhere(entry: Entry): boolean {
  const { talker } = entry.header.facts;
  let copies = 0;
  for (const node of entry.receipts.keys()) if (node !== talker) copies++;
  return copies >= SAFE_COPIES || isReceivedByAll(entry);
}

/** Whether every recipient holds all of it, as far as receipts tell. */
export function isReceivedByAll(entry: Entry): boolean {
  return entry.header.facts.recipients.every((node) => hasReached(entry, node, 'received'));
}

/** Whether every recipient has heard it, as far as receipts tell. */
export function isHeardByAll(entry: Entry): boolean {
  return entry.header.facts.recipients.every((node) => hasReached(entry, node, 'heard'));
}

function hasReached(entry: Entry, node: NodeId, state: ReceiptState): boolean {
  const receipt = entry.receipts.get(node);
  return receipt !== undefined && RANK[receipt.facts.state] >= RANK[state];
}

function holders(receipts: Receipts, header: Header): number {
  let count = 0;
  for (const node of receipts.keys()) if (!header.recipients.includes(node)) count++;
  return count;
}
