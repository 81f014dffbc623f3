import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import { foundOffice, IDENTITY_FILE, saveOffice } from '../identity/index.ts';
import { nodePorts, type Ports } from '../model/index.ts';
import { closeProfileFolder, openProfileFolder, type ProfileFolder } from './profile-folder.ts';

const FOLDER = '/home/dana/profile';
const SHARD = join(FOLDER, 'store/index/000001.json');

function portsOn(disk: SimulatedDisk): Ports {
  const { clock, schedule } = new VirtualTime();
  return { clock, schedule, random: nodePorts.random, disk };
}

async function open(disk: SimulatedDisk): Promise<ProfileFolder> {
  return openProfileFolder(FOLDER, () => undefined, portsOn(disk));
}

async function close(folder: ProfileFolder): Promise<void> {
  await folder.savedOffice?.ledger.close();
  await closeProfileFolder(folder);
}

/** A profile with every file that a node keeps: Dana founded an office, made an invitation, and talked to nobody. */
async function usedProfile(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  const folder = await open(disk);
  const { ledger } = foundOffice(folder.identity, { name: 'Nord', admit: 'members' }, Buffer.alloc(16, 7));
  const office = await folder.keeper.begin(ledger);
  await office.invitations.make({});
  await office.ledger.close();
  await saveOffice(FOLDER, ledger.office, () => undefined, portsOn(disk));
  await folder.profile.change({ name: 'Dana' });
  folder.addresses.give('colleague.local');
  await folder.starts.next();
  await close(folder);
  const shard = await disk.open(SHARD, 'w');
  const empty = Buffer.from('{"version":1,"messages":[],"deleted":[]}');
  await shard.write(empty, 0, empty.length, 0);
  await shard.close();
  return disk;
}

async function filesIn(disk: SimulatedDisk, folder = FOLDER): Promise<string[]> {
  const names = await disk.list(folder);
  const below = await Promise.all(
    names.map((name) => filesIn(disk, join(folder, name)).catch(() => [join(folder, name)])),
  );
  return below.flat().sort();
}

const DAMAGES: Readonly<Record<string, (content: Buffer) => Buffer>> = {
  'is empty': () => Buffer.alloc(0),
  'is full of zeros': (content) => Buffer.alloc(Math.max(content.length, 400)),
  'is cut off': (content) => content.subarray(0, Math.floor(content.length / 2)),
  'holds other JSON': () => Buffer.from('{}\n'),
  'holds no object': () => Buffer.from('null\n'),
  'is nested without end': () => Buffer.from('['.repeat(100_000)),
};

describe('a profile folder opens, and its person can go on, where', async () => {
  const files = await filesIn(await usedProfile());
  const kinds = files.map((path) => path.slice(FOLDER.length + 1).replace(/-[\w-]{22}\./, '-ID.'));

  it('(all files of a profile are tried)', () => {
    assert.deepEqual(kinds, [
      ...['addresses.json', 'directory.json', 'identity.json', 'invitations-ID.json', 'ledger-ID.jsonl'],
      ...['office.json', 'settings.json', 'starts.json', 'store/id.json', 'store/index/000001.json'],
    ]);
  });

  for (const [index, kind] of kinds.entries()) {
    // With the key would go the person's number and every message not yet heard: it is never replaced.
    if (kind === IDENTITY_FILE) continue;
    for (const [how, damage] of Object.entries(DAMAGES)) {
      it(`${kind} ${how}`, async () => {
        const disk = await usedProfile();
        const path = (await filesIn(disk))[index]!;
        disk.spoil(path, damage);
        for (const start of ['the first start', 'the next start']) {
          const folder = await open(disk).catch((cause: Error) => {
            throw new Error(`${start} fails`, { cause });
          });
          if (kind !== 'settings.json') assert.equal(folder.profile.settings.name, 'Dana');
          await close(folder);
        }
      });
    }
  }

  it('office.json is damaged: it is set aside, and each start says so until there is an office again', async () => {
    const disk = await usedProfile();
    const path = join(FOLDER, 'office.json');
    disk.spoil(path, () => Buffer.from('{"version":2}'));
    for (const start of [1, 2]) {
      const folder = await open(disk);
      assert.equal(folder.savedOffice, undefined);
      assert.deepEqual(
        folder.damaged.map(({ code, message }) => [code, message.includes(`${path}.damaged`)]),
        [['office-damaged', true]],
        `start ${start}`,
      );
      assert.equal(await disk.readText(`${path}.damaged`), '{"version":2}');
      await close(folder);
    }
    const folder = await open(disk);
    const { ledger } = foundOffice(folder.identity, { name: 'Sued', admit: 'members' }, Buffer.alloc(16, 8));
    await (await folder.keeper.begin(ledger)).ledger.close();
    await saveOffice(FOLDER, ledger.office, () => undefined, portsOn(disk));
    await close(folder);
    const after = await open(disk);
    assert.deepEqual([after.damaged, after.savedOffice?.ledger.id], [[], ledger.office]);
    await close(after);
  });
});
