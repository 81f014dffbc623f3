import { createHash } from 'node:crypto';
import { officeTagOf, writeJoinLink, type Ledger, type OfficeId } from '../../main/identity/index.ts';

/** 32 bytes that are always the same for a name. */
export const named = (name: string): Buffer => createHash('sha256').update(name).digest();

/** What a word about an office's ledger stands for. `which`: `other` is nothing of it, `last` its latest statement. */
export function ledgerWord(
  ledger: Ledger,
  word: 'office' | 'tag' | 'link' | 'digest' | 'statement',
  which = '',
): string {
  const other = named(`${word} ${which}`);
  switch (word) {
    case 'office':
      return ledger.office;
    case 'tag':
      return which === 'other'
        ? other.subarray(0, 4).toString('base64url')
        : officeTagOf(ledger.office).toString('base64url');
    case 'link': {
      const office = other.subarray(0, 16).toString('base64url') as OfficeId;
      return writeJoinLink({ office, secret: other.subarray(16) });
    }
    case 'digest':
      return which === 'other' ? other.toString('base64url') : ledger.standing.digest;
    case 'statement': {
      const { ids } = ledger;
      const id = which === 'last' ? ids.at(-1) : ids[Number(which)];
      return id ?? other.toString('base64url');
    }
  }
}
