import { errorCode } from './durable.ts';

export type TroubleCode = 'disk-full' | 'read-only' | 'io' | 'memory-full';

/** Why the store cannot write at present: a code for programs, a sentence for the person. */
export interface Trouble {
  readonly code: TroubleCode;
  readonly sentence: string;
}

const WAITING = 'What arrives meanwhile is kept in memory and written as soon as that is possible.';

export const MEMORY_FULL: Trouble = {
  code: 'memory-full',
  sentence: 'Messages cannot be written to disk, and memory for them is used up. Free some disk space.',
};

export function troubleOf(error: unknown): Trouble {
  switch (errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { code: 'disk-full', sentence: `The disk is full. Free some space. ${WAITING}` };
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return { code: 'read-only', sentence: `Messages may not be written to this folder. ${WAITING}` };
    default: {
      const reason = error instanceof Error ? error.message : String(error);
      return { code: 'io', sentence: `Messages cannot be written to disk (${reason}). ${WAITING}` };
    }
  }
}
