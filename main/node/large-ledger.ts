import type { Check } from '../../preload/api.ts';
import { localizedText } from '../../i18n/index.ts';
import { LARGE_LEDGER } from '../identity/index.ts';
import type { OfficeSession } from '../office/index.ts';
import { fails, fine } from './health-check.ts';
import type { Troubles } from './troubles.ts';

/** How much the office has written down about its members. */
export interface LedgerFacts {
  /** How many statements count; null: the node is in no office. */
  readonly statements: number | null;
  readonly isAdmin: boolean;
}

export function ledger({ statements, isAdmin }: LedgerFacts): Check {
  if (statements === null || statements < LARGE_LEDGER) {
    const sentence =
      statements === null
        ? 'The list of members is looked at once you are in an office.'
        : `The office has written down ${statements} statements about its members. Up to ${LARGE_LEDGER} are read quickly.`;
    return fine('ledger', localizedText('health-ledger', sentence, { statements, most: LARGE_LEDGER }));
  }
  const next = isAdmin
    ? 'Found the office anew in the settings under Office: keys and messages stay.'
    : 'Ask an admin to found the office anew: keys and messages stay.';
  return fails(
    'ledger',
    localizedText(
      'health-ledger-large',
      `The office has written down ${statements} statements about its members. From ${LARGE_LEDGER} on every computer takes longer to read them.`,
      { statements, most: LARGE_LEDGER },
    ),
    localizedText('next-ledger', next, { isAdmin }),
  );
}

/**
 * Asks admins to found an office anew whose ledger has become large. Returns the function that ends that. `most`: another bound,
 * for tests.
 */
export function watchLedger(
  session: Pick<OfficeSession, 'events' | 'office'>,
  troubles: Troubles,
  most = LARGE_LEDGER,
): () => void {
  return session.events.on('changed', () => {
    const office = session.office?.ledger;
    const isAsked = office !== undefined && office.isAdmin(office.node) && office.standing.counting >= most;
    const text = localizedText(
      'ledger-large',
      'The list of the office’s members has grown long. Found the office anew in its settings: keys and messages stay.',
    );
    troubles.set('ledger-large', isAsked ? text : undefined);
  });
}
