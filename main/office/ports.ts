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

/** A UDP socket. What cannot be sent is lost like any packet. */
export interface DatagramSocket {
  readonly port: number;
  send(bytes: Uint8Array, to: SocketAddress): void;
  close(): Promise<void>;
}

/** What listens for other nodes' control links. */
export interface ControlListener {
  readonly port: number;
  close(): Promise<void>;
}

/** Finds the nodes of the LAN, and lets this one be found. */
export interface Finder {
  start(): void;
  stop(): Promise<void>;
}

/** The network. A simulation gives its own. */
export interface OfficeNetwork {
  /** This computer's addresses. */
  interfaces(): readonly LanInterface[];
  /** The address of the interface that was chosen, or of the likeliest LAN. @throws CorridorError `no-such-interface` */
  chooseAddress(chosen: readonly string[]): string;
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
  /** The IPv4 address of a computer's name. @throws where no computer has that name */
  lookUp(host: string): Promise<string>;
}

/** The socket that fragments come to. It belongs to the media worker; the office only says at which address. */
export interface MediaSocketPort {
  /** @throws where this computer does not have the address (yet), or no port is free there */
  assertUsable(address: string): Promise<void>;
  /** Resolves with the port. What is being spoken or played goes on. @throws CorridorError `media-open-failed` */
  bind(address: string): Promise<number>;
  /** Listens to this office's multicast group, wherever the socket is bound; undefined: to none. */
  join(office: OfficeId | undefined): void;
}

/** What the office knows of this node's person. */
export interface OwnPerson {
  /** null before first run is done. */
  readonly name: string | null;
  /** Of the last record that was signed. */
  readonly revision: number;
  readonly presence: ChosenPresence;
  /** null: nothing was ever diverted. */
  readonly divert: Divert | null;
}

/** Where this node's person is kept. */
export interface PersonPort {
  readonly settings: OwnPerson;
  /** Takes effect at once, whatever the disk does. */
  note(changes: Partial<Pick<OwnPerson, 'revision'>>): Promise<void>;
}

/** What must outlast a start of this node. */
export interface StartsPort {
  /** A number higher than that of every start before, on the disk when it resolves. */
  next(): Promise<number>;
  /** A member claims to be the switch in this term. */
  noteTerm(node: NodeId, term: number): void;
  /** The node is no member any more. */
  forget(node: NodeId): void;
  /** The highest term in which each node claimed to be the switch. */
  readonly knownTerms: ReadonlyMap<NodeId, number>;
}

/** Time and chance. */
export interface OfficePorts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly random: Random;
}
