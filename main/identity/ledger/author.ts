import { randomBytes } from 'node:crypto';
import { nodePorts, toBase64url, type Signed } from '../../model/index.ts';
import type { Identity } from '../identity.ts';
import type { GroupStatement } from './group-statement.ts';
import type { Ledger } from './ledger.ts';
import type { OfficeId, Rule, RuleOf, RuleType, StatementId } from './statement.ts';

type Signer = Pick<Identity, 'nodeId' | 'sign'>;
type Keys = Pick<Identity, 'signingKeySpki' | 'hpkePublicKey' | 'sign'>;

/** The fields of a rule of this type, without those that all statements have. */
export type RuleFields<T extends RuleType> = Omit<RuleOf<T>, 'v' | 'type' | 'by' | 'office' | 'after'>;

/** A node's two public keys, signed by it. */
export function signCard(identity: Keys): Signed {
  return identity.sign({
    v: 1,
    type: 'card',
    signingKey: toBase64url(identity.signingKeySpki),
    hpkeKey: toBase64url(identity.hpkePublicKey),
  });
}

/** The first statement of a new office, by its founder. `recovery`: the public key of the recovery code, 65 bytes. */
export function signCharter(
  founder: Keys & Signer,
  office: { readonly name: string; readonly admit: 'members' | 'admins'; readonly recovery: Uint8Array },
): Signed {
  return founder.sign({
    v: 1,
    type: 'charter',
    by: founder.nodeId,
    salt: toBase64url(randomBytes(16)),
    card: signCard(founder),
    name: office.name,
    admit: office.admit,
    recovery: toBase64url(office.recovery),
    at: nodePorts.clock.now(),
  });
}

/** Signs a statement whose past is all that counts now. Does not enter it. `about`: statements that its past must contain. */
export function signRule<T extends RuleType>(
  signer: Signer,
  ledger: Pick<Ledger, 'office' | 'afterFor'>,
  type: T,
  fields: RuleFields<T>,
  about: readonly StatementId[] = [],
): Signed {
  // A restore counts only where its removal is in its past.
  const needed = 'removal' in fields ? [fields.removal as StatementId, ...about] : about;
  const common: Pick<Rule, 'v' | 'by' | 'after'> & { office: OfficeId } = {
    v: 1,
    by: signer.nodeId,
    office: ledger.office,
    after: ledger.afterFor(signer.nodeId, needed),
  };
  const dated = type === 'admit' || type === 'remove' ? { at: nodePorts.clock.now() } : {};
  return signer.sign({ ...common, type, ...dated, ...fields });
}

/** Signs a statement on a group in the same way. `about`: statements that its past must contain, including the group's founding. */
export function signGroup(
  signer: Signer,
  ledger: Pick<Ledger, 'office' | 'afterFor'>,
  said: GroupStatement,
  about: readonly StatementId[] = [],
): Signed {
  const needed = said.type === 'group' ? about : [said.group, ...about];
  const common = {
    ...{ v: 1, by: signer.nodeId, office: ledger.office },
    after: ledger.afterFor(signer.nodeId, needed),
  };
  return signer.sign({ ...common, ...said });
}
