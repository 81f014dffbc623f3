import type { Identity } from '../identity/index.ts';
import type { MediaWorker, MediaAddress } from '../media/index.ts';
import type {
  ChosenPresence,
  Clock,
  Fragment,
  Header,
  KnownNode,
  MessageId,
  NodeId,
  Random,
  Schedule,
  Signed,
} from '../model/index.ts';
import type { MessageFrame } from '../signalling/index.ts';
import type { MessageStore } from '../store/index.ts';

/** A link to another node. Messages do not know whether it is a TLS socket or a simulated one. */
export interface PeerLink {
  readonly peer: NodeId;
  send(frame: MessageFrame): void;
  sendFragments(id: MessageId, fragments: readonly Fragment[]): void;
  /** Resolves when what was sent has left this computer. */
  drained(): Promise<void>;
}

/**
 * The office, as far as messages need it. The port exists for the node's whole life. While the node is between two addresses, or in no
 * office yet, the port answers that nobody is reachable, and everything else works.
 */
export interface OfficePort {
  readonly self: NodeId;
  /** The elected switch, this node included; undefined while none is known. */
  readonly switchNode: NodeId | undefined;
  readonly standbyNode: NodeId | undefined;
  /** The link to the switch, while it is up. */
  readonly upstream: PeerLink | undefined;
  /** The links of the nodes that follow this one. */
  readonly downstream: readonly PeerLink[];
  linkTo(node: NodeId): PeerLink | undefined;
  /** The address at which that node receives fragments; undefined: it is unknown. */
  mediaAddressOf(node: NodeId): MediaAddress | undefined;
  /** The office's multicast address; undefined: there is no office. */
  readonly group: MediaAddress | undefined;
  /** Whether the node's record says that it joins the multicast group. */
  joinsGroup(node: NodeId): boolean;
  /** Whether the node's record says that it is on Wi-Fi. */
  isWireless(node: NodeId): boolean;
  /** The public signing key (SPKI, base64url) of a member. */
  signingKeyOf(node: NodeId): string | undefined;
  /**
   * The signing key of a removed computer, from the card that admitted it. Messages from before its removal may come afterwards.
   */
  formerKeyOf(node: NodeId): string | undefined;
  /** How far that node's clock is ahead of this one's, ms; undefined: it was not measured lately. */
  clockAheadMs(node: NodeId): number | undefined;
  /** Whether the ledger has that node as a member. */
  isMember(node: NodeId): boolean;
  /**
   * Whether the ledger says that the node was removed; nobody waits for it then. A node that is not in the ledger does not count as
   * removed: the ledger may have been lost here, or the node's admission may still come.
   */
  isRemoved(node: NodeId): boolean;
  /** All computers that were removed. */
  readonly removed: readonly NodeId[];
  /** The person of that node. Undefined: it is no member's node. */
  personOf(node: NodeId): NodeId | undefined;
  /** Whether the ledger gives that node's person the right to override do not disturb. */
  mayOverride(node: NodeId): boolean;
  /** The computers of that person that were removed. */
  formerNodesOf(person: NodeId): readonly NodeId[];
  /** The computers that the person has now and whose records are here. */
  knownNodesOf(person: NodeId): readonly KnownNode[];
  /** This person's divert as it applies to that talker: the stand-in, and when it was chosen, ms. Undefined: there is none. */
  standInFor(talker: NodeId): { readonly person: NodeId; readonly since: number } | undefined;
  /** The store that the node's record names; undefined where the node is no member, or is of a version that proves nothing. */
  storeIdOf(node: NodeId): string | undefined;
  /** Whether the node has room to keep messages for others; its record says so where it has not. */
  hasRoom(node: NodeId): boolean;
  /** Whether the node's record says that it reads key sheets. */
  readsSheets(node: NodeId): boolean;
  /** Copies on computers of one account count as one copy. */
  accountOf(node: NodeId): string;
  /** All other nodes that are online. */
  readonly online: readonly NodeId[];
  /**
   * The link to that node: an existing one, or a new one that ends when it is not used. Undefined: the node is out of reach.
   */
  reach(node: NodeId): Promise<PeerLink | undefined>;
  /** Sends a header in one datagram, which may be lost. */
  sendHeader(to: NodeId, header: Signed): void;
  /** Sends hashes of fragments in one datagram, which may be lost. */
  sendHashes(to: NodeId, hashes: Signed): void;
}

/** Sound and media: orders to the worker, and what it reports. */
export type MediaPort = Pick<MediaWorker, 'post' | 'on'>;

/** This person's presence, devices and sound settings, as they are now. */
export interface ListenerPort {
  readonly presence: ChosenPresence;
  /** Whether a loudspeaker is there to play on. */
  readonly canPlay: boolean;
  /** The screen is locked: nothing sounds, since anybody may listen. */
  readonly isLocked: boolean;
  /** The computer has had no input for minutes, so perhaps nobody listens. */
  readonly isIdle: boolean;
  /** The person wants to hear an override also behind a locked screen, and when they chose to be away. */
  readonly hearsOverrideAway: boolean;
  /** The volume that the person chose for this talker or for pages: a factor of the amplitude. */
  gainOf(header: Pick<Header, 'talker' | 'page'>): number;
  /** Whether the person has muted that node's person. */
  isMuted(talker: NodeId): boolean;
}

/** The voices of this computer. */
export interface VoicePort {
  /**
   * What somebody else typed as sound, 48 kHz mono. Undefined: no voice here speaks its language.
   * @throws where the voice fails, or with the signal's reason
   */
  readOut(
    words: { readonly text: string; readonly language: string | undefined },
    signal: AbortSignal,
  ): Promise<Int16Array | undefined>;
}

/** Time, timers and randomness. */
export interface MessagePorts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Resolves when other work of the thread has had its turn. */
  readonly nextTurn: () => Promise<void>;
  readonly random: Random;
}

/** Sets of people that one key press can reach, the likeliest first. Asked for while nobody waits. */
export type ReachableSets = () => readonly (readonly KnownNode[])[];

/** Remembers on the disk which nodes have listed all their messages for this computer. */
export interface HistoryPort {
  has(node: NodeId): boolean;
  add(node: NodeId): void;
}

/** What the room is made of. */
export interface MessagesParts extends MessagePorts {
  readonly identity: Identity;
  readonly store: MessageStore;
  readonly media: MediaPort;
  readonly office: OfficePort;
  readonly listener: ListenerPort;
  readonly voice: VoicePort;
  readonly history: HistoryPort;
  /** When that computer was last online, ms since the epoch. Left out: what waits for somebody waits for ever. */
  readonly lastOnline?: (node: NodeId) => number;
  /** For how long a deletion can be undone, ms. */
  readonly undoMs: number;
  readonly log: (line: string) => void;
}
