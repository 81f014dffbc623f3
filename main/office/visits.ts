import {
  BUDGETS,
  type BudgetName,
  type Fragment,
  type MessageId,
  type NodeId,
  type Schedule,
} from '../model/index.ts';
import type { ControlLink, ControlMessage, Credentials } from '../signalling/index.ts';
import type { SwitchAddress } from './links.ts';
import type { OfficeNetwork } from './ports.ts';

/** A visit over which nothing came for this long is closed, ms. */
const UNUSED_MS = 60_000;
/** Beyond this the visit that was used longest ago is closed. */
const MAX_VISITS = BUDGETS.visits.inAll.atOnce;

interface VisitsParts {
  readonly credentials: Credentials;
  readonly network: Pick<OfficeNetwork, 'connect'>;
  readonly schedule: Schedule;
  readonly log: (line: string) => void;
  readonly up: (link: ControlLink) => void;
  readonly message: (link: ControlLink, message: ControlMessage) => void;
  readonly fragments: (link: ControlLink, id: MessageId, fragments: readonly Fragment[]) => void;
  /** The node at the other end has exceeded a budget. */
  readonly over: (link: ControlLink, budget: BudgetName) => void;
  readonly down: (link: ControlLink) => void;
}

interface Visit {
  /** Undefined: the node cannot be reached. */
  readonly link: Promise<ControlLink | undefined>;
  opened: ControlLink | undefined;
  cancelEnd: () => void;
}

/**
 * Links to nodes that this one does not follow, made to ask them something that the switch need not know or could withhold. Unused ones
 * end.
 */
export class Visits {
  readonly #parts: VisitsParts;
  readonly #visits = new Map<NodeId, Visit>();
  #closed = false;

  constructor(parts: VisitsParts) {
    this.#parts = parts;
  }

  /** The visit to that node, if its link is up. */
  get(node: NodeId): ControlLink | undefined {
    return this.#visits.get(node)?.opened;
  }

  has(link: ControlLink): boolean {
    return this.get(link.peer) === link;
  }

  /** The link to the node at that address: an existing one, or a new one. Undefined where it cannot be reached. */
  to(address: SwitchAddress): Promise<ControlLink | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const { node } = address;
    const known = this.#visits.get(node);
    // Moves it to the end: the map's order is the order of use.
    this.#visits.delete(node);
    const visit = known ?? this.#open(address);
    this.#visits.set(node, visit);
    if (known) this.#used(node, known);
    else this.#makeRoom();
    return visit.link;
  }

  close(): void {
    this.#closed = true;
    for (const [node, visit] of this.#visits) this.#end(node, visit);
  }

  #open(address: SwitchAddress): Visit {
    const visit: Visit = { link: this.#connect(address), opened: undefined, cancelEnd: () => undefined };
    void visit.link.then((link) => {
      if (this.#visits.get(address.node) === visit && link && !this.#closed) this.#opened(visit, link);
      else {
        link?.close();
        if (this.#visits.get(address.node) === visit) this.#visits.delete(address.node);
      }
    });
    return visit;
  }

  async #connect({ node, address, port }: SwitchAddress): Promise<ControlLink | undefined> {
    const { network, credentials, log } = this.#parts;
    try {
      return await network.connect({ credentials, address, port, expected: node, log });
    } catch {
      return undefined;
    }
  }

  #opened(visit: Visit, link: ControlLink): void {
    const { up, message, fragments, over, down } = this.#parts;
    const { peer } = link;
    visit.opened = link;
    this.#used(peer, visit);
    link.listen({
      onMessage: (frame) => {
        this.#used(peer, visit);
        message(link, frame);
      },
      onFragments: (id, some) => {
        this.#used(peer, visit);
        fragments(link, id, some);
      },
      onOver: (budget) => over(link, budget),
      onClose: () => {
        visit.cancelEnd();
        if (this.#visits.get(peer) === visit) this.#visits.delete(peer);
        down(link);
      },
    });
    up(link);
  }

  #used(node: NodeId, visit: Visit): void {
    if (!visit.opened || this.#visits.get(node) !== visit) return;
    visit.cancelEnd();
    visit.cancelEnd = this.#parts.schedule(() => this.#end(node, visit), UNUSED_MS);
  }

  #end(node: NodeId, visit: Visit): void {
    visit.cancelEnd();
    if (this.#visits.get(node) === visit) this.#visits.delete(node);
    visit.opened?.close();
  }

  #makeRoom(): void {
    const [oldest] = this.#visits;
    if (this.#visits.size > MAX_VISITS && oldest) this.#end(...oldest);
  }
}
