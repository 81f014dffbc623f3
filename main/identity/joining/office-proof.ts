import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { fromBase64url } from '../../model/index.ts';
import type { OfficeId } from '../ledger/statement.ts';

/** The ALPN (RFC 7301) of control links, which differs from other programs' and from that of Corridor before the ledger. */
export const OFFICE_ALPN = 'corridor/2';
/** Exported keying material (RFC 8446 §7.5, empty context) differs on every connection, so a proof is valid on one alone. */
export const OFFICE_EXPORTER_LABEL = 'EXPORTER-corridor-office';
export const JOIN_EXPORTER_LABEL = 'EXPORTER-corridor-join';
export const EXPORTED_BYTES = 32;
export const OFFICE_PROOF_BYTES = 32;
export const OFFICE_TAG_BYTES = 4;

type LinkRole = 'client' | 'server';

/**
 * Proves that this end knows the office id, which strangers do not: HMAC-SHA-256(office id, exporter ‖ role). It does not prove
 * membership: that follows from the ledger and the key in the certificate.
 * @param exported 32 bytes of the link under OFFICE_EXPORTER_LABEL
 */
export function officeProof(office: OfficeId, exported: Uint8Array, role: LinkRole): Buffer {
  if (exported.length !== EXPORTED_BYTES) throw new RangeError(`an exporter has ${EXPORTED_BYTES} bytes`);
  return createHmac('sha256', fromBase64url(office)).update(exported).update(role).digest();
}

export function isOfficeProof(
  proof: Uint8Array,
  office: OfficeId,
  exported: Uint8Array,
  role: LinkRole,
): boolean {
  return proof.length === OFFICE_PROOF_BYTES && timingSafeEqual(proof, officeProof(office, exported, role));
}

/** A tag by which offices on one LAN differ, and which reveals nothing: 4 bytes of HKDF-SHA-256 (RFC 5869) of the office id, no salt. */
export function officeTagOf(office: OfficeId): Buffer {
  const tag = hkdfSync(
    'sha256',
    fromBase64url(office),
    Buffer.alloc(0),
    'corridor office tag v2',
    OFFICE_TAG_BYTES,
  );
  return Buffer.from(tag);
}

/** The tag as people compare it: `3f7a-91c2`. */
export function showOfficeTag(tag: Uint8Array): string {
  const digits = Buffer.from(tag).toString('hex');
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}

/** The tag that `showOfficeTag` shows. @param shown `3f7a-91c2` */
export function readOfficeTag(shown: string): Buffer {
  return Buffer.from(shown.replace('-', ''), 'hex');
}
