import type { LocalizedText } from '../../i18n/index.ts';
import type { Schedule } from '../model/index.ts';
import { NO_NETWORK, unusableNetwork } from './network-trouble.ts';
import type { MediaSocketPort, OfficeNetwork, SocketAddress } from './ports.ts';
import { RetryTimer } from './retry-timer.ts';

const LOOPBACK = '127.0.0.1';

export interface OwnAddressParts {
  readonly network: Pick<OfficeNetwork, 'chooseAddress'>;
  readonly mediaSocket: MediaSocketPort;
  /** Addresses or names of the interfaces that were chosen; none: the likeliest LAN. */
  readonly interfaces: readonly string[];
  readonly schedule: Schedule;
  /** Whether the node is in the office at the address of now. */
  readonly isJoined: () => boolean;
  readonly leave: () => Promise<void>;
  readonly join: () => Promise<void>;
  /** It is time to return once more. */
  readonly again: () => void;
  /** `undefined`: the network can be used. */
  readonly trouble: (text: LocalizedText | undefined) => void;
  readonly log: (line: string) => void;
}

/** The address of this computer at which the media socket is bound and the node is in the office. It may change at any time. */
export class OwnAddress {
  readonly #parts: OwnAddressParts;
  readonly #retry: RetryTimer;
  /** Where the media socket is bound. */
  #media: SocketAddress | undefined;
  #isClosed = false;

  constructor(parts: OwnAddressParts) {
    this.#parts = parts;
    this.#retry = new RetryTimer(parts.again, parts.schedule);
  }

  /** Binds the media socket at the chosen interface. @throws CorridorError where this computer does not have it */
  async open(): Promise<void> {
    await this.#bind(this.#chosen());
    this.#report();
  }

  /** Where the media socket is bound; it is bound first where it is not. */
  async current(): Promise<SocketAddress> {
    return this.#media ?? (await this.#bind(this.#chosen()));
  }

  /** Goes to the address that the computer has now. Where that cannot be used yet, this says so and tries again by itself. */
  async return(): Promise<void> {
    try {
      await this.#moveTo(this.#chosen());
      this.#retry.stop();
      this.#report();
    } catch (error) {
      await this.#stayAlone();
      if (!this.#isClosed) this.#returnLater(error as Error);
    }
  }

  /** Nobody waits for another address. */
  rest(): void {
    this.#retry.stop();
  }

  close(): void {
    this.#isClosed = true;
    this.#retry.stop();
  }

  /** What is being spoken or played goes on meanwhile. Nothing is left for an address that is of no use. */
  async #moveTo(address: string): Promise<void> {
    const { mediaSocket, leave, join, log } = this.#parts;
    if (address === this.#media?.address) return join();
    await mediaSocket.assertUsable(address);
    const before = this.#media ? `; it was at ${this.#media.address}` : '';
    log(`This computer is at ${address} now${before}.`);
    await leave();
    await this.#bind(address);
    await join();
  }

  /** A node that is in the office stays in it, reached by nobody; one that has left it is in it by itself. */
  async #stayAlone(): Promise<void> {
    if (this.#parts.isJoined()) return;
    await this.#moveTo(LOOPBACK).catch((error: Error) => {
      this.#parts.log(`Corridor cannot open its sockets: ${error.message}`);
    });
  }

  #returnLater(error: Error): void {
    const { trouble, log } = this.#parts;
    const waitMs = this.#retry.failed();
    log(`The network cannot be used yet, and is tried again in ${waitMs / 1000} s: ${error.message}`);
    trouble(unusableNetwork(error));
  }

  /** The address counts as this node's only once its socket is bound there. */
  async #bind(address: string): Promise<SocketAddress> {
    this.#media = undefined;
    const port = await this.#parts.mediaSocket.bind(address);
    this.#media = { address, port };
    return this.#media;
  }

  #chosen(): string {
    return this.#parts.network.chooseAddress(this.#parts.interfaces);
  }

  #report(): void {
    const isCutOff = this.#media?.address === LOOPBACK && this.#parts.interfaces.length === 0;
    this.#parts.trouble(isCutOff ? NO_NETWORK : undefined);
  }
}
