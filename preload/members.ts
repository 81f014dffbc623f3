import type { Phrase } from '../i18n/index.ts';
import type { Right } from './methods.ts';

/** The office and its members, as settings and the command line show them. */
export interface Members {
  readonly office: OfficeStatus;
  readonly people: readonly MemberPerson[];
  /** Removals by another person that were not taken back, the latest first. */
  readonly removals: readonly RemovalStatus[];
}

export interface OfficeStatus {
  /** The office id, which is also in join links: by it a link to one's own office is recognized. */
  readonly id: string;
  readonly name: string;
  /** The tag by which offices differ, such as `3f7a-91c2`. */
  readonly tag: string;
  /** Who may admit others. */
  readonly admit: 'members' | 'admins';
  /** Whether the name is announced to outsiders. */
  readonly announced: boolean;
  /** For how many days, at most, heard messages are kept in this office; null: each computer decides. */
  readonly keepDays: number | null;
  /** Whether this computer is an admin's. */
  readonly isAdmin: boolean;
  /** Whether there is a recovery code, which makes an admin if all are lost. */
  readonly hasRecoveryCode: boolean;
  /** Whether this computer may admit others. */
  readonly mayAdmit: boolean;
  /** It may not, because this person sponsors as many people as one member may. */
  readonly isFull: boolean;
}

export interface MemberPerson {
  readonly id: string;
  /** The name that they chose; null: no record of theirs has come yet. */
  readonly name: string | null;
  readonly extension: string | null;
  readonly isMe: boolean;
  readonly isAdmin: boolean;
  /** The rights that an admin gave them. */
  readonly rights: readonly Right[];
  /** They came in by an invitation that a removal had closed elsewhere. An admin should check who it is, and vouch for them or remove them. */
  readonly isToCheck: boolean;
  readonly computers: readonly MemberComputer[];
  /** When they were admitted, milliseconds since the epoch by the admitting computer's clock; null: unknown. */
  readonly since: number | null;
  /** The name of the person who admitted them; null: they founded the office, or the name is unknown. */
  readonly letInBy: string | null;
  /** The people whom they sponsor. */
  readonly answersFor: readonly string[];
}

export interface MemberComputer {
  readonly id: string;
  /** Its name, such as `bo-laptop`; null: unknown. */
  readonly name: string | null;
  readonly online: boolean;
  readonly isThis: boolean;
}

export interface RemovalStatus {
  /** The id of the removal's statement. */
  readonly id: string;
  readonly people: readonly RemovedPerson[];
  /** The name of the person who removed them; null: unknown. */
  readonly by: string | null;
  /** Whether this computer may take it back: its person removed them, or is an admin senior to the remover. */
  readonly mayTakeBack: boolean;
}

export interface RemovedPerson {
  readonly name: string | null;
  /** Another computer of theirs is in the office. */
  readonly isIn: boolean;
}

/** An office that is announced on the LAN. Nothing of it is proven. */
export interface OfficeSeen {
  /** The tag by which offices differ, such as `3f7a-91c2`. */
  readonly tag: string;
  /** Its name; null: it is hidden. */
  readonly name: string | null;
}

/** The requests to be let in. */
export interface JoinRequests {
  /** When *Let somebody in* closes, milliseconds since the epoch; null: it is not open. Admins always see requests. */
  readonly openUntil: number | null;
  /** The requests that wait for this person: none unless they are an admin, or *Let somebody in* is open. */
  readonly requests: readonly JoinRequestStatus[];
}

export interface JoinRequestStatus {
  /** The id of the computer that asks. */
  readonly id: string;
  /** The IP address of the computer that asks. */
  readonly address: string;
  /** When it expires, milliseconds since the epoch. */
  readonly untilMs: number;
  /** comparing: this person chose to compare; agreed: the other person has confirmed the digits. */
  readonly state: 'waiting' | 'comparing' | 'agreed';
  /** The six digits to compare; null: there are none now. */
  readonly digits: string | null;
}

/** The result of founding the office anew: who was asked to come along. */
export interface FoundedAnew {
  /** People whose computers ask them, or have asked before. */
  readonly asked: readonly PersonAlong[];
  /** People whose computers could not be reached; they need the link. */
  readonly missed: readonly PersonAlong[];
  readonly link: string;
}

export interface PersonAlong {
  readonly id: string;
  /** null: no record of theirs has come yet. */
  readonly name: string | null;
  readonly extension: string | null;
}

/** An invitation by a link. */
export interface InvitationStatus {
  readonly id: string;
  readonly isOpen: boolean;
  /** Why it is closed; null: it is open. */
  readonly why: string | null;
  readonly phrase: Phrase | null;
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly uses: number;
  readonly used: number;
  /** The name of the person who made it; null: unknown. */
  readonly by: string | null;
  readonly isMine: boolean;
  /** A removal closed it, and this person, who made it, can replace it. */
  readonly isAnewOffered: boolean;
  /** null: another computer made it, and only that one knows the link. */
  readonly link: string | null;
}
