import type { Identity } from '../identity.ts';
import { signRule } from '../ledger/author.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PersonId } from '../ledger/statement.ts';
import type { StatementSequence } from './recovery.ts';
import { adminsOnly } from './sentences.ts';

/**
 * An admin vouches for a person who came in by an invitation that had ended elsewhere: admits their computers again, directly. From then
 * on an admin answers for them. Computers that are settled already are skipped.
 * @throws CorridorError `admins-only`
 */
export function* vouchFor(
  ledger: Ledger,
  self: Pick<Identity, 'nodeId' | 'sign'>,
  person: PersonId,
): StatementSequence {
  const { admins, unsettled, members } = ledger.standing;
  if (!admins.has(self.nodeId)) throw adminsOnly();
  for (const node of unsettled) {
    const card = members.get(node)?.person === person ? ledger.cardOf(node) : undefined;
    if (card) yield signRule(self, ledger, 'admit', { card, person });
  }
}
