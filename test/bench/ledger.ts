import { measureHostileOffice, measureOldOffice } from '../../main/identity/ledger/ledger.bench.ts';
import type { Measured } from './main.ts';
import { measured } from './statistics.ts';

/** What it costs to say who is a member, in an office that has lasted and in one where an admin does harm. */
export function measureLedger(): Measured[] {
  const [old, hostile] = [measureOldOffice(), measureHostileOffice()];
  const longest = [...old.longestPartMs, ...hostile.longestPartMs];
  return [
    measured('ledger-1900', 'ms', [...old.evaluationMs], 'tens of ms'),
    measured('ledger-2300-hostile', 'ms', [...hostile.evaluationMs], '≤ 1,000 ms'),
    measured('ledger-longest-part', 'ms', longest, '≤ 20 ms'),
    measured('ledger-intake', 'ms', [...old.intakeMs], 'measured'),
  ];
}
