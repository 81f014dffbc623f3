import assert from 'node:assert/strict';
import { join } from 'node:path';
import { foundOffice, saveOffice } from '../../main/identity/index.ts';
import { nodePorts, type MessageId, type Ports } from '../../main/model/index.ts';
import { closeProfileFolder, openProfileFolder, type ProfileFolder } from '../../main/node/profile-folder.ts';
import { TranscriptFiles, type MessageStore } from '../../main/store/index.ts';
import { signed, speak } from '../../main/store/test-office.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import { VirtualTime } from './virtual-time.ts';

export const PROFILE = '/home/dana/profile';

function portsOn(disk: SimulatedDisk): Ports {
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
  folder.lastOnline.note([folder.identity.nodeId]);
  await folder.starts.next();
  await hear(folder.store, transcriptsIn(PROFILE, portsOn(disk)));
  await closeProfileFolder(folder);
  return disk;
}

/** Keeps a message whole, and what was said in it. @throws where the disk does not take it */
export async function hear(store: MessageStore, transcripts: TranscriptFiles): Promise<MessageId> {
  const { id, header, fragments, manifest } = speak(8);
  store.begin(signed(header), header, { mine: 'recipient' });
  store.append(id, fragments);
  assert.equal(await store.setManifest(id, signed(manifest), manifest), 'complete');
  await transcripts.write(id, `sealed ${id}`);
  return id;
}

export function transcriptsIn(profile: string, ports: Ports): TranscriptFiles {
  return new TranscriptFiles(join(profile, 'store', 'transcripts'), ports);
}

/** The paths of all files, in order. */
export async function filesIn(disk: SimulatedDisk, folder = PROFILE): Promise<string[]> {
  const names = await disk.list(folder);
  const below = await Promise.all(
    names.map((name) => filesIn(disk, join(folder, name)).catch(() => [join(folder, name)])),
  );
  return below.flat().sort();
}
