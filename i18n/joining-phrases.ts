import type { None } from './none.ts';

/** Why a node of the office does not let the newcomer in. */
export type JoinRefusal =
  | 'bad-card'
  | 'bad-proof'
  | 'other-office'
  | 'cannot-admit'
  | 'unknown-invitation'
  | 'maker-out'
  | 'withdrawn'
  | 'over'
  | 'used-up'
  | 'removal-since'
  | 'behind'
  | 'removed'
  | 'full'
  | 'busy'
  | 'closed'
  | 'muted'
  | 'asked-already'
  | 'declined'
  | 'other';

/** Why this computer ended the joining by itself. */
export type JoinEnd =
  | 'wrong-order'
  | 'too-late'
  | 'other-keys'
  | 'other-commitment'
  | 'false-office'
  | 'old-ledger'
  | 'lost'
  | 'other-digits'
  | 'not-admitted'
  | 'in-already';

/** The sentences on joining an office, and on the recovery code, which makes an admin if all are gone. */
export interface JoiningPhrases {
  'not-a-join-link': { readonly prefix: string };
  'mistyped-join-link': None;
  'join-link-cut-off': None;
  'old-join-link': None;
  'join-refused': { readonly reason: JoinRefusal };
  'join-ended': { readonly reason: JoinEnd };
  /** Why an invitation, one’s own or a colleague’s, admits nobody any more. */
  'invitation-closed': {
    readonly reason: 'maker-out' | 'withdrawn' | 'over' | 'used-up' | 'removal-since' | 'behind';
  };
  'too-many-invitations': { readonly most: number };
  'not-compared': None;
  'no-such-request': None;
  /** A computer was to be admitted as another person’s. */
  'not-your-person': None;
  'recovery-code-cut-off': None;
  'mistyped-recovery-code': None;
  'wrong-recovery-code': None;
  'admins-only': None;
  'last-admin': None;
  'no-such-removal': None;
  'no-recovery-code': None;
  'ledger-large': None;
  'not-your-removal': None;
  /** `name`: who founded it, null: not known; `without`: names of those who are left behind, null: none is known; `more`: how many others are. */
  'asked-to-move': {
    readonly name: string | null;
    readonly without: string | null;
    readonly more: number;
  };
  'no-move': None;
}
