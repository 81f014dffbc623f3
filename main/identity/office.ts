import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as v from 'valibot';
import { base64url, CorridorError, fromBase64url, nodePorts, toBase64url } from '../model/index.ts';
import { ensureOwnerFolder, readOwnerFile, writeOwnerFile, type FilePorts, type Tell } from './owner-file.ts';

export const OFFICE_FILE = 'office.json';
const OFFICE_KEY_BYTES = 16;
const CHECKSUM_BYTES = 4;
const TAG_BYTES = 4;
const LINK_PREFIX = 'corridor://join/';

/** The office this node belongs to. Every node that holds its key is a member. */
export interface Office {
  /** 128 random bits. */
  readonly key: Uint8Array;
}

/** The keys that are derived from the office key, which itself seals and proves nothing. */
export interface OfficeKeys {
  /** 16 bytes by which nodes of one office find each other; it proves nothing. */
  readonly officeId: Uint8Array;
  /** HMAC-SHA256, proves membership over a TLS exporter. */
  readonly controlProofKey: Uint8Array;
}

const officeFileSchema = v.object({ version: v.literal(1), key: base64url(OFFICE_KEY_BYTES) });

export function createOffice(): Office {
  return { key: randomBytes(OFFICE_KEY_BYTES) };
}

/** The text by which a colleague joins. It holds the office key: to be given to members only. */
export function joinLink(officeKey: Uint8Array): string {
  return LINK_PREFIX + toBase64url(Buffer.concat([officeKey, checksum(officeKey)]));
}

/**
 * The office key of a join link; white space, quotes and brackets around it do not matter.
 * @throws CorridorError `not-a-join-link` or `mistyped-join-link`.
 */
export function parseJoinLink(text: string): Uint8Array {
  const bare = text.trim().replace(/^[<"'\u201c\u201e]+|[>"'\u201d.,]+$/g, '');
  if (!bare.toLowerCase().startsWith(LINK_PREFIX)) {
    throw new CorridorError(
      'not-a-join-link',
      `This is not a join link: it should begin with ${LINK_PREFIX}. Ask a colleague to copy theirs for you.`,
      { details: { prefix: LINK_PREFIX } },
    );
  }
  const code = bare.slice(LINK_PREFIX.length).replace(/\/$/, '');
  const bytes = fromBase64url(code);
  const key = bytes.subarray(0, OFFICE_KEY_BYTES);
  const whole = bytes.length === OFFICE_KEY_BYTES + CHECKSUM_BYTES && toBase64url(bytes) === code;
  if (!whole || !checksum(key).equals(bytes.subarray(OFFICE_KEY_BYTES))) {
    throw new CorridorError(
      'mistyped-join-link',
      'This join link has a mistake in it: a character is wrong or missing. Copy the whole link again.',
    );
  }
  return key;
}

/** The tag of the office in the mDNS record: 8 hexadecimal characters that tell two offices apart and nothing else. */
export function officeTag(officeKey: Uint8Array): string {
  return derive(officeKey, 'corridor office tag v1', TAG_BYTES).toString('hex');
}

export function officeKeys(officeKey: Uint8Array): OfficeKeys {
  return {
    officeId: derive(officeKey, 'corridor office id v1', 16),
    controlProofKey: derive(officeKey, 'corridor control proof key v1', 32),
  };
}

/**
 * The office kept in `dir`, or undefined where the node has joined none.
 * @throws CorridorError `office-damaged` where the file cannot be used.
 */
export async function loadOffice(
  dir: string,
  tell: Tell = () => undefined,
  { disk }: Pick<FilePorts, 'disk'> = nodePorts,
): Promise<Office | undefined> {
  const path = join(dir, OFFICE_FILE);
  const kept = await readOwnerFile(path, tell, disk);
  if (kept === undefined) return undefined;
  try {
    const key = fromBase64url(v.parse(officeFileSchema, JSON.parse(kept)).key);
    if (key.length !== OFFICE_KEY_BYTES) throw new RangeError('not an office key');
    return { key };
  } catch (cause) {
    throw new CorridorError(
      'office-damaged',
      `The office of this node cannot be read: ${path} is damaged, or was written by a newer Corridor. ` +
        'Move it away and join again with a colleague’s join link.',
      { cause, details: { path } },
    );
  }
}

/** Resolves once the office is on the disk: it is kept whenever the power fails. */
export async function saveOffice(
  dir: string,
  office: Office,
  tell: Tell = () => undefined,
  ports: FilePorts = nodePorts,
): Promise<void> {
  await ensureOwnerFolder(dir, tell, ports.disk);
  const text = JSON.stringify({ version: 1, key: toBase64url(office.key) });
  await writeOwnerFile(join(dir, OFFICE_FILE), `${text}\n`, ports);
}

/** HKDF-SHA256 (RFC 5869) without salt: the office key is uniformly random already. */
function derive(officeKey: Uint8Array, purpose: string, bytes: number): Buffer {
  if (officeKey.length !== OFFICE_KEY_BYTES)
    throw new RangeError(`an office key has ${OFFICE_KEY_BYTES} bytes`);
  return Buffer.from(hkdfSync('sha256', officeKey, Buffer.alloc(0), purpose, bytes));
}

function checksum(officeKey: Uint8Array): Buffer {
  return createHash('sha256')
    .update('corridor join link v1')
    .update(officeKey)
    .digest()
    .subarray(0, CHECKSUM_BYTES);
}
