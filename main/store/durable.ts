/** The beginning of a message's file is none that the store writes. */
export class DamagedFile extends Error {}

/** Whether that error says that a file is gone, or cannot be read any more: it has to be begun anew. */
export function isLost(error: unknown): boolean {
  return error instanceof DamagedFile || errorCode(error) === 'ENOENT';
}

/** The system's code of a failed file operation, such as ENOSPC. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
