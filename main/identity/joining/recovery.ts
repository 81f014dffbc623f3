import { CorridorError, toBase64url, type NodeId, type Signed } from '../../model/index.ts';
import type { Identity } from '../identity.ts';
import { signRule } from '../ledger/author.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { MAX_REMOVED } from '../ledger/statement.ts';
import { recoveryKeyOf } from './recovery-code.ts';
import { adminsOnly } from './sentences.ts';

type Signer = Pick<Identity, 'nodeId' | 'sign'>;

/**
 * The statements of one deed, one after the other. The caller enters each (on the disk, then into the ledger) before it asks for the
 * next, which has it in its past.
 */
export type StatementSequence = Generator<Signed, void>;

/**
 * Makes this node an admin by the recovery code, once. Then removes the used key and the lost admins, and adds a new code.
 * @param secret of the code that was typed
 * @param lost computers of the admins who cannot act any more
 * @param nextSecret of the new code, which is shown to the person
 * @throws CorridorError `wrong-recovery-code` where the office knows no such key, or it was used or replaced
 */
export function* recover(
  ledger: Ledger,
  self: Signer,
  secret: Uint8Array,
  lost: readonly NodeId[],
  nextSecret: Uint8Array,
): StatementSequence {
  const key = recoveryKeyOf(secret);
  const grant = ledger.standing.recoveryKeys.get(key.nodeId);
  if (grant === undefined) throw wrongCode();
  // It is one already if the computer was switched off in the middle of this deed.
  if (!ledger.standing.admins.has(self.nodeId)) {
    yield signRule(key, ledger, 'admin', { node: self.nodeId }, [grant, ...ledger.rightsOf(self.nodeId)]);
    if (!ledger.standing.admins.has(self.nodeId)) throw wrongCode();
  }
  const others = lost.filter((node) => node !== self.nodeId);
  yield* remove(ledger, self, others, [...ledger.standing.recoveryKeys.keys()]);
  yield renewRecovery(ledger, self, nextSecret);
}

/**
 * Removes computers. If one of them is an admin’s, the recovery key is removed too, since that person knows the code, and a new code
 * follows if this node is still an admin's.
 * @param nextSecret of the new code
 * @returns statements that end with a `recovery` if the new code holds and must be shown
 * @throws CorridorError `last-admin`, or `admins-only`
 */
export function* removeComputers(
  ledger: Ledger,
  self: Signer,
  nodes: readonly NodeId[],
  nextSecret: Uint8Array,
): StatementSequence {
  const { admins, members } = ledger.standing;
  const out = new Set(nodes);
  const isAdmin = admins.has(self.nodeId);
  const person = members.get(self.nodeId)?.person;
  if (!isAdmin && nodes.some((node) => members.get(node)?.person !== person)) throw adminsOnly();
  if (admins.size > 0 && [...admins].every((admin) => out.has(admin))) {
    throw new CorridorError(
      'last-admin',
      'There would be no admin any more. First make somebody else an admin.',
    );
  }
  const isAdminLost = nodes.some((node) => admins.has(node));
  yield* remove(ledger, self, nodes, isAdmin && isAdminLost ? [...ledger.standing.recoveryKeys.keys()] : []);
  // An admin who leaves makes no code for those who stay; another admin is asked to.
  if (isAdmin && isAdminLost && !out.has(self.nodeId)) yield renewRecovery(ledger, self, nextSecret);
}

/** Adds a recovery code to an office. Older ones stay valid unless they are removed first. */
export function renewRecovery(ledger: Ledger, self: Signer, nextSecret: Uint8Array): Signed {
  return signRule(self, ledger, 'recovery', { key: toBase64url(recoveryKeyOf(nextSecret).publicKey) });
}

/** Whether an admin must be shown a new code, because the last one was removed with the admin who knew it. */
export function lacksRecoveryCode({ standing }: Pick<Ledger, 'standing'>): boolean {
  return standing.recoveryKeys.size === 0;
}

/** As many removals as needed. The keys are in the first, which is the most important one. */
function* remove(
  ledger: Ledger,
  self: Signer,
  nodes: readonly NodeId[],
  keys: readonly NodeId[],
): StatementSequence {
  // The own computer comes last, since nothing that its node signs after its removal counts.
  const named = [...new Set([...keys, ...nodes])].sort(
    (a, b) => Number(a === self.nodeId) - Number(b === self.nodeId),
  );
  for (let at = 0; at < named.length; at += MAX_REMOVED) {
    yield signRule(self, ledger, 'remove', { nodes: named.slice(at, at + MAX_REMOVED) });
  }
}

function wrongCode(): CorridorError {
  return new CorridorError(
    'wrong-recovery-code',
    'This recovery code does not hold here: it is of another office, was used, or was replaced by a new one.',
  );
}
