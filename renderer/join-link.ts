/** Of 20 bytes in base64url: the office key and a checksum, which the node verifies. */
const JOIN_LINK = /^\s*corridor:\/\/join\/[A-Za-z0-9_-]{27}\/?\s*$/i;

/** Tells whether a text has the form of a join link. Only the node can tell whether it is one. */
export function isJoinLink(text: string): boolean {
  return JOIN_LINK.test(text);
}
