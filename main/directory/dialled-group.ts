import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import type { KnownGroup, KnownNode } from '../model/index.ts';

/** A group, as this person dials it. */
export interface DialledGroup {
  readonly group: KnownGroup;
  /** The computers of its members, without this person's. */
  readonly nodes: readonly KnownNode[];
  /** Whether this person may talk to it. */
  readonly mayTalk: boolean;
}

/** Why a message cannot go to the group; undefined: it can. */
export function refusalOf({ group: { name }, nodes, mayTalk }: DialledGroup): LocalizedText | undefined {
  if (!mayTalk) {
    return localizedText('group-members-only', `Only the members of ${name} talk to it.`, { name });
  }
  if (nodes.length > 0) return undefined;
  return localizedText('group-empty', `Nobody but you is in ${name} yet, so there is nobody to talk to.`, {
    name,
  });
}

/** The refusal where only a person can be dialled. */
export function onlyAPerson({ group: { name } }: DialledGroup): LocalizedText {
  return localizedText('group-no-person', `${name} is a group. Here the extension of a person is dialled.`, {
    name,
  });
}
