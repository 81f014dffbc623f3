import type { OfficeId } from '../identity/index.ts';
import type { DiscoveryEvents, DiscoveryOptions, LanInterface } from '../discovery/index.ts';
import type { ChosenPresence, Clock, Divert, NodeId, Random, Schedule } from '../model/index.ts';
import type {
  ConnectOptions,
  ControlLink,
  ControlServerOptions,
  OutsiderOptions,
} from '../signalling/index.ts';

/** An IP address and a UDP port. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** A UDP socket. A datagram that cannot be sent is lost without an error. */
export interface DatagramSocket {
  readonly port: number;
  send(bytes: Uint8Array, to: SocketAddress): void;
  close(): Promise<void>;
}

/** A server for other nodes' control links. */
export interface ControlListener {
  readonly port: number;
  close(): Promise<void>;
}

/** Finds the nodes of the LAN, and announces this one. */
export interface Finder {
  start(): void;
  stop(): Promise<void>;
}

/** The network. Simulations have an implementation of their own. */
export interface OfficeNetwork {
  /** This computer's addresses. */
  interfaces(): readonly LanInterface[];
  /** The address of the chosen interface, or of the likeliest LAN. @throws CorridorError `no-such-interface` */
  chooseAddress(chosen: readonly string[]): string;
  /** Whether this computer's interface with this address is known to be Wi-Fi. */
  isWireless(address: string): boolean;
  /** @throws ErrnoException where the address or the port cannot be had */
  openDatagrams(
    at: SocketAddress,
    received: (bytes: Buffer, from: SocketAddress) => void,
  ): Promise<DatagramSocket>;
  /** @throws CorridorError `control-address` */
  listen(options: ControlServerOptions): Promise<ControlListener>;
  /** @throws CorridorError as `connectControl` */
  connect(options: ConnectOptions): Promise<ControlLink>;
  /** @throws CorridorError as `connectAsOutsider` */
  connectAsOutsider(options: OutsiderOptions): Promise<ControlLink>;
  finder(options: DiscoveryOptions, events: DiscoveryEvents): Finder;
  /** Resolves a computer's name to its IPv4 address. @throws where no computer has that name */
  lookUp(host: string): Promise<string>;
}

/** The socket that receives fragments. It belongs to the media worker; the office only chooses its address. */
export interface MediaSocketPort {
  /** @throws where this computer does not have the address, or no port is free there */
  assertUsable(address: string): Promise<void>;
  /** Resolves with the port. Speech and playback go on. @throws CorridorError `media-open-failed` */
  bind(address: string): Promise<number>;
  /** Joins this office's multicast group, at the socket's present and later addresses; undefined: leaves it. */
  join(office: OfficeId | undefined): void;
}

/** This node's person, as the office needs it. */
export interface OwnPerson {
  /** null before first run is done. */
  readonly name: string | null;
  /** The revision of the last record that was signed. */
  readonly revision: number;
  readonly presence: ChosenPresence;
  /** null: the person never chose a divert. */
  readonly divert: Divert | null;
}

/** The storage of this node's person. */
export interface PersonPort {
  readonly settings: OwnPerson;
  /** Takes effect at once, even if the disk fails. */
  note(changes: Partial<Pick<OwnPerson, 'revision'>>): Promise<void>;
}

/** Numbers that must survive restarts. */
export interface StartsPort {
  /** A number higher than that of every start before, on the disk when it resolves. */
  next(): Promise<number>;
  /** Notes that a member claims to be the switch in this term. */
  noteTerm(node: NodeId, term: number): void;
  /** Forgets a node that is no member any more. */
  forget(node: NodeId): void;
  /** The highest term in which each node claimed to be the switch. */
  readonly knownTerms: ReadonlyMap<NodeId, number>;
}

/** Time, timers, randomness and the network. */
export interface OfficePorts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly random: Random;
}
