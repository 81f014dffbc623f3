import { isPassing, type NodeId, type Receipt } from '../model/index.ts';
import {
  hasEverybodyHeard,
  hasHeardEnough,
  holdsOrHeard,
  type Audience,
  type Statement,
  type StoredMessage,
} from '../store/index.ts';
import type { OfficePort } from './ports.ts';

/** With this many copies besides the talker's own, a message is safe. */
export const SAFE_COPIES = 2;

/** What this file asks of the office. */
type CopyOffice = Pick<OfficePort, 'self' | 'storeIdOf' | 'accountOf'>;
type AskedOffice = CopyOffice & Pick<OfficePort, 'hasRoom'>;

/** Who was removed. Nobody waits for removed people: a message counts as heard without them. */
type RemovalPort = Pick<OfficePort, 'isRemoved'>;

/** Whose computer a node is. A message heard at one computer of a person counts as heard at all of them. */
type Persons = Pick<OfficePort, 'personOf' | 'isRemoved'>;

/** What the store asks of the office's people. */
export function personsOf(office: Persons): Pick<Audience, 'isOut' | 'personOf'> {
  return {
    isOut: (node) => office.isRemoved(node),
    personOf: (node) => office.personOf(node) ?? node,
  };
}

/** The latest statement of a node on whether it holds a message. */
export function wordOf({ holding }: StoredMessage, node: NodeId): Receipt | undefined {
  return holding.find(({ facts }) => facts.node === node)?.facts;
}

/** How far the message came at each node, and the latest statement of each on holding it. */
export function receiptsOf({ receipts, holding }: StoredMessage): ReadonlySet<Statement<Receipt>> {
  return new Set([...receipts, ...holding]);
}

/** Whether the node's latest statement is that it holds all of the message, in the store that its record names now. */
export function saysItHolds(message: StoredMessage, node: NodeId, office: CopyOffice): boolean {
  const word = wordOf(message, node);
  const store = office.storeIdOf(node);
  return store !== undefined && word?.store === store && word.state !== 'lost' && !word.isPart;
}

/** The message is with this recipient: they hold all of it, or did when they heard it. */
export function isWith(message: StoredMessage, node: NodeId): boolean {
  const furthest = message.receipts.find(({ facts }) => facts.node === node)?.facts;
  return holdsOrHeard(furthest, wordOf(message, node));
}

/** Every person whom it is for and who is not out has heard it, and had all of it, or what there is of one that was broken off. */
export function isHeardByAll(message: StoredMessage, office: Persons): boolean {
  const hearers = message.receipts.flatMap(({ facts }) =>
    hasHeardEnough(message, facts, wordOf(message, facts.node)) ? facts.node : [],
  );
  return hasEverybodyHeard(message.header.facts.recipients, hearers, personsOf(office));
}

/** Whether it was a page that is not kept for people who do not hear it, and that is over. */
export function hasPassed({ header, manifest }: StoredMessage): boolean {
  return manifest !== undefined && isPassing(header.facts);
}

/**
 * Whether some recipient who is still a member has not got it. Nobody waits for a page that is not kept once it is over.
 */
export function isAwaited(message: StoredMessage, office: RemovalPort): boolean {
  if (hasPassed(message)) return false;
  return message.header.facts.recipients.some((node) => !isWith(message, node) && !office.isRemoved(node));
}

/**
 * The nodes whose copies of a message count, one for each account. At the talker a copy counts if its node has proven that the
 * store which its record names holds all of the message, and has not said since that it was lost. A node that is offline has lost
 * nothing. Every other node knows of its own copy alone.
 */
export function copiesOf(message: StoredMessage, office: CopyOffice): readonly NodeId[] {
  if (message.roles.mine !== 'talker') return message.state === 'complete' ? [office.self] : [];
  const copies = new Map<string, NodeId>();
  for (const { node, store } of message.local.proofs ?? []) {
    const isHeld = saysItHolds(message, node, office) && office.storeIdOf(node) === store;
    if (isHeld && node !== office.self) copies.set(office.accountOf(node), node);
  }
  return [...copies.values()];
}

export interface AskableNodes {
  readonly switchNode: NodeId | undefined;
  readonly standbyNode: NodeId | undefined;
  /** Everybody who is online, in the order in which they are to be asked. */
  readonly online: readonly NodeId[];
  /** Whether the switch and the standby have had their time to prove a copy. */
  readonly others: boolean;
  /** Whether it was asked for this message not long ago. */
  readonly wasAsked: (node: NodeId) => boolean;
}

/**
 * Whom to ask for the copies that a message still lacks: the switch and its standby; then, where they do not come to two,
 * others, and of those first the ones who say that they hold it already. Never two nodes of one account, and none without room
 * that would have to get it first.
 */
export function whomToAsk(
  message: StoredMessage,
  nodes: AskableNodes,
  office: AskedOffice,
): readonly NodeId[] {
  const { switchNode, standbyNode, online, others, wasAsked } = nodes;
  const copies = copiesOf(message, office);
  const accounts = new Set(copies.map((node) => office.accountOf(node)));
  const holding = online.filter((node) => saysItHolds(message, node, office));
  const order = [switchNode, standbyNode, ...(others ? [...holding, ...online] : [])];
  const asked: NodeId[] = [];
  for (const node of order) {
    if (node === undefined || node === office.self || copies.length + asked.length >= SAFE_COPIES) continue;
    // A node of a version that knows no proofs has no store to name.
    if (office.storeIdOf(node) === undefined || wasAsked(node) || accounts.has(office.accountOf(node)))
      continue;
    if (!office.hasRoom(node) && !saysItHolds(message, node, office)) continue;
    accounts.add(office.accountOf(node));
    asked.push(node);
  }
  return asked;
}
