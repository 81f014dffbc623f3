import type { MessageId, NodeId, Random } from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { StoredMessage } from '../store/index.ts';
import { FIRST_PAUSE_MS, isServedByAll, keepersOf, type Holders } from './holders.ts';
import type { OfficePort, PeerLink } from './ports.ts';

/** This many nodes are being called at once. */
const MAX_CALLS = 4;

interface HolderSearchParts {
  readonly office: OfficePort;
  readonly holders: Holders;
  readonly random: Random;
  /** There may be somebody to ask now for that message. */
  readonly found: (id: MessageId) => void;
}

/**
 * Finds further holders of a message that no linked node could serve: it visits those that are known, and asks the switch and the standby,
 * which know more.
 */
export class HolderSearch {
  readonly #parts: HolderSearchParts;
  /** The nodes that are being called, and for which messages. */
  readonly #calls = new Map<NodeId, Set<MessageId>>();
  /** Whom it was asked who holds a message, until they answer. */
  readonly #asked = new Map<MessageId, Set<NodeId>>();

  constructor(parts: HolderSearchParts) {
    this.#parts = parts;
  }

  /**
   * Looks for somebody to ask.
   * @param except a node that is being asked
   * @returns after what time the message is worth another look, ms; undefined: not before something changes
   */
  seek(message: StoredMessage, except?: NodeId): number | undefined {
    const { office, holders } = this.#parts;
    const { id, manifest } = message;
    // While it is being spoken its header may still be on its way to the switch, and all its recipients would visit its talker.
    const wasAsked = holders.wasAsked(id);
    const isEarly = manifest === undefined && !wasAsked;
    if (holders.takeQuestion(id) && isServedByAll(message, office)) {
      this.#ask(id);
      if (manifest && wasAsked) this.#tryAnybody(id);
    }
    if (!isEarly) this.#visitOneOf(holders.toVisit(message), id);
    const ms = holders.dueInMs(message, new Set([...this.#calls.keys(), ...(except ? [except] : [])]));
    return ms === undefined ? undefined : Math.max(ms, FIRST_PAUSE_MS);
  }

  /** Handles an answer. What was not asked is passed over. */
  answered(link: PeerLink, { id, nodes }: ControlMessageOf<'holders'>): void {
    const { holders, found } = this.#parts;
    const asked = this.#asked.get(id);
    if (!asked?.delete(link.peer)) return;
    if (asked.size === 0) this.#asked.delete(id);
    holders.addNamed(id, nodes);
    found(id);
  }

  /** The message is whole here, or gone. */
  settled(id: MessageId): void {
    this.#asked.delete(id);
  }

  #ask(id: MessageId): void {
    const { office } = this.#parts;
    const keepers = keepersOf(office);
    this.#asked.set(id, new Set(keepers));
    for (const node of keepers) {
      // As for fetching: a node of an earlier version is not visited.
      if (office.linkTo(node) || office.storeIdOf(node) !== undefined)
        void office.reach(node).then((link) => link?.send({ type: 'holders-wanted', id }));
    }
  }

  /**
   * Somebody may hold it of whom switch and standby do not know: they kept it when they were that themselves, or for a talker who has
   * deleted it since. One more colleague is tried with each question.
   */
  #tryAnybody(id: MessageId): void {
    const { office, holders, random } = this.#parts;
    const others = office.online.filter((node) => node !== office.self && !holders.wasTried(id, node));
    const one = others[Math.floor(random.fraction() * others.length)];
    if (one !== undefined) holders.addNamed(id, [one]);
  }

  #visitOneOf(nodes: readonly NodeId[], id: MessageId): void {
    for (const node of nodes) this.#calls.get(node)?.add(id);
    const next = nodes.find((node) => !this.#calls.has(node));
    if (next !== undefined && this.#calls.size < MAX_CALLS) void this.#visit(next, id);
  }

  async #visit(node: NodeId, first: MessageId): Promise<void> {
    const { office, holders, found } = this.#parts;
    const ids = new Set([first]);
    this.#calls.set(node, ids);
    const link = await office.reach(node);
    this.#calls.delete(node);
    for (const id of ids) {
      if (link) holders.visited(id, link);
      else holders.failed(id, node);
      found(id);
    }
  }
}
