import { join } from 'node:path';
import { foundOffice, saveOffice } from '../../main/identity/index.ts';
import { nodePorts, type Ports } from '../../main/model/index.ts';
import { closeProfileFolder, openProfileFolder, type ProfileFolder } from '../../main/node/profile-folder.ts';
import { TranscriptFiles } from '../../main/store/index.ts';
import { signed, speak } from '../../main/store/test-office.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import { VirtualTime } from './virtual-time.ts';

export const PROFILE = '/home/dana/profile';

export function portsOn(disk: SimulatedDisk): Ports {
  const { clock, schedule } = new VirtualTime();
  return { clock, schedule, random: nodePorts.random, disk };
}

export async function openFolder(disk: SimulatedDisk, log: string[] = []): Promise<ProfileFolder> {
  return openProfileFolder(PROFILE, (line) => log.push(line), portsOn(disk));
}

/** A profile with every file that a node keeps: Dana founded an office, made an invitation, and was told something, which was written down. */
export async function usedProfile(disk = new SimulatedDisk(), name = 'Nord'): Promise<SimulatedDisk> {
  const folder = await openFolder(disk);
  const { ledger } = foundOffice(folder.identity, { name, admit: 'members' }, Buffer.alloc(16, 7));
  const office = await folder.keeper.begin(ledger);
  await office.invitations.make({});
  await office.ledger.close();
  await saveOffice(PROFILE, ledger.office, () => undefined, portsOn(disk));
  await folder.profile.change({ name: 'Dana' });
  folder.addresses.give('colleague.local');
  await folder.starts.next();
  const { id, header, fragments, manifest } = speak(8);
  const { store } = folder;
  store.begin(signed(header), header, { mine: 'recipient' });
  store.append(id, fragments);
  await store.setManifest(id, signed(manifest), manifest);
  await new TranscriptFiles(join(PROFILE, 'store', 'transcripts'), portsOn(disk)).write(id, 'sealed');
  await closeProfileFolder(folder);
  return disk;
}

/** The paths of all files, in order. */
export async function filesIn(disk: SimulatedDisk, folder = PROFILE): Promise<string[]> {
  const names = await disk.list(folder);
  const below = await Promise.all(
    names.map((name) => filesIn(disk, join(folder, name)).catch(() => [join(folder, name)])),
  );
  return below.flat().sort();
}
