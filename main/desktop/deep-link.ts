import { isExtension, readNumber } from '../model/index.ts';

/**
 * Links that other programs open: `corridor://join/CODE` and `corridor://dial/EXTENSION`. Anybody can write one, on a web page
 * too, so a link only proposes: the panel shows the office or extension, and a person decides.
 */

export const SCHEME = 'corridor';

/** Longer than any link, characters. A longer text is not parsed. */
const MAX_LENGTH = 256;
/** Of a join link: 36 bytes in base64url, office id, secret and a checksum, which the node verifies. */
const JOIN = /^corridor:\/\/join\/([A-Za-z0-9_-]{48})\/?$/i;
/** The path has one part, percent-encoded or as it was written; no link holds white space or control characters. */
const DIAL = /^corridor:\/\/dial\/([^/?#\s\p{Cc}]+)\/?$/iu;

export type DeepLink =
  { readonly kind: 'join'; readonly link: string } | { readonly kind: 'dial'; readonly extension: string };

/** Parses a link; undefined for a text that is not exactly one of the two forms. */
export function parseDeepLink(text: unknown): DeepLink | undefined {
  if (typeof text !== 'string' || text.length > MAX_LENGTH) return undefined;
  const code = JOIN.exec(text)?.[1];
  // Built from the checked characters alone.
  if (code !== undefined) return { kind: 'join', link: `${SCHEME}://join/${code}` };
  const extension = readNumber(decoded(DIAL.exec(text)?.[1] ?? ''));
  // Extensions only: a link with a retrieval number would play a message aloud, which helps only a prankster.
  return isExtension(extension) ? { kind: 'dial', extension } : undefined;
}

/** Decodes percent-encoding; undefined where it is malformed. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** The link as text again. */
export function linkText(link: DeepLink): string {
  return link.kind === 'join' ? link.link : `${SCHEME}://dial/${link.extension}`;
}

/** Whether an argument is meant as a link, well formed or not. */
export function looksLikeLink(argument: string): boolean {
  return /^["']?corridor:/i.test(argument);
}
