import type { Phrase } from '../i18n/index.ts';
import type { Right } from './methods.ts';

/** Who is in the office, as settings and the command line show it. */
export interface Members {
  readonly office: OfficeShown;
  readonly people: readonly MemberPerson[];
  /** Whom somebody else took out and nobody took back, the last first. */
  readonly removals: readonly RemovalShown[];
}

export interface OfficeShown {
  /** A join link holds it, too: by it a link to one's own office is known. */
  readonly id: string;
  readonly name: string;
  /** What tells offices apart, as `3f7a-91c2`. */
  readonly tag: string;
  /** Who may let others in. */
  readonly admit: 'members' | 'admins';
  /** Whether the name is told to computers that are in no office. */
  readonly announced: boolean;
  /** Whether this computer is an admin's. */
  readonly isAdmin: boolean;
  /** Whether a code makes an admin where all are lost. */
  readonly hasRecoveryCode: boolean;
  /** Whether this computer may let others in. */
  readonly mayAdmit: boolean;
  /** It may not, since this person answers for as many people as one member may. */
  readonly isFull: boolean;
}

export interface MemberPerson {
  readonly id: string;
  /** The name that they gave themselves; null: no computer of theirs was met yet. */
  readonly name: string | null;
  readonly extension: string | null;
  readonly isMe: boolean;
  readonly isAdmin: boolean;
  /** What an admin lets them do. */
  readonly rights: readonly Right[];
  /** They came in by an invitation that a removal had ended elsewhere: an admin looks who it is, and vouches for them or removes them. */
  readonly isToCheck: boolean;
  readonly computers: readonly MemberComputer[];
  /** When they were let in, milliseconds since the epoch by the clock of whoever did it; null: not written down. */
  readonly since: number | null;
  /** Who let them in: a name, null: the founder, or somebody who is not known any more. */
  readonly letInBy: string | null;
  /** The people whom they let in and for whom they answer. */
  readonly answersFor: readonly string[];
}

export interface MemberComputer {
  readonly id: string;
  /** What it calls itself, such as `bo-laptop`; null: not known. */
  readonly name: string | null;
  readonly online: boolean;
  readonly isThis: boolean;
}

export interface RemovalShown {
  /** Of the statement. */
  readonly id: string;
  readonly people: readonly RemovedPerson[];
  /** Who removed them; null: somebody who is not known any more. */
  readonly by: string | null;
  /** Whether this computer may take it back: its admin did it, or is an admin for longer than whoever did. */
  readonly mayTakeBack: boolean;
}

export interface RemovedPerson {
  readonly name: string | null;
  /** Another computer of theirs is in the office. */
  readonly isIn: boolean;
}

/** An office that is seen on the LAN. Nothing of it is proven. */
export interface OfficeSeen {
  /** What tells offices apart, as `3f7a-91c2`. */
  readonly tag: string;
  /** What it calls itself; null: it keeps that to its members. */
  readonly name: string | null;
}

/** Who asks to be let in here. */
export interface JoinRequests {
  /** Until when this person is shown who asks, milliseconds since the epoch; null: not opened. Admins are always shown it. */
  readonly openUntil: number | null;
  /** Those that wait for this person: none, where neither an admin asks nor *Let somebody in* is open. */
  readonly requests: readonly JoinRequestShown[];
}

export interface JoinRequestShown {
  /** Of the computer that asks. */
  readonly id: string;
  /** The IP address that it asks from. */
  readonly address: string;
  /** Until when it stands, milliseconds since the epoch. */
  readonly untilMs: number;
  /** comparing: this person chose to compare; agreed: the other person says that the digits are the same. */
  readonly state: 'waiting' | 'comparing' | 'agreed';
  /** Six digits; null: not there (yet). */
  readonly digits: string | null;
}

/** The office was founded anew: who was asked to come along. */
export interface FoundedAnew {
  /** People whose computers ask them, or did before. */
  readonly asked: readonly PersonAlong[];
  /** People none of whose computers could be asked: the link is for them. */
  readonly missed: readonly PersonAlong[];
  readonly link: string;
}

export interface PersonAlong {
  readonly id: string;
  /** null: no computer of theirs was met yet. */
  readonly name: string | null;
  readonly extension: string | null;
}

/** An invitation by a link. */
export interface InvitationShown {
  readonly id: string;
  readonly isOpen: boolean;
  /** Why it is open no more; null: it is. */
  readonly why: string | null;
  readonly phrase: Phrase | null;
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly uses: number;
  readonly used: number;
  /** Whose it is. */
  readonly by: string | null;
  readonly isMine: boolean;
  /** A removal ended it, and its maker may make one in its place. */
  readonly isAnewOffered: boolean;
  /** null: another computer made it, and only that one knows the link. */
  readonly link: string | null;
}
