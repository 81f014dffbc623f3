import type { MediaWorker, MediaAddress } from '../media/index.ts';
import type {
  ChosenPresence,
  Clock,
  Fragment,
  KnownNode,
  MessageId,
  NodeId,
  Random,
  Schedule,
  Signed,
} from '../model/index.ts';
import type { MessageFrame } from '../signalling/index.ts';

/** A link to another node. Whether it is a TLS socket or a simulated one, messages do not know. */
export interface PeerLink {
  readonly peer: NodeId;
  send(frame: MessageFrame): void;
  sendFragments(id: MessageId, fragments: readonly Fragment[]): void;
  /** Resolves when what was sent has left this computer. */
  drained(): Promise<void>;
}

/**
 * The office, as far as messages need it. It is there for the whole life of the node: while the node is between two
 * addresses, or in no office yet, nobody is reachable, and everything else works.
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
  /** Where that node receives fragments, as far as is known. */
  mediaAddressOf(node: NodeId): MediaAddress | undefined;
  /** The public signing key (SPKI, base64url) of a member whose record is known. */
  signingKeyOf(node: NodeId): string | undefined;
  /** The same of a computer that was removed, by the card that let it in. What it said before may come after. */
  formerKeyOf(node: NodeId): string | undefined;
  /** Whether the ledger has that node as a member. */
  isMember(node: NodeId): boolean;
  /**
   * Whether a removal took that node out: nobody waits for it any more. A node that the ledger does not have is none of those: the
   * ledger may have been lost here, or its admission may come again.
   */
  isRemoved(node: NodeId): boolean;
  /** All of those. */
  readonly removed: readonly NodeId[];
  /** The person of that node. Undefined: it is no member's. */
  personOf(node: NodeId): NodeId | undefined;
  /** Whether the ledger gives whoever has that node the right to override do not disturb. */
  mayOverride(node: NodeId): boolean;
  /** The computers of that person that were removed. */
  formerNodesOf(person: NodeId): readonly NodeId[];
  /** The computers that the person has now and whose records are here. */
  knownNodesOf(person: NodeId): readonly KnownNode[];
  /** Who has this node's person's messages in their place where that node talks, and since when, ms; undefined: nobody else. */
  standInFor(talker: NodeId): { readonly person: NodeId; readonly since: number } | undefined;
  /** The store that the node's record names; undefined where the node is no member, or is of a version that proves nothing. */
  storeIdOf(node: NodeId): string | undefined;
  /** Whether the node says that it reads headers that name a key sheet. */
  readsSheets(node: NodeId): boolean;
  /** Copies on computers of one account are one copy. */
  accountOf(node: NodeId): string;
  /** Everybody else who is online. */
  readonly online: readonly NodeId[];
  /** The link to that node: one that is up, else one that is made for this and ends when it is unused. Undefined: out of reach. */
  reach(node: NodeId): Promise<PeerLink | undefined>;
  /** Sends a header in one datagram, beside the first fragments. Lost if the node cannot be reached. */
  sendHeader(to: NodeId, header: Signed): void;
  /** The same with hashes of fragments. */
  sendHashes(to: NodeId, hashes: Signed): void;
}

/** Sound and media: orders to the worker, and what it reports. */
export type MediaPort = Pick<MediaWorker, 'post' | 'on'>;

/** What the person and the devices allow at this moment. */
export interface ListenerPort {
  readonly presence: ChosenPresence;
  /** Whether a loudspeaker is there to play on. */
  readonly canPlay: boolean;
  /** The screen is locked: nothing is heard, whoever may be in front of it. */
  readonly isLocked: boolean;
  /** Nobody has touched the computer for minutes: what sounds may be heard by nobody. */
  readonly isIdle: boolean;
  /** The person wants to hear an override also behind a locked screen, and when they chose to be away. */
  readonly hearsOverrideAway: boolean;
  /** How loud the person wants to hear whoever has that node: a factor of the amplitude. */
  gainOf(talker: NodeId): number;
  /** For now the person wants to hear nothing of whoever has that node unasked. */
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
