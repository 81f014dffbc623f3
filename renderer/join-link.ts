/** Of 20 bytes in base64url: the office key and a checksum, which the node verifies. */
const JOIN_LINK = /^\s*corridor:\/\/join\/[A-Za-z0-9_-]{27}\/?\s*$/i;

/** Whether a text has the form of a join link; whether it is one, the node says. */
export function isJoinLink(text: string): boolean {
  return JOIN_LINK.test(text);
}
