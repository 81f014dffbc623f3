import { chmod, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import type { Disk } from './ports.ts';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const OTHERS = 0o077;

/** The computer's own disk. */
export const nodeDisk: Disk = {
  open: (path, mode) => open(path, mode, OWNER_ONLY_FILE),
  readText: (path) => readFile(path, 'utf8'),
  size: async (path) => (await stat(path)).size,
  list: (folder) => readdir(folder),
  rename,
  link,
  remove: (path) => rm(path, { force: true }),
  makeFolder: (path) => mkdir(path, { recursive: true, mode: OWNER_ONLY_FOLDER }),
  async restrict(path) {
    // Windows has no such rights; a user's own folder is protected there.
    if (process.platform === 'win32') return false;
    const { mode } = await stat(path);
    if ((mode & OTHERS) === 0) return false;
    await chmod(path, mode & ~OTHERS);
    return true;
  },
  async syncFolder(path) {
    // Windows cannot open folders, and syncs names by itself.
    if (process.platform === 'win32') return;
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};
