import type { RequestBook } from '../identity/index.ts';
import type { OfficeInvitations } from './office-invitations.ts';
import type { OfficeLedger } from './office-ledger.ts';

/** An office on this computer's disk: who is in it, who is invited, and who asks to be let in. */
export interface Office {
  readonly ledger: OfficeLedger;
  readonly invitations: OfficeInvitations;
  /** Kept while the node runs: whoever was refused is not heard again after a sleep either. */
  readonly requests: RequestBook;
}
