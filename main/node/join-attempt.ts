import type { Joining } from '../../preload/api.ts';
import type { NodeKeys } from '../identity/index.ts';
import { CorridorError } from '../model/index.ts';
import type { JoinByAsking, JoinByLink } from '../office/index.ts';

/** What is going on: joining by a link, or asking an office that the person chose from the list. */
export type Attempt = {
  readonly keys: NodeKeys;
  readonly since: number;
  /** It is the office that this node was in before. */
  readonly isHome: boolean;
} & (
  | { readonly by: 'link'; readonly search: JoinByLink }
  | { readonly by: 'asking'; readonly search: JoinByAsking; readonly tag: string }
);

/** How far it has come. */
export function joiningBy(attempt: Attempt): Joining {
  const { by, since } = attempt;
  if (attempt.by === 'link') return { by, since, office: null, digits: null, isAgreed: false };
  const { officeName, digits = null, isAgreed } = attempt.search;
  return { by, since, office: officeName ?? attempt.tag, digits, isAgreed };
}

export function isOfRemovedKeys(error: unknown): boolean {
  if (!(error instanceof CorridorError)) return false;
  const { phrase } = error;
  return phrase?.code === 'join-refused' && phrase.details.reason === 'removed';
}
