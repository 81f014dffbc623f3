import type { LocalizedText } from '../../i18n/index.ts';
import type { Schedule } from '../model/index.ts';
import { NO_NETWORK, unusableNetwork } from './network-trouble.ts';
import type { MediaSocketPort, OfficeNetwork, SocketAddress } from './ports.ts';
import { RetryTimer } from './retry-timer.ts';

const LOOPBACK = '127.0.0.1';

interface OwnAddressParts {
  readonly network: Pick<OfficeNetwork, 'chooseAddress'>;
  readonly mediaSocket: MediaSocketPort;
  /** Addresses or names of the chosen network interfaces; none: the likeliest LAN. */
  readonly interfaces: readonly string[];
  readonly schedule: Schedule;
  /** Whether the node is in the office at its present address. */
  readonly isJoined: () => boolean;
  readonly leave: () => Promise<void>;
  readonly join: () => Promise<void>;
  /** Is called when `return` has to be tried again. */
  readonly again: () => void;
  /** Reports why the network cannot be used; undefined: it can. */
  readonly trouble: (text: LocalizedText | undefined) => void;
  readonly log: (line: string) => void;
}

/** This computer's address, at which the media socket is bound and the node is in the office. It can change at any time. */
export class OwnAddress {
  readonly #parts: OwnAddressParts;
  readonly #retry: RetryTimer;
  /** The address of the media socket. */
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

  /** The address of the media socket, which is bound first if necessary. */
  async current(): Promise<SocketAddress> {
    return this.#media ?? (await this.#bind(this.#chosen()));
  }

  /** Moves to the computer's present address. While that cannot be used, reports it and tries again. */
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

  /** Stops trying. */
  rest(): void {
    this.#retry.stop();
  }

  close(): void {
    this.#isClosed = true;
    this.#retry.stop();
  }

  /** Moves media socket and connection; speech and playback go on. Stays at the old address unless the new one can be used. */
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

  /** Without a usable address: a node that is in the office stays in it unreachable; one that had left joins it alone. */
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

  /** Binds the media socket. Only then the address counts as this node's. */
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
