import type { Header, Receipt, ReceiptState } from '../model/index.ts';
import type { Entry, Reached, Receipts, Statement } from './stored-message.ts';

/** How many nodes that are no recipients may say that they hold a message: switches and standbys come and go. */
const MAX_HOLDERS = 64;

const RANK: Readonly<Record<ReceiptState, number>> = { lost: -1, stored: 0, received: 1, heard: 2 };

export function noReceipts(): Receipts {
  return { reached: new Map(), holding: new Map() };
}

/**
 * Takes a receipt over if it moves its node forward: stored, then received, then heard; or if it is the newer word of its node
 * on holding the message. Both only rise, so merging two stores is a union, in whatever order the receipts come. Only a
 * recipient can have received or heard. Returns whether it counted.
 */
export function mergeReceipt(receipts: Receipts, header: Header, receipt: Statement<Receipt>): boolean {
  const { node, state } = receipt.facts;
  const { reached, holding } = receipts;
  const isRecipient = header.recipients.includes(node);
  if (!isRecipient && state !== 'stored' && state !== 'lost') return false;
  if (!isRecipient && !holding.has(node) && !makeRoom(receipts, header, receipt)) return false;
  const isFurther = isReached(receipt) && isBeyond(receipt.facts, reached.get(node)?.facts);
  const isLater = isNewer(receipt.facts, holding.get(node)?.facts);
  if (isFurther) reached.set(node, receipt);
  if (isLater) holding.set(node, receipt);
  return isFurther || isLater;
}

/** Every receipt once, to be written down. */
export function allReceipts({ reached, holding }: Receipts): readonly Statement<Receipt>[] {
  return [...new Set([...reached.values(), ...holding.values()])];
}

/** Whether every recipient holds all of it, or has heard it, as far as receipts tell. */
export function isReceivedByAll({ header, receipts }: Entry): boolean {
  return header.facts.recipients.every((node) => {
    const state = receipts.reached.get(node)?.facts.state;
    const isLost = receipts.holding.get(node)?.facts.state === 'lost';
    return state === 'heard' || (state === 'received' && !isLost);
  });
}

/** Whether every recipient has heard it, as far as receipts tell. */
export function isHeardByAll({ header, receipts }: Entry): boolean {
  return header.facts.recipients.every((node) => receipts.reached.get(node)?.facts.state === 'heard');
}

function isReached(receipt: Statement<Receipt>): receipt is Reached {
  return receipt.facts.state !== 'lost';
}

function isBeyond({ state }: Receipt, known: Receipt | undefined): boolean {
  return !known || RANK[state] > RANK[known.state];
}

/** Among receipts of one number `lost` counts: who is not believed once too often is only asked once more. */
function isNewer(receipt: Receipt, known: Receipt | undefined): boolean {
  if (!known) return true;
  const [n, before] = [receipt.n ?? 0, known.n ?? 0];
  return n > before || (n === before && receipt.state === 'lost' && known.state !== 'lost');
}

/** Where as many as may have spoken, whoever spoke longest ago makes room. */
function makeRoom({ reached, holding }: Receipts, header: Header, { facts }: Statement<Receipt>): boolean {
  const holders = [...holding.values()].filter((one) => !header.recipients.includes(one.facts.node));
  if (holders.length < MAX_HOLDERS) return true;
  const [first] = holders.sort((a, b) => (a.facts.n ?? 0) - (b.facts.n ?? 0));
  if (!first || (first.facts.n ?? 0) >= (facts.n ?? 0)) return false;
  reached.delete(first.facts.node);
  holding.delete(first.facts.node);
  return true;
}
