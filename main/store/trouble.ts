import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { whyOf } from '../model/index.ts';
import { errorCode } from './durable.ts';

type TroubleCode = 'disk-full' | 'read-only' | 'io' | 'memory-full';

/** Why the store cannot write now: a code for programs, a sentence for the person. */
export interface Trouble extends LocalizedText {
  readonly code: TroubleCode;
}

const WAITING = 'What arrives meanwhile is kept in memory and written as soon as that is possible.';

export const MEMORY_FULL: Trouble = {
  code: 'memory-full',
  ...localizedText(
    'store-memory-full',
    'Messages cannot be written to disk, and memory for them is used up. Free some disk space.',
  ),
};

export function troubleOf(error: unknown): Trouble {
  switch (errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        code: 'disk-full',
        ...localizedText('store-disk-full', `The disk is full. Free some space. ${WAITING}`),
      };
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'read-only',
        ...localizedText('store-read-only', `Messages may not be written to this folder. ${WAITING}`),
      };
    default: {
      const why = whyOf(error);
      const sentence = `Messages cannot be written to disk (${why}). ${WAITING}`;
      return { code: 'io', ...localizedText('store-io', sentence, { why }) };
    }
  }
}
