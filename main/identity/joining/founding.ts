import { codeSetting, KEEP_DAYS_KEY, type DialCodes, type Signed } from '../../model/index.ts';
import type { Identity } from '../identity.ts';
import { signCharter, signRule } from '../ledger/author.ts';
import { Ledger } from '../ledger/ledger.ts';
import { recoveryKeyOf, writeRecoveryCode } from './recovery-code.ts';

type Founder = Pick<Identity, 'nodeId' | 'sign' | 'signingKeySpki' | 'hpkePublicKey'>;

interface Founded {
  /** To be saved to the disk before anything else is signed. */
  readonly charter: Signed;
  readonly ledger: Ledger;
  /** To be shown to the founder until they have stored it. */
  readonly recoveryCode: string;
}

export interface FoundingOptions {
  readonly name: string;
  readonly admit: 'members' | 'admins';
  /** Whether its name is announced to outsiders; left out: it is. */
  readonly isAnnounced?: boolean;
  /** The codes of the dial plan that differ from the defaults. */
  readonly codes?: DialCodes;
  /** For how many days, at most, heard messages are kept; left out: each computer decides. */
  readonly keepDays?: number | undefined;
}

/** Founds an office. @param recoverySecret 16 random bytes */
export function foundOffice(
  founder: Founder,
  { name, admit, isAnnounced = true, codes = new Map(), keepDays }: FoundingOptions,
  recoverySecret: Uint8Array,
): Founded {
  const recovery = recoveryKeyOf(recoverySecret).publicKey;
  const charter = signCharter(founder, { name, admit, recovery });
  const ledger = new Ledger(charter);
  const settings = new Map<string, string>();
  if (!isAnnounced) settings.set('announced', 'no');
  if (keepDays !== undefined) settings.set(KEEP_DAYS_KEY, String(keepDays));
  for (const [row, code] of codes) settings.set(codeSetting(row), code);
  for (const [key, value] of settings) ledger.add(signRule(founder, ledger, 'setting', { key, value }));
  return { charter, ledger, recoveryCode: writeRecoveryCode(recoverySecret) };
}
