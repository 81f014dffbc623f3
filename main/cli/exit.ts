import { CorridorError, whyOf } from '../model/index.ts';

/** The exit codes. Append-only. */
export const EXIT = {
  done: 0,
  /** Refused by the node, or failed; the sentence says why. */
  failed: 1,
  /** The command was not understood; nothing was done. */
  usage: 2,
  /** No Corridor runs with that profile. */
  noNode: 3,
  /** Ended by Ctrl+C (128 + SIGINT). */
  interrupted: 130,
} as const;

/** The command was not understood. The message says what is expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

interface Failure {
  readonly exit: number;
  readonly code: string;
  readonly sentence: string;
}

/** The exit code, code and sentence of an error. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return { exit: EXIT.usage, code: 'usage', sentence: error.message };
  if (error instanceof CorridorError) {
    const exit =
      error.code === 'no-node' || error.code === 'node-gone'
        ? EXIT.noNode
        : error.code === 'interrupted'
          ? EXIT.interrupted
          : EXIT.failed;
    return { exit, code: error.code, sentence: error.message };
  }
  return {
    exit: EXIT.failed,
    code: 'failed',
    sentence: whyOf(error),
  };
}
