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

/** The office, as far as calls need it. Between two addresses nobody is reachable: what is said then is lost, and said again. */
export interface CallOffice {
  readonly self: NodeId;
  readonly online: readonly NodeId[];
  personOf(node: NodeId): NodeId | undefined;
  knownNodesOf(person: NodeId): readonly KnownNode[];
  /** Everybody who is in a group with this person. */
  groupColleagues(): readonly NodeId[];
  isGroupColleague(person: NodeId): boolean;
  /** Whether that person diverted to this one. */
  isInPlaceOf(person: NodeId): boolean;
  isMember(node: NodeId): boolean;
  mediaAddressOf(node: NodeId): MediaAddress | undefined;
  /** Says it in one datagram, which may be lost. */
  sendCall(to: NodeId, signal: CallSignal | PickUp): void;
}

export type CallMedia = Pick<MediaWorker, 'post' | 'on'>;

/** What the person and the computer allow at this moment. */
export interface CallListener {
  readonly presence: ChosenPresence;
  readonly isLocked: boolean;
  /** How loud that computer's person is heard: a factor of the amplitude. */
  gainOf(node: NodeId): number;
  /** Nothing of that computer's person sounds unasked. */
  isMuted(node: NodeId): boolean;
}

/** The person's ear: while a call holds it, voices wait. */
export interface CallEar {
  hold(call: CallId): void;
  release(call: CallId): void;
  /** How loud calls are beside what else sounds: a factor of the amplitude, less beside an override. */
  readonly loudness: number;
}

/** What calls work with. */
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
