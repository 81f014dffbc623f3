import type { Header } from '../model/index.ts';

/** The fields of a header that the media worker needs to receive the message. */
export function soundOf({ page, isMulticast }: Header) {
  return { ...toneBefore({ page }, false), ...(isMulticast && { isMulticast }) };
}

/** The field by which the media worker knows which tone sounds first, if any. `isTurn`: it waited for its turn. */
export function toneBefore(
  { page }: Pick<Header, 'page'>,
  isTurn: boolean,
): { readonly first?: 'page' | 'turn' } {
  if (page) return { first: 'page' };
  return isTurn ? { first: 'turn' } : {};
}
