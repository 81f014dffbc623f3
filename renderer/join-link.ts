/** What a chat or a person puts around a link. */
const SURROUNDINGS = /^[\s<("'\u201c\u201e\u00ab\u00bb]+|[\s>)"'\u201c\u201d\u00ab\u00bb.,]+$/g;
const JOIN_LINK = /^corridor:\/\/join\/([A-Za-z0-9_-]*)\/?$/i;
/** Office id, secret and checksum, 36 bytes in base64url. The node verifies them. */
const CODE_LENGTH = 48;
/** Corridor 0.1: office key and checksum. */
const OLD_CODE_LENGTH = 27;
/** The office id: 16 bytes are 21 characters and two bits of the next. */
const OFFICE_LENGTH = 22;
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const TOP_TWO_BITS = 0b110000;

/** What can be told of a text without the node. none: it is no join link; cut: a part is missing; old: of Corridor 0.1. */
export function joinLinkFault(text: string): 'none' | 'cut' | 'old' | null {
  const code = codeOf(text);
  if (code === undefined) return 'none';
  if (code.length === OLD_CODE_LENGTH) return 'old';
  return code.length < CODE_LENGTH ? 'cut' : null;
}

/** Tells whether a text has the form of a join link. Only the node can tell whether it is one. */
export function isJoinLink(text: string): boolean {
  return codeOf(text)?.length === CODE_LENGTH;
}

/** The id of the office that a join link leads to; undefined: the text is none. */
export function officeOfLink(text: string): string | undefined {
  const code = codeOf(text);
  if (code?.length !== CODE_LENGTH) return undefined;
  const last = BASE64URL[BASE64URL.indexOf(code.charAt(OFFICE_LENGTH - 1)) & TOP_TWO_BITS] ?? '';
  return code.slice(0, OFFICE_LENGTH - 1) + last;
}

function codeOf(text: string): string | undefined {
  return JOIN_LINK.exec(text.replace(SURROUNDINGS, ''))?.[1];
}
