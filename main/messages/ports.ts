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

/** A link to another node. Messages do not know whether it is a TLS socket or a simulated one. */
export interface PeerLink {
  readonly peer: NodeId;
  send(frame: MessageFrame): void;
  sendFragments(id: MessageId, fragments: readonly Fragment[]): void;
  /** Resolves when what was sent has left this computer. */
  drained(): Promise<void>;
}

/**
 * The office, as far as messages need it. The port is there for the node's whole life. While the node is between two addresses,
 * or in no office yet, the port says that nobody is reachable, and everything else works.
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
  /** Where that node receives fragments, as far as that is known. */
  mediaAddressOf(node: NodeId): MediaAddress | undefined;
  /** Where what is for many is sent once; undefined: there is no office. */
  readonly group: MediaAddress | undefined;
  /** Whether the node says that it joins that group. */
  joinsGroup(node: NodeId): boolean;
  /** The public signing key (SPKI, base64url) of a member whose record is known. */
  signingKeyOf(node: NodeId): string | undefined;
  /**
   * The signing key of a computer that was removed, from the card that let it in. What it said before the removal may come
   * afterwards.
   */
  formerKeyOf(node: NodeId): string | undefined;
  /** Whether the ledger has that node as a member. */
  isMember(node: NodeId): boolean;
  /**
   * Whether that node was removed: nobody waits for it any more. A node that the ledger does not have is not removed: the ledger
   * may have been lost here, or the node's admission may come again.
   */
  isRemoved(node: NodeId): boolean;
  /** All computers that were removed. */
  readonly removed: readonly NodeId[];
  /** The person of that node. Undefined: it is no member's node. */
  personOf(node: NodeId): NodeId | undefined;
  /** Whether the ledger gives whoever has that node the right to override do not disturb. */
  mayOverride(node: NodeId): boolean;
  /** The computers of that person that were removed. */
  formerNodesOf(person: NodeId): readonly NodeId[];
  /** The computers that the person has now and whose records are here. */
  knownNodesOf(person: NodeId): readonly KnownNode[];
  /** The person who gets this person's messages instead, when that node talks, and since when, ms. Undefined: nobody does. */
  standInFor(talker: NodeId): { readonly person: NodeId; readonly since: number } | undefined;
  /** The store that the node's record names; undefined where the node is no member, or is of a version that proves nothing. */
  storeIdOf(node: NodeId): string | undefined;
  /** Whether the node says that it reads headers that name a key sheet. */
  readsSheets(node: NodeId): boolean;
  /** Copies on computers of one account count as one copy. */
  accountOf(node: NodeId): string;
  /** All other nodes that are online. */
  readonly online: readonly NodeId[];
  /**
   * The link to that node: one that is up, else one that is made for this and ends when it is not used. Undefined: out of reach.
   */
  reach(node: NodeId): Promise<PeerLink | undefined>;
  /** Sends a header in one datagram, beside the first fragments. It is lost if the node cannot be reached. */
  sendHeader(to: NodeId, header: Signed): void;
  /** Sends hashes of fragments in the same way. */
  sendHashes(to: NodeId, hashes: Signed): void;
}

/** Sound and media: orders to the worker, and what it reports. */
export type MediaPort = Pick<MediaWorker, 'post' | 'on'>;

/** What the person and the devices allow at this moment. */
export interface ListenerPort {
  readonly presence: ChosenPresence;
  /** Whether a loudspeaker is there to play on. */
  readonly canPlay: boolean;
  /** The screen is locked: nothing sounds, since anybody may be in front of it. */
  readonly isLocked: boolean;
  /** Nobody has touched the computer for minutes: perhaps nobody hears what sounds. */
  readonly isIdle: boolean;
  /** The person wants to hear an override also behind a locked screen, and when they chose to be away. */
  readonly hearsOverrideAway: boolean;
  /** How loud the person wants to hear this talker, and pages: a factor of the amplitude. */
  gainOf(header: Pick<Header, 'talker' | 'page'>): number;
  /** The person does not want to hear the person of that node unasked for now. */
  isMuted(talker: NodeId): boolean;
}

/** Time and chance. */
export interface MessagePorts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Resolves when whatever else waits for this thread has had its turn. */
  readonly nextTurn: () => Promise<void>;
  readonly random: Random;
}
