import {
  connectControl,
  ControlServer,
  type ControlLink,
  type ControlMessage,
  type Credentials,
} from '../signalling/index.ts';
import type { Fragment, MessageId, NodeId } from '../model/index.ts';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 3000;

export interface SwitchAddress {
  readonly node: NodeId;
  readonly address: string;
  readonly port: number;
}

export interface LinkHandlers {
  /** `upstream`: this node follows the one at the other end. */
  onUp(link: ControlLink, upstream: boolean): void;
  onMessage(link: ControlLink, message: ControlMessage): void;
  onFragments(link: ControlLink, id: MessageId, fragments: readonly Fragment[]): void;
  onDown(link: ControlLink, upstream: boolean): void;
}

/** The control links of this node: one up to the switch it follows, and those of the nodes that follow this one. */
export class Links {
  readonly #credentials: Credentials;
  readonly #handlers: LinkHandlers;
  readonly #log: (line: string) => void;
  readonly #downstream = new Map<NodeId, ControlLink>();
  #server: ControlServer | undefined;
  #upstream: ControlLink | undefined;
  #wanted: SwitchAddress | undefined;
  #retry: NodeJS.Timeout | undefined;
  #attempt = 0;
  #closed = false;

  constructor(credentials: Credentials, handlers: LinkHandlers, log: (line: string) => void) {
    this.#credentials = credentials;
    this.#handlers = handlers;
    this.#log = log;
  }

  /** Resolves with the TCP port that is listened on. */
  async listen(address: string, port: number): Promise<number> {
    this.#server = await ControlServer.listen({
      credentials: this.#credentials,
      address,
      port,
      log: this.#log,
      onLink: (link) => this.#accept(link),
    });
    return this.#server.port;
  }

  /** The link to the switch, while it is up. */
  get upstream(): ControlLink | undefined {
    return this.#upstream;
  }

  /** The link to that node, whichever side made it. */
  to(node: NodeId): ControlLink | undefined {
    return this.#upstream?.peer === node ? this.#upstream : this.#downstream.get(node);
  }

  get downstream(): readonly ControlLink[] {
    return [...this.#downstream.values()];
  }

  /** Follows that switch, and tries until it answers or another is named; undefined: follows nobody. */
  follow(address: SwitchAddress | undefined): void {
    const same =
      this.#wanted?.node === address?.node &&
      this.#wanted?.address === address?.address &&
      this.#wanted?.port === address?.port;
    if (same || this.#closed) return;
    this.#wanted = address;
    this.#attempt += 1;
    clearTimeout(this.#retry);
    const previous = this.#upstream;
    this.#upstream = undefined;
    if (previous) {
      previous.close();
      this.#handlers.onDown(previous, true);
    }
    if (address) void this.#connect(address, this.#attempt, FIRST_RETRY_MS);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#upstream?.close();
    for (const link of this.#downstream.values()) link.close();
    await this.#server?.close();
  }

  async #connect(address: SwitchAddress, attempt: number, retryMs: number): Promise<void> {
    const isCurrent = () => attempt === this.#attempt && !this.#closed;
    try {
      const link = await connectControl({
        credentials: this.#credentials,
        address: address.address,
        port: address.port,
        expected: address.node,
        log: this.#log,
      });
      if (!isCurrent()) {
        link.close();
        return;
      }
      this.#upstream = link;
      this.#listenTo(link, true, () => {
        if (this.#upstream !== link) return;
        this.#upstream = undefined;
        this.#handlers.onDown(link, true);
        if (isCurrent()) void this.#connect(address, attempt, FIRST_RETRY_MS);
      });
    } catch {
      // The switch may just be going; the election names another one, and until then it is tried again.
      if (!isCurrent()) return;
      const next = Math.min(retryMs * 2, LAST_RETRY_MS);
      this.#retry = setTimeout(() => void this.#connect(address, attempt, next), retryMs);
    }
  }

  #accept(link: ControlLink): void {
    const previous = this.#downstream.get(link.peer);
    this.#downstream.set(link.peer, link);
    previous?.close();
    this.#listenTo(link, false, () => {
      if (this.#downstream.get(link.peer) === link) this.#downstream.delete(link.peer);
      if (!this.#closed) this.#handlers.onDown(link, false);
    });
  }

  #listenTo(link: ControlLink, upstream: boolean, onClose: () => void): void {
    link.listen({
      onMessage: (message) => this.#handlers.onMessage(link, message),
      onFragments: (id, fragments) => this.#handlers.onFragments(link, id, fragments),
      onClose,
    });
    this.#handlers.onUp(link, upstream);
  }
}
