import { DEFAULT_BEAT_PORT } from '../discovery/index.ts';
import { CorridorError } from '../model/index.ts';

/** Opens the default port if it is free, otherwise any port. */
export async function preferDefaultPort<T>(open: (port: number) => Promise<T>): Promise<T> {
  try {
    return await open(DEFAULT_BEAT_PORT);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && !(error instanceof CorridorError)) throw error;
    return open(0);
  }
}
