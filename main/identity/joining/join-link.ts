import { createHash } from 'node:crypto';
import { CorridorError, fromBase64url, toBase64url } from '../../model/index.ts';
import { SECRET_BYTES, secretKey, type SecretKey } from '../ledger/secret-key.ts';
import type { OfficeId } from '../ledger/statement.ts';

const PREFIX = 'corridor://join/';
const OFFICE_BYTES = 16;
const CHECKSUM_BYTES = 4;
const LINK_BYTES = OFFICE_BYTES + SECRET_BYTES + CHECKSUM_BYTES;
/** 36 bytes leave no unused bits, so a link has one spelling. */
const CODE_CHARACTERS = 48;
/** Corridor 0.1 put the office key and its checksum in a link. */
const OLD_KEY_BYTES = 16;
const OLD_LINK_BYTES = OLD_KEY_BYTES + CHECKSUM_BYTES;

/** Characters that chats, letters and people put around a link. German quotation marks end with the English opening one. */
const SURROUNDINGS = /^[<("'\u201c\u201e\u00ab\u00bb]+|[>)"'\u201c\u201d\u00ab\u00bb.,]+$/g;

/** The content of a join link. */
export interface JoinLink {
  readonly office: OfficeId;
  /** 128 random bits, from which the invitation's key is derived. */
  readonly secret: Uint8Array;
}

/** `corridor://join/` and base64url of office id, secret and checksum. Anybody who has it can join while its invitation is open. */
export function writeJoinLink({ office, secret }: JoinLink): string {
  if (secret.length !== SECRET_BYTES) throw new RangeError(`a secret has ${SECRET_BYTES} bytes`);
  const said = Buffer.concat([fromBase64url(office), secret]);
  return PREFIX + toBase64url(Buffer.concat([said, checksum('corridor join link v2', said)]));
}

/**
 * Reads a join link; white space, quotes and brackets around it do not matter.
 * @throws CorridorError `not-a-join-link`, `old-join-link`, `join-link-cut-off` or `mistyped-join-link`
 */
export function readJoinLink(text: string): JoinLink {
  const bare = text.trim().replace(SURROUNDINGS, '');
  if (!bare.toLowerCase().startsWith(PREFIX)) {
    throw new CorridorError(
      'not-a-join-link',
      `This is not a join link: it should begin with ${PREFIX}. Ask a colleague to copy theirs for you.`,
      { details: { prefix: PREFIX } },
    );
  }
  const code = bare.slice(PREFIX.length).replace(/\/$/, '');
  const bytes = fromBase64url(code);
  const isSpelledRight = toBase64url(bytes) === code;
  if (isSpelledRight && isOldLink(bytes)) {
    throw new CorridorError(
      'old-join-link',
      'This join link was made by Corridor 0.1 and opens nothing any more. Ask a colleague for a new one.',
    );
  }
  if (code.length < CODE_CHARACTERS) {
    throw new CorridorError(
      'join-link-cut-off',
      'The end of this join link is missing. Copy the whole link again.',
    );
  }
  const said = bytes.subarray(0, OFFICE_BYTES + SECRET_BYTES);
  const isWhole = isSpelledRight && bytes.length === LINK_BYTES;
  if (!isWhole || !checksum('corridor join link v2', said).equals(bytes.subarray(said.length))) {
    throw new CorridorError(
      'mistyped-join-link',
      'This join link has a mistake in it: a character is wrong or missing. Copy the whole link again.',
    );
  }
  return {
    office: said.subarray(0, OFFICE_BYTES).toString('base64url') as OfficeId,
    secret: said.subarray(OFFICE_BYTES),
  };
}

/** The key by which the holder of a link proves to have it. */
export function invitationKey({ office, secret }: JoinLink): SecretKey {
  return secretKey(secret, office, 'invitation');
}

function isOldLink(bytes: Buffer): boolean {
  const key = bytes.subarray(0, OLD_KEY_BYTES);
  return (
    bytes.length === OLD_LINK_BYTES &&
    checksum('corridor join link v1', key).equals(bytes.subarray(OLD_KEY_BYTES))
  );
}

function checksum(purpose: string, said: Uint8Array): Buffer {
  return createHash('sha256').update(purpose).update(said).digest().subarray(0, CHECKSUM_BYTES);
}
