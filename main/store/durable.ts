import { chmod, mkdir, rename } from 'node:fs/promises';

export const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

export async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: DIRECTORY_MODE });
  await chmod(path, DIRECTORY_MODE);
}

/** Moves a file that cannot be read out of the way, and keeps it for whoever wants to look. */
export async function setAside(path: string): Promise<string> {
  const aside = `${path}.damaged`;
  await rename(path, aside);
  return aside;
}

/** The system's code of a failed file operation, such as ENOSPC. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
