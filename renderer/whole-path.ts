/** Whether a path begins at the root of a file system, a drive (`C:\`) or a server (`\\server`). Pure. */
export function isWholePath(path: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path);
}
