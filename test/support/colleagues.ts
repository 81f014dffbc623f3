import { join } from 'node:path';
import { Headless } from './headless.ts';

/**
 * Starts colleagues without a panel, on loopback, one after the other. Each is added to `started` at once, so that a caller can stop them
 * also if a later one fails. The sound of each is in `dir`, in a file named after the extension.
 */
export async function startColleagues(
  started: Headless[],
  dir: string,
  office: string,
  people: readonly (readonly [name: string, extension: string])[],
): Promise<void> {
  for (const [name, extension] of people) {
    const speaker = `file:${join(dir, `${extension}.wav`)}`;
    const profile = join(dir, extension);
    started.push(await Headless.start({ name, extension, profile, speaker, office, interface: '127.0.0.1' }));
  }
}
