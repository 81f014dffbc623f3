import { fromBase64url } from '../model/index.ts';
import type { OfficeLedger } from './office-ledger.ts';
import type { Members } from './pair-book.ts';

/** A beat's body begins with this many bytes of the ledger's digest. */
export const DIGEST_BYTES = 8;

/** What datagrams need of the office: its id (16 bytes), its members, and 8 bytes of the ledger's digest. */
export interface DatagramOffice {
  readonly officeId: Uint8Array;
  readonly members: Members;
  ledgerDigest(): Uint8Array;
}

/** The members by the ledger, with the keys of their cards. */
export function datagramOfficeOf(ledger: OfficeLedger): DatagramOffice {
  return {
    officeId: fromBase64url(ledger.id),
    members: {
      hpkeKeyOf: (node) => ledger.standing.members.get(node)?.card.hpkeKey,
      nodes: () => ledger.standing.members.keys(),
    },
    ledgerDigest: () => fromBase64url(ledger.standing.digest).subarray(0, DIGEST_BYTES),
  };
}
