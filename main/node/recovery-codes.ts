import { localizedText } from '../../i18n/index.ts';
import {
  lacksRecoveryCode,
  readRecoveryCode,
  recoveryKeyOf,
  SECRET_BYTES,
  writeRecoveryCode,
  type StatementSequence,
  type Ledger,
} from '../identity/index.ts';
import type { OfficeSession } from '../office/index.ts';
import type { NodeContext } from './node-context.ts';
import { officeOf } from './node-context.ts';
import type { Troubles } from './troubles.ts';

/**
 * Carries out a deed that ends with a new recovery code. The code is on this computer's disk before the office knows its key,
 * since nobody could ever show it otherwise; it is dropped where the office does not come to know it.
 * @param isDone whether all but the new code came about: it is offered anew then, and the deed has not failed
 * @throws CorridorError `settings-not-saved`, when nothing has changed; and what the deed refuses
 */
export async function withNewCode(
  node: NodeContext,
  deed: (ledger: Ledger, nextSecret: Uint8Array) => StatementSequence,
  isDone: () => boolean = () => false,
): Promise<void> {
  const { profile, random, options } = node;
  const { ledger } = officeOf(node);
  const secret = random.bytes(SECRET_BYTES);
  const before = profile.settings.recoveryCode;
  await profile.change({ recoveryCode: writeRecoveryCode(secret) });
  try {
    await ledger.carryOut((plain) => deed(plain, secret));
  } catch (error) {
    if (!isDone()) throw error;
    options.log(`The office has no new recovery code yet: ${String(error)}`);
  } finally {
    if (!ledger.standing.recoveryKeys.has(recoveryKeyOf(secret).nodeId))
      await profile.note({ recoveryCode: before });
  }
}

/** The code that this person has yet to put away. Null where none is kept here, or the kept one makes no admin any more. */
export function keptCode({ profile, session }: NodeContext): string | null {
  const { recoveryCode } = profile.settings;
  const keys = session.office?.ledger.standing.recoveryKeys;
  if (recoveryCode === null || !keys) return null;
  try {
    return keys.has(recoveryKeyOf(readRecoveryCode(recoveryCode)).nodeId) ? recoveryCode : null;
  } catch {
    // A person may have changed the file.
    return null;
  }
}

/** Asks an admin for a new code where the last one went with an admin who knew it. Returns the function that ends that. */
export function watchRecoveryCode(session: OfficeSession, troubles: Troubles): () => void {
  return session.events.on('changed', () => {
    const ledger = session.office?.ledger;
    const isAsked = ledger !== undefined && ledger.isAdmin(session.peers.self) && lacksRecoveryCode(ledger);
    const text = localizedText(
      'no-recovery-code',
      'The office has no recovery code: if its admins were lost, nobody could become one. Make a code in the settings of the office.',
    );
    troubles.set('no-recovery-code', isAsked ? text : undefined);
  });
}
