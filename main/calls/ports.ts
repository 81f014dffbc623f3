import type { Identity } from '../identity/index.ts';
import type { MediaAddress, MediaWorker } from '../media/index.ts';
import type {
  CallId,
  CallSignal,
  ChosenPresence,
  Clock,
  KnownNode,
  NodeId,
  PickUp,
  Random,
  Schedule,
} from '../model/index.ts';

/** The office, as far as calls need it. While the node is between two addresses nobody is reachable: datagrams are lost, and repeated. */
export interface CallOffice {
  readonly self: NodeId;
  readonly online: readonly NodeId[];
  personOf(node: NodeId): NodeId | undefined;
  knownNodesOf(person: NodeId): readonly KnownNode[];
  /** Everybody who is in a group with this person. */
  groupColleagues(): readonly NodeId[];
  isGroupColleague(person: NodeId): boolean;
  /** Whether that person's divert leads to this one. */
  isInPlaceOf(person: NodeId): boolean;
  isMember(node: NodeId): boolean;
  mediaAddressOf(node: NodeId): MediaAddress | undefined;
  /** Sends one datagram, which may be lost. */
  sendCall(to: NodeId, signal: CallSignal | PickUp): void;
}

export type CallMedia = Pick<MediaWorker, 'post' | 'on'>;

/** This person's presence and sound settings, as they are now. */
export interface CallListener {
  readonly presence: ChosenPresence;
  readonly isLocked: boolean;
  /** Nobody has touched the computer for minutes. */
  readonly isIdle: boolean;
  /** As far as anybody knows, the person is at this one of their computers. */
  readonly isHere: boolean;
  /** There is a loudspeaker. */
  readonly canPlay: boolean;
  /** They talk to somebody, or listen to what somebody said. */
  readonly isEngaged: boolean;
  /** The volume of that computer's person: a factor of the amplitude. */
  gainOf(node: NodeId): number;
  /** Whether this person has muted that computer's person. */
  isMuted(node: NodeId): boolean;
  /** The person chose that calls of that person are answered by themselves. */
  isChosen(person: NodeId): boolean;
}

/** The person's ear: while a call holds it, messages wait. */
export interface CallEar {
  /** To speak with the person of that computer. */
  hold(call: CallId, node: NodeId): void;
  release(call: CallId): void;
  /** The volume of calls beside other voices: a factor of the amplitude, lower beside an override. */
  readonly loudness: number;
}

/** The dependencies of `Calls`. */
export interface CallsParts {
  readonly identity: Identity;
  readonly office: CallOffice;
  readonly media: CallMedia;
  readonly listener: CallListener;
  readonly ear: CallEar;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly random: Random;
  readonly log: (line: string) => void;
}
