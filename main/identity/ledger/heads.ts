import { createHash } from 'node:crypto';
import type { Entry } from './entry.ts';
import type { StatementId } from './statement.ts';

/** SHA-256 over the sorted ids, in base64url: equal at nodes that hold the same statements. */
export function digestOf(counting: readonly Entry[]): string {
  const hash = createHash('sha256');
  for (const id of counting.map((entry) => entry.id).sort()) hash.update(id);
  return hash.digest('base64url');
}

/** The counting statements that no other counting one names. */
export function headsOf(counting: readonly Entry[]): StatementId[] {
  const named = new Set(counting.flatMap(({ after }) => after));
  return counting.filter(({ id }) => !named.has(id)).map(({ id }) => id);
}
