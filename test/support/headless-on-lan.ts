import { join } from 'node:path';
import { Headless } from './headless.ts';
import type { Lan } from './lan.ts';

/** A node of a simulated LAN, with a process, a profile and a file for a loudspeaker of its own. */
interface OnLan {
  readonly host: string;
  /** The person's; left out: the host's. */
  readonly name?: string;
  readonly extension: string;
  readonly office: string;
}

/**
 * Starts a node with a cold microphone on a host of the LAN; its files are in `folder`. It takes the interface by name, since the address
 * behind it may change.
 */
export function headlessOnLan(
  lan: Lan,
  folder: string,
  { host, name = host, extension, office }: OnLan,
): Promise<Headless> {
  return Headless.start({
    ...{ name, extension, office, interface: 'eth0', ready: 'cold' },
    prefix: ['ip', 'netns', 'exec', lan.namespace(host)],
    profile: join(folder, host),
    speaker: `file:${join(folder, `${host}.wav`)}`,
  });
}
