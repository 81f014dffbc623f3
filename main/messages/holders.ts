import type { Clock, MessageId, NodeId } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
import { saysItHolds } from './copies.ts';
import { MAX_HOLDERS, MAX_NAMED_HOLDERS } from './limits.ts';
import type { OfficePort, PeerLink } from './ports.ts';

/** A node that could not serve a message is asked for it again after this time, then after twice as long each time, ms. */
export const FIRST_PAUSE_MS = 1000;
const LAST_PAUSE_MS = 10 * 60_000;

type Keepers = Pick<OfficePort, 'self' | 'switchNode' | 'standbyNode'>;

/** A time in which nothing is asked. */
interface Pause {
  readonly ms: number;
  /** By the clock that never goes back, ms. */
  readonly until: number;
}

/** What is known of a message that is not whole here. */
interface Entry {
  /** The nodes that announced it, or were visited for it. */
  readonly links: Map<NodeId, PeerLink>;
  /** The nodes that others named. */
  readonly named: Set<NodeId>;
  readonly pauses: Map<NodeId, Pause>;
  /** The pause before it is asked again who holds it. */
  question: Pause | undefined;
}

interface HoldersParts {
  readonly read: MessageReader;
  readonly office: OfficePort;
  readonly clock: Clock;
}

/**
 * The nodes that can be asked for a message: its talker, the switch, nodes that announced it, nodes that have signed that they hold it, nodes
 * that others named, and the standby. Each of them that could not serve it is left alone for a while.
 */
export class Holders {
  readonly #parts: HoldersParts;
  readonly #entries = new Map<MessageId, Entry>();

  constructor(parts: HoldersParts) {
    this.#parts = parts;
  }

  /** The number of messages that have entries. */
  get size(): number {
    return this.#entries.size;
  }

  /** The node at the other end announced the message, so it may be asked at once. Nothing is remembered of one that is whole here. */
  add(id: MessageId, link: PeerLink): void {
    this.visited(id, link);
    this.#entries.get(id)?.pauses.delete(link.peer);
  }

