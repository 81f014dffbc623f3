import type { Directory } from '../directory/index.ts';
import { officeKeys, type Office } from '../identity/index.ts';
import { fromBase64url } from '../model/index.ts';
import type { Members } from './pair-book.ts';

/** A beat's body begins with so many bytes of the ledger's digest. */
export const DIGEST_BYTES = 8;

/** What datagrams ask of the office: its id (16 bytes), its members, and 8 bytes that tell whether two nodes know the same of it. */
export interface Membership {
  readonly officeId: Uint8Array;
  readonly members: Members;
  ledgerDigest(): Uint8Array;
}

const NO_LEDGER = Buffer.alloc(DIGEST_BYTES);

/** The office of those who have its key: whoever has a record in the directory is a member. */
export function membershipOf(office: Office, directory: Directory): Membership {
  return {
    officeId: officeKeys(office.key).officeId,
    members: {
      hpkeKeyOf: (node) => {
        const record = directory.get(node);
        return record && fromBase64url(record.hpkeKey);
      },
      nodes: () => directory.nodes(),
    },
    ledgerDigest: () => NO_LEDGER,
  };
}
