import type { Disk } from './ports.ts';

/** Moves a file that cannot be used out of the way, for a person who wants to look at it. Returns where it is then. */
export async function setAside(
  disk: Pick<Disk, 'rename'>,
  path: string,
  why: 'damaged' | 'newer' = 'damaged',
): Promise<string> {
  const aside = `${path}.${why}`;
  await disk.rename(path, aside);
  return aside;
}
