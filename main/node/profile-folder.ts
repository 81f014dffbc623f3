import { join } from 'node:path';
import { loadDirectory, saveDirectory, type Directory } from '../directory/index.ts';
import { SavedAddresses } from '../discovery/index.ts';
import { loadOffice, loadOrCreateIdentity, type OwnIdentity, type SavedOffice } from '../identity/index.ts';
import { CorridorError, verifyNodeRecord, type Ports } from '../model/index.ts';
import { LastOnline, Starts, type Office } from '../office/index.ts';
import { MessageStore } from '../store/index.ts';
import { LateWriter } from './late-writer.ts';
import { OfficeKeeper } from './office-keeper.ts';
import { limitsNow } from './keeping.ts';
import { Profile } from './profile.ts';

const DIRECTORY_FILE = 'directory.json';
const ADDRESSES_FILE = 'addresses.json';
const STARTS_FILE = 'starts.json';
const ONLINE_FILE = 'online.json';
const STORE_FOLDER = 'store';

/** Everything that is kept in a profile folder. */
export interface ProfileFolder {
  readonly profile: Profile;
  readonly identity: OwnIdentity;
  readonly keeper: OfficeKeeper;
  /** The office that this node was in last. */
  readonly savedOffice: Office | undefined;
  /** The node was in an office of version 0.1, which has no ledger. */
  readonly isFormer: boolean;
  readonly directory: Directory;
  readonly addresses: SavedAddresses;
  readonly starts: Starts;
  readonly lastOnline: LastOnline;
  readonly store: MessageStore;
  /** They write the directory, the addresses, and who was online when. */
  readonly writers: readonly LateWriter[];
  /** Files that were damaged, changed, or of a later version: they were set aside, or read as far as they are understood. */
  readonly damaged: readonly CorridorError[];
}

/** @throws CorridorError where a file that cannot be replaced is damaged; its sentence says what to do */
export async function openProfileFolder(
  folder: string,
  log: (line: string) => void,
  ports: Ports,
): Promise<ProfileFolder> {
  // This comes first: it makes the folder, for its owner alone.
  const identity = await loadOrCreateIdentity(folder, log, ports);
  const { profile, trouble: settingsTrouble } = await Profile.open(folder, log, ports);
  const keeper = new OfficeKeeper({ folder, identity, ports, log });
  const saved = await loadOffice(folder, log, ports);
  const { savedOffice, officeTrouble } = await openOffice(keeper, saved);
  const { directory, trouble } = await loadDirectory(join(folder, DIRECTORY_FILE), ports);
  const own = directory.signed(identity.nodeId);
  if (settingsTrouble && own) profile.recall(verifyNodeRecord(own));
  const store = await MessageStore.open(join(folder, STORE_FOLDER), {
    ports,
    log,
    ...limitsNow(profile, { office: savedOffice }),
  });
  const { addresses, trouble: addressTrouble } = await SavedAddresses.load(
    join(folder, ADDRESSES_FILE),
    ports,
  );
  const { starts, trouble: startsTrouble } = await Starts.load(join(folder, STARTS_FILE), { ports, log });
  const { lastOnline, trouble: onlineTrouble } = await LastOnline.load(join(folder, ONLINE_FILE), ports);
  const found = [
    ...[settingsTrouble, officeTrouble, trouble, addressTrouble, startsTrouble, onlineTrouble],
    ...keeper.setAsides,
  ];
  const told = found.filter((error) => error !== undefined);
  for (const { message } of told) log(message);
  const damaged = [...told, ...store.setAsides];
  const isFormer = saved.kind === 'former';
  const writers = writersOf(folder, { directory, addresses, lastOnline }, log, ports);
  return {
    ...{ profile, identity, keeper, savedOffice, isFormer, directory, addresses, starts, store, lastOnline },
    ...{ writers, damaged },
  };
}

function writersOf(
  folder: string,
  { directory, addresses, lastOnline }: Pick<ProfileFolder, 'directory' | 'addresses' | 'lastOnline'>,
  log: (line: string) => void,
  ports: Ports,
): readonly LateWriter[] {
  const { schedule } = ports;
  const people = new LateWriter({
    save: () => saveDirectory(join(folder, DIRECTORY_FILE), directory, ports),
    failed: ({ message }) => log(`The list of people could not be saved: ${message}`),
    schedule,
  });
  const places = new LateWriter({
    save: () => addresses.save(),
    failed: ({ message }) => log(`The addresses of colleagues could not be saved: ${message}`),
    schedule,
  });
  const times = new LateWriter({
    save: () => lastOnline.save(),
    failed: ({ message }) => log(`Who was online when could not be saved: ${message}`),
    schedule,
  });
  directory.events.on('changed', () => people.changed());
  addresses.events.on('changed', () => places.changed());
  lastOnline.events.on('changed', () => times.changed());
  return [people, places, times];
}

/**
 * A ledger that nothing can be read from, or an office that cannot be told, keeps nobody from starting: messages stay, and the
 * person can join again.
 */
async function openOffice(
  keeper: OfficeKeeper,
  saved: SavedOffice,
): Promise<{ readonly savedOffice?: Office; readonly officeTrouble?: CorridorError }> {
  if (saved.kind === 'damaged') return { officeTrouble: saved.trouble };
  if (saved.kind !== 'office') return {};
  try {
    return { savedOffice: await keeper.open(saved.id) };
  } catch (error) {
    if (error instanceof CorridorError && error.code === 'ledger-damaged') return { officeTrouble: error };
    throw error;
  }
}

/** Writes what has not been written yet, and waits until all is. */
export async function closeProfileFolder({ profile, writers, starts, store }: ProfileFolder): Promise<void> {
  for (const writer of writers) await writer.close();
  await starts.close();
  await store.close();
  await profile.close();
}
