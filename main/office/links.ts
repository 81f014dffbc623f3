import {
  Admission,
  BUDGETS,
  Emitter,
  faults,
  type BudgetName,
  type Fragment,
  type MessageId,
  type NodeId,
  type Schedule,
} from '../model/index.ts';
import type { ControlLink, ControlMessage, Credentials } from '../signalling/index.ts';
import type { ControlListener, OfficeNetwork } from './ports.ts';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 3000;
/** Frames that say why a link was made. */
const SAY_WHY: ReadonlySet<string> = new Set(['hello', 'redeem']);
/** A switch to which no link comes up within this time is reported as unreachable, and again after each such time, ms. */
const UNREACHABLE_AFTER_MS = 1500;
/** At most this many visits of one node; beyond it the oldest is closed. */
const MAX_VISITS_OF_ONE = 2;
/** A link that ends sooner was probably refused at the other end, and would be again, ms. */
const SETTLED_AFTER_MS = 5000;

export interface SwitchAddress {
  readonly node: NodeId;
  readonly address: string;
  readonly port: number;
}

interface LinksParts {
  readonly credentials: Credentials;
  readonly network: OfficeNetwork;
  readonly schedule: Schedule;
  /** Whether a member is likely to connect from this IP address. */
  readonly isFavoured: (address: string) => boolean;
  readonly log: (line: string) => void;
}

/** `upstream`: this node follows the one at the other end. */
export interface LinksEvents {
  up: { readonly link: ControlLink; readonly upstream: boolean };
  message: { readonly link: ControlLink; readonly message: ControlMessage };
  fragments: { readonly link: ControlLink; readonly id: MessageId; readonly fragments: readonly Fragment[] };
  /** An outsider's link, which this class does not keep. */
  outsider: ControlLink;
  /** The node at the other end has exceeded a budget. */
  over: { readonly link: ControlLink; readonly budget: BudgetName };
  down: { readonly link: ControlLink; readonly upstream: boolean };
  /** No link comes up to the switch that this node follows, though it was tried repeatedly. */
  unreachable: NodeId;
}

/** A link that another node made to this one. */
interface Accepted {
  /** Whether its node follows this one as the switch; undefined: it has not said yet. */
  follows: boolean | undefined;
}

/** The control links of this node: one to the switch that it follows, and those of the nodes that follow this one. */
export class Links {
  readonly events: Emitter<LinksEvents>;
  readonly #parts: LinksParts;
  readonly #accepted = new Map<ControlLink, Accepted>();
  /** Links of nodes that are not known as members yet: they get the ledger alone. */
  readonly #guests: Admission<ControlLink>;
  readonly #downstream = new Map<NodeId, ControlLink>();
  /** Visits: links that their nodes made to ask something, in the order in which they came. */
  readonly #visitors = new Set<ControlLink>();
  #listener: ControlListener | undefined;
  #upstream: ControlLink | undefined;
  #wanted: SwitchAddress | undefined;
  #cancelRetry: (() => void) | undefined;
  #cancelComplaint: (() => void) | undefined;
  #attempt = 0;
  /** The pause after the next link that ends before it has settled, ms. */
  #pauseMs = 0;
  #closed = false;

  constructor(parts: LinksParts) {
    this.#parts = parts;
    this.#guests = new Admission(BUDGETS.guests, parts.isFavoured);
    this.events = new Emitter((error) => faults.tell('a link', error));
  }

