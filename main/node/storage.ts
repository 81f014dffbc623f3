import * as fs from 'node:fs';
import type { Storage } from '../../preload/api.ts';
import type { NodeContext } from './node-context.ts';

/** Node 18.15 and later have it, and Electron 24 and later. */
type StatFs = (
  path: string,
  done: (error: Error | null, stats?: { readonly bavail: number; readonly bsize: number }) => void,
) => void;

/** How much the store holds, and how much is free on its disk; null where the system does not say. */
export async function storageOf({ messages, options }: NodeContext): Promise<Storage> {
  return { ...messages.kept.totals(), freeBytes: await freeBytes(options.profile) };
}

function freeBytes(path: string): Promise<number | null> {
  const { statfs } = fs as { statfs?: StatFs };
  if (!statfs) return Promise.resolve(null);
  return new Promise((resolve) => {
    statfs(path, (error, stats) => resolve(error || !stats ? null : stats.bavail * stats.bsize));
  });
}
