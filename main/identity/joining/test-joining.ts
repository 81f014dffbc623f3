import { randomBytes } from 'node:crypto';
import type { Signed } from '../../model/index.ts';
import { signRule } from '../ledger/author.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { computer, type Signer } from '../ledger/test-office.ts';
import { foundOffice } from './founding.ts';
import { Invitations } from './invitations.ts';

export const NOW = Date.UTC(2026, 2, 9, 10);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const [ana, bo, cy, dana] = [computer(0), computer(1), computer(2), computer(3)];

/** Ana founds, and admits Bo, a plain member. */
export function officeOf(admit: 'members' | 'admins' = 'members') {
  const recoverySecret = randomBytes(16);
  const { ledger, charter } = foundOffice(ana, { name: 'Nord', admit }, recoverySecret);
  letIn(ledger, ana, bo);
  return { ledger, charter, recoverySecret, invitations: new Invitations(ledger) };
}

export function letIn(ledger: Ledger, by: Signer, who: Signer): Signed {
  return enter(ledger, signRule(by, ledger, 'admit', { card: who.card, person: who.nodeId }));
}

export function putOut(ledger: Ledger, by: Signer, ...who: readonly Signer[]): Signed {
  return enter(ledger, signRule(by, ledger, 'remove', { nodes: who.map(({ nodeId }) => nodeId) }));
}

export function makeAdmin(ledger: Ledger, by: Signer, who: Signer): Signed {
  return enter(ledger, signRule(by, ledger, 'admin', { node: who.nodeId }));
}

export function enter(ledger: Ledger, statement: Signed): Signed {
  ledger.add(statement);
  return statement;
}
