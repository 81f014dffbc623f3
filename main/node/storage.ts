import * as fs from 'node:fs';
import type { Storage } from '../../preload/api.ts';
import type { Space } from './disk-room.ts';
import { officeKeepDays } from './keeping.ts';
import type { NodeContext } from './node-context.ts';

/** Node 18.15 and later have it, and Electron 24 and later. */
type StatFs = (
  path: string,
  done: (
    error: Error | null,
    stats?: { readonly bavail: number; readonly blocks: number; readonly bsize: number },
  ) => void,
) => void;

/** How much the store holds, and how much is free on its disk; null where the system does not say. */
export async function storageOf({ messages, options, session }: NodeContext): Promise<Storage> {
  return {
    ...messages.kept.totals(),
    freeBytes: (await spaceOf(options.profile))?.freeBytes ?? null,
    officeKeepDays: officeKeepDays(session) ?? null,
  };
}

/** How large the disk is that this folder is on, and how much of it is free; undefined where the system does not say. */
export function spaceOf(path: string): Promise<Space | undefined> {
  const { statfs } = fs as { statfs?: StatFs };
  if (!statfs) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    statfs(path, (error, stats) => {
      if (error || !stats) return resolve(undefined);
      const { bavail, blocks, bsize } = stats;
      resolve({ freeBytes: bavail * bsize, totalBytes: blocks * bsize });
    });
  });
}
