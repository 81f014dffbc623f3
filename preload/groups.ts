/** A group of people who are talked to by one number. */
export interface Group {
  readonly id: string;
  readonly name: string;
  /** null: a person or another group has the number that was chosen for it. */
  readonly extension: string | null;
  /** Its members, by their ids as people. */
  readonly people: readonly string[];
  /** Who may talk to it. */
  readonly talk: 'everybody' | 'members';
  /** Who may change it, besides its founder and the admins. */
  readonly change: 'creator' | 'members';
  /** Whether this person is in it, and may talk to it and change it. */
  readonly isMember: boolean;
  readonly mayTalk: boolean;
  readonly mayChange: boolean;
  readonly favourite: boolean;
}

/** The id and the name of a group, as a message has them. */
export interface GroupName {
  readonly id: string;
  readonly name: string;
}
