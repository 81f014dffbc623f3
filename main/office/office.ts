import type { RequestBook } from '../identity/index.ts';
import type { OfficeInvitations } from './office-invitations.ts';
import type { OfficeLedger } from './office-ledger.ts';

/** An office as this computer keeps it: its ledger, its invitations, and the requests to be let in. */
export interface Office {
  readonly ledger: OfficeLedger;
  readonly invitations: OfficeInvitations;
  /** Kept while the node runs, so that a refused outsider stays refused after a sleep. */
  readonly requests: RequestBook;
}
