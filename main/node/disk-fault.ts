import type { Phrases } from '../../i18n/index.ts';

/** What is wrong with the disk, and the sentence that says it and what helps. */
export type DiskFault = Phrases['settings-not-saved'] & { readonly sentence: string };

/** Why the disk took nothing. @param readOnly the sentence for a folder that may not be written to */
export function diskFault({ code, message }: NodeJS.ErrnoException, readOnly: string): DiskFault {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return { fault: 'full', why: null, sentence: 'The disk is full: make room on it.' };
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return { fault: 'read-only', why: null, sentence: readOnly };
  return { fault: 'other', why: message, sentence: `The disk says: ${message}.` };
}