  /** Resolves with the TCP port that is listened on. */
  async listen(address: string, port: number): Promise<number> {
    const { network, credentials, isFavoured, log } = this.#parts;
    this.#listener = await network.listen({
      ...{ credentials, address, port, isFavoured, log },
      onLink: (link) => this.#accept(link),
      onOutsider: (link) => this.events.emit('outsider', link),
    });
    return this.#listener.port;
  }

  /** The link to the switch, while it is up. */
  get upstream(): ControlLink | undefined {
    return this.#upstream;
  }

  /** The link to that node, whichever side made it. */
  to(node: NodeId): ControlLink | undefined {
    return this.#upstream?.peer === node ? this.#upstream : this.#downstream.get(node);
  }

  /** The links to members. */
  get all(): readonly ControlLink[] {
    return [...(this.#upstream ? [this.#upstream] : []), ...this.#downstream.values()];
  }

  get downstream(): readonly ControlLink[] {
    return [...this.#downstream.values()];
  }

  /** The node at the other end is a member. Each node has one link: a newer one replaces the one before. */
  welcome(link: ControlLink): void {
    this.#guests.leave(link);
    const accepted = this.#accepted.get(link);
    if (!accepted || accepted.follows === false) return;
    const previous = this.#downstream.get(link.peer);
    this.#downstream.set(link.peer, link);
    if (previous !== link) previous?.close();
  }

  /** Follows that switch, and tries until it answers or another one is given; undefined: follows nobody. */
  follow(address: SwitchAddress | undefined): void {
    const same =
      this.#wanted?.node === address?.node &&
      this.#wanted?.address === address?.address &&
      this.#wanted?.port === address?.port;
    if (same || this.#closed) return;
    this.#wanted = address;
    this.#attempt += 1;
    this.#pauseMs = 0;
    this.#cancelRetry?.();
    this.#cancelComplaint?.();
    const previous = this.#upstream;
    this.#upstream = undefined;
    if (previous) {
      previous.close();
      this.events.emit('down', { link: previous, upstream: true });
    }
    if (!address) return;
    this.#complainLater(address.node);
    void this.#connect(address, this.#attempt, FIRST_RETRY_MS);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#cancelComplaint?.();
    this.#upstream?.close();
    for (const link of this.#accepted.keys()) link.close();
    await this.#listener?.close();
  }

  #complainLater(node: NodeId): void {
    this.#cancelComplaint = this.#parts.schedule(() => {
      this.#complainLater(node);
      this.events.emit('unreachable', node);
    }, UNREACHABLE_AFTER_MS);
  }

  async #connect(address: SwitchAddress, attempt: number, retryMs: number): Promise<void> {
    const isCurrent = () => attempt === this.#attempt && !this.#closed;
    try {
      const { network, credentials, log } = this.#parts;
      const { node, port } = address;
      const link = await network.connect({
        credentials,
        address: address.address,
        port,
        expected: node,
        log,
      });
      if (!isCurrent()) {
        link.close();
        return;
      }
      this.#upstream = link;
      this.#cancelComplaint?.();
      const cancel = this.#parts.schedule(() => (this.#pauseMs = 0), SETTLED_AFTER_MS);
      this.#listenTo(link, true, () => {
        cancel();
        if (this.#upstream !== link) return;
        this.#upstream = undefined;
        this.events.emit('down', { link, upstream: true });
        if (!isCurrent()) return;
        this.#complainLater(address.node);
        this.#connectAgain(address, attempt);
      });
    } catch {
      // The switch may be about to leave. It is tried again until the election names another one.
      if (!isCurrent()) return;
      const next = Math.min(retryMs * 2, LAST_RETRY_MS);
      this.#cancelRetry = this.#parts.schedule(() => void this.#connect(address, attempt, next), retryMs);
    }
  }

  /** Connects again: at once if the link had settled, otherwise after a pause that grows each time. */
  #connectAgain(address: SwitchAddress, attempt: number): void {
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(Math.max(pauseMs * 2, FIRST_RETRY_MS), LAST_RETRY_MS);
    const connect = (): void => void this.#connect(address, attempt, FIRST_RETRY_MS);
    if (pauseMs === 0) connect();
    else this.#cancelRetry = this.#parts.schedule(connect, pauseMs);
  }

  #accept(link: ControlLink): void {
    const accepted: Accepted = { follows: undefined };
    const isRead = (message: ControlMessage): void => {
      // Other frames may come first: a node asks for its inbox as soon as it is the standby.
      if (accepted.follows !== undefined || !SAY_WHY.has(message.type)) return;
      accepted.follows = message.type === 'hello' && message.visit !== true;
      // The others are visits, meetings and redemptions: they end soon, and nothing else is sent over them.
      if (accepted.follows) return;
      if (this.#downstream.get(link.peer) === link) this.#downstream.delete(link.peer);
      this.#visitors.add(link);
      const ofOne = [...this.#visitors].filter(({ peer }) => peer === link.peer);
      if (ofOne.length > MAX_VISITS_OF_ONE) ofOne[0]?.close();
    };
    const onClose = (): void => {
      this.#guests.leave(link);
      this.#accepted.delete(link);
      this.#visitors.delete(link);
      if (this.#downstream.get(link.peer) === link) this.#downstream.delete(link.peer);
      if (accepted.follows !== false) this.events.emit('down', { link, upstream: false });
    };
    const goes = this.#guests.arrive(link, link.address);
    goes?.close();
    if (goes === link) return;
    this.#accepted.set(link, accepted);
    this.#listenTo(link, false, onClose, isRead);
  }

  #listenTo(
    link: ControlLink,
    upstream: boolean,
    onClose: () => void,
    isRead: (message: ControlMessage) => void = () => undefined,
  ): void {
    link.listen({
      onMessage: (message) => {
        isRead(message);
        this.events.emit('message', { link, message });
      },
      onFragments: (id, fragments) => this.events.emit('fragments', { link, id, fragments }),
      onOver: (budget) => this.events.emit('over', { link, budget }),
      onClose,
    });
    this.events.emit('up', { link, upstream });
  }
}
