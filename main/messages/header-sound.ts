import type { Header } from '../model/index.ts';

/** The fields of a header that the media worker needs to receive the message. */
export function soundOf({ page, isMulticast }: Header) {
  return { ...isPage({ page }), ...(isMulticast && { isMulticast }) };
}

/** The field by which the media worker knows a page. */
export function isPage({ page }: Pick<Header, 'page'>): { readonly isPage?: true } {
  return page ? { isPage: true } : {};
}
