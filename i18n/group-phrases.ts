import type { None } from './none.ts';

interface OfGroup {
  /** The group's name. */
  readonly name: string;
}

/** The sentences on groups. */
export interface GroupPhrases {
  'group-members-only': OfGroup;
  'group-empty': OfGroup;
  'group-no-person': OfGroup;
  'group-without-number': OfGroup;
  'group-none': None;
  /** `byMembers`: its members may change it, and this person is none. */
  'group-not-yours': OfGroup & { readonly byMembers: boolean };
  'group-full': { readonly most: number; readonly count: number };
  /** The office, or this person with the people they let in, has as many groups as it may. */
  'groups-full': None;
  /** This computer has used up its statements on groups that count. */
  'groups-spent': None;
  /** A message to groups would go to more computers than a header can name. */
  'talk-too-many': { readonly most: number; readonly count: number };
  /** What dialling it does. `count`: people besides this one. */
  'dial-group': OfGroup & { readonly extension: string; readonly count: number };
  'dial-group-mailbox': OfGroup & { readonly extension: string };
}