  /** The node was visited for the message: this is the link to it. */
  visited(id: MessageId, link: PeerLink): void {
    if (!this.#isIncomplete(id)) return;
    const { links } = this.#entryOf(id);
    if (links.has(link.peer) || links.size < MAX_HOLDERS) links.set(link.peer, link);
  }

  /** Another node says that these hold the message. */
  addNamed(id: MessageId, nodes: readonly NodeId[]): void {
    if (!this.#isIncomplete(id)) return;
    const { named } = this.#entryOf(id);
    for (const node of nodes) {
      // Those that were named last stay.
      named.delete(node);
      named.add(node);
    }
    for (const node of [...named].slice(0, -MAX_NAMED_HOLDERS)) named.delete(node);
  }

  /** The nodes that announced the message over links that are up. */
  announcersOf(id: MessageId): readonly NodeId[] {
    return [...(this.#entries.get(id)?.links.keys() ?? [])];
  }

  /** The message is whole here, or gone: nobody needs to be asked. */
  forget(id: MessageId): void {
    this.#entries.delete(id);
  }

  /** A link came up, or a colleague has appeared: everybody may be asked again at once. */
  forgive(): void {
    for (const entry of this.#entries.values()) {
      entry.pauses.clear();
      entry.question = undefined;
    }
  }

  linkLost(link: PeerLink): void {
    for (const [id, entry] of this.#entries) {
      if (entry.links.get(link.peer) === link) entry.links.delete(link.peer);
      if (isEmpty(entry)) this.#entries.delete(id);
    }
  }

  /** The node was asked, and did not have all of the message, or could not be reached: it is left alone for a while. */
  failed(id: MessageId, node: NodeId): void {
    if (!this.#isIncomplete(id)) return;
    const { pauses } = this.#entryOf(id);
    pauses.set(node, this.#after(pauses.get(node)));
  }

  /** The node had a part of it. */
  served(id: MessageId, node: NodeId): void {
    this.#entries.get(id)?.pauses.delete(node);
  }

  /** Whether the node was asked for it not long ago, in vain, or is to be asked. */
  wasTried(id: MessageId, node: NodeId): boolean {
    const entry = this.#entries.get(id);
    return entry?.pauses.has(node) === true || entry?.named.has(node) === true;
  }

  /** Whether it was time for that question before. */
  wasAsked(id: MessageId): boolean {
    return this.#entries.get(id)?.question !== undefined;
  }

  /** Whether it is time to ask who holds the message. If it is, the next time is put off. */
  takeQuestion(id: MessageId): boolean {
    const entry = this.#entryOf(id);
    if (!this.#isOver(entry.question)) return false;
    entry.question = this.#after(entry.question);
    return true;
  }

  /**
   * The link to the node that is asked next: of those that may be asked now, the one that failed the least, then the first. Undefined while
   * there is none.
   * @param except a node that is being asked
   */
  sourceOf(message: StoredMessage, except?: NodeId): PeerLink | undefined {
    const [first] = this.#due(message, except).filter((node) => this.#linkTo(message.id, node));
    return first === undefined ? undefined : this.#linkTo(message.id, first);
  }

  /** The nodes that may be asked now and have no link here, in the same order. */
  toVisit(message: StoredMessage): readonly NodeId[] {
    const online = new Set(this.#parts.office.online);
    return this.#due(message).filter((node) => this.#canVisit(message, node, online));
  }

  /**
   * When the next of them may be asked, or who holds it, ms from now. Undefined: there is nobody to wait for.
   * @param except nodes that are being asked or called
   */
  dueInMs(message: StoredMessage, except: ReadonlySet<NodeId>): number | undefined {
    const { office, clock } = this.#parts;
    const entry = this.#entries.get(message.id);
    const online = new Set(office.online);
    const nodes = this.#nodesOf(message).filter(
      (node) =>
        !except.has(node) && (this.#linkTo(message.id, node) || this.#canVisit(message, node, online)),
    );
    const due = nodes.map((node) => entry?.pauses.get(node)?.until ?? -Infinity);
    if (entry?.question) due.push(entry.question.until);
    return due.length === 0 ? undefined : Math.max(0, Math.min(...due) - clock.monotonic());
  }

  #due(message: StoredMessage, except?: NodeId): readonly NodeId[] {
    const pauses = this.#entries.get(message.id)?.pauses;
    const msOf = (node: NodeId): number => pauses?.get(node)?.ms ?? 0;
    return this.#nodesOf(message)
      .filter((node) => node !== except && this.#isOver(pauses?.get(node)))
      .sort((one, other) => msOf(one) - msOf(other));
  }

  #nodesOf(message: StoredMessage): readonly NodeId[] {
    const { office } = this.#parts;
    const { id, header, holding } = message;
    const entry = this.#entries.get(id);
    const nodes = new Set([
      header.facts.talker,
      ...(office.upstream ? [office.upstream.peer] : []),
      ...(entry?.links.keys() ?? []),
      ...holding.map(({ facts }) => facts.node).filter((node) => saysItHolds(message, node, office)),
      ...(entry?.named ?? []),
      ...keepersOf(office),
    ]);
    nodes.delete(office.self);
    return [...nodes];
  }

  #linkTo(id: MessageId, node: NodeId): PeerLink | undefined {
    return this.#parts.office.linkTo(node) ?? this.#entries.get(id)?.links.get(node);
  }

  #canVisit(message: StoredMessage, node: NodeId, online: ReadonlySet<NodeId>): boolean {
    const { office } = this.#parts;
    // A node of an earlier version, whose record names no store, takes every link for one of a node that follows it as the switch.
    const isVisited = office.storeIdOf(node) !== undefined && online.has(node);
    return isVisited && isServedByAll(message, office) && !this.#linkTo(message.id, node);
  }

  #after(before: Pause | undefined): Pause {
    const ms = before ? Math.min(2 * before.ms, LAST_PAUSE_MS) : FIRST_PAUSE_MS;
    return { ms, until: this.#parts.clock.monotonic() + ms };
  }

  #isOver(pause: Pause | undefined): boolean {
    return !pause || pause.until <= this.#parts.clock.monotonic();
  }

  #isIncomplete(id: MessageId): boolean {
    return this.#parts.read.get(id)?.state === 'incomplete';
  }

  #entryOf(id: MessageId): Entry {
    const entry = this.#entries.get(id) ?? {
      ...{ links: new Map(), named: new Set<NodeId>(), pauses: new Map(), question: undefined },
    };
    this.#entries.set(id, entry);
    return entry;
  }
}

/**
 * Whether every holder serves this node. A message that a talker asked it to keep comes from that talker alone: others do not know of
 * the request.
 */
export function isServedByAll({ roles }: StoredMessage, office: Keepers): boolean {
  return roles.mine !== undefined || [office.switchNode, office.standbyNode].includes(office.self);
}

/** The switch and its standby, without this node: they keep the office's messages, and learn who else holds one. */
export function keepersOf({ self, switchNode, standbyNode }: Keepers): readonly NodeId[] {
  return [switchNode, standbyNode].flatMap((node) => (node === undefined || node === self ? [] : [node]));
}

function isEmpty({ links, named, pauses, question }: Entry): boolean {
  return links.size + named.size + pauses.size === 0 && question === undefined;
}
