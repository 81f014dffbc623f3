import {
  callKey,
  openCall,
  sealCall,
  sealPacket,
  type Call,
  type Packet,
  type PairOwner,
} from '../identity/index.ts';
import type { NodeId } from '../model/index.ts';
import type { DatagramOffice } from './datagram-office.ts';
import { PairBook } from './pair-book.ts';
import type { DatagramSocket, OfficeNetwork, SocketAddress } from './ports.ts';

export interface PacketSocketParts {
  readonly network: OfficeNetwork;
  readonly identity: PairOwner;
  readonly membership: DatagramOffice;
  readonly log: (line: string) => void;
}

/** The handlers for incoming packets: decrypted, but not known to be fresh. */
interface PacketListener {
  packet(from: NodeId, at: SocketAddress, packet: Packet): void;
  call(at: SocketAddress, call: Call): void;
}

/** The UDP socket on which packets to members are sealed and packets from members are opened. */
export class PacketSocket {
  readonly book: PairBook;
  /** The TCP port to which unknown nodes may connect. */
  controlPort = 0;
  readonly #parts: PacketSocketParts;
  readonly #callKey: Uint8Array;
  #socket: DatagramSocket | undefined;
  #isClosed = false;
  /** The number of datagrams that no member sealed, or that could not be read. */
  #dropped = 0;

  private constructor(parts: PacketSocketParts) {
    const { identity, membership } = parts;
    this.#parts = parts;
    this.book = new PairBook(identity, membership.officeId, membership.members);
    this.#callKey = callKey(membership.officeId);
  }

  /** @throws ErrnoException where the address or the port cannot be had */
  static async open(
    at: SocketAddress,
    parts: PacketSocketParts,
    listener: PacketListener,
  ): Promise<PacketSocket> {
    const opened = new PacketSocket(parts);
    opened.#socket = await parts.network.openDatagrams(at, (bytes, from) =>
      opened.#receive(bytes, from, listener),
    );
    return opened;
  }

  get port(): number {
    return this.#socket?.port ?? 0;
  }

  /** Seals and sends a packet. A node that is no member any more gets nothing. @throws RangeError where the body is too long */
  send(to: NodeId, at: SocketAddress, packet: Packet): void {
    const key = this.book.sendingTo(to);
    if (key) this.#put(sealPacket(key, packet), at);
  }

  call(at: SocketAddress, offer: Uint8Array): void {
    const { nodeId: caller } = this.#parts.identity;
    this.#put(sealCall(this.#callKey, { caller, offer, control: this.controlPort }), at);
  }

  /** Counts a dropped datagram. It is logged once, and again at every tenfold, since another office nearby causes them all the time. */
  drop({ address }: SocketAddress): void {
    this.#dropped += 1;
    if (!/^10*$/.test(String(this.#dropped))) return;
    this.#parts.log(
      `Dropped on the beat socket: no member sealed it, from ${address} (${this.#dropped} so far)`,
    );
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#socket?.close();
  }

  #receive(bytes: Buffer, at: SocketAddress, listener: PacketListener): void {
    const call = openCall(this.#callKey, bytes);
    if (call) return listener.call(at, call);
    const opened = this.book.open(bytes);
    if (opened) listener.packet(opened.from, at, opened.packet);
    else this.drop(at);
  }

  #put(bytes: Buffer, at: SocketAddress): void {
    // An unreachable node is no error here: the election notices its silence.
    if (!this.#isClosed) this.#socket?.send(bytes, at);
  }
}
