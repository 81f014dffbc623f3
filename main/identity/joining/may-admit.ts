import type { NodeId } from '../../model/index.ts';
import { MAX_SPONSORED } from '../ledger/count.ts';
import type { Standing } from '../ledger/ledger.ts';

/** Why a member may not admit anybody. `full`: it sponsors as many people as a plain member can. */
type NotAdmitting = 'no-member' | 'admins-only' | 'full';

/** Why the node may not admit; undefined: it may. */
export function whyNotAdmitting(standing: Standing, node: NodeId): NotAdmitting | undefined {
  const member = standing.members.get(node);
  if (!member) return 'no-member';
  if (standing.admins.has(node)) return undefined;
  if (standing.settings.get('admit') !== 'members') return 'admins-only';
  const sponsor = member.sponsor ?? member.person;
  return (standing.sponsored.get(sponsor) ?? 0) >= MAX_SPONSORED ? 'full' : undefined;
}
